"""Each invariant, held by a book that is in order and broken on purpose."""
