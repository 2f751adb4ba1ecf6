"""Tests of the policies and of the law as a creditor applies it."""
