"""The demonstration: an invented creditor, its customers and two years of its ledger."""
