"""The same jobs, carried by each engine."""
