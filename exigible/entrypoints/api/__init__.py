"""The REST API: who may call, how it refuses; each feature's api.py says what it answers."""
