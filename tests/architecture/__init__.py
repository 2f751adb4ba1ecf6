"""The law of the house, read from the code itself."""
