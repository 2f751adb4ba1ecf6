"""The rules, as functions of values: plain Python that never reads a clock, a network or a database."""
