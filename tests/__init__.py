"""Tests of what belongs to no folder."""
