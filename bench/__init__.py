"""Synthetic books for measuring speed; nothing here is part of the product."""
