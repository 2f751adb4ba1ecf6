"""Examples from the law's own texts and properties that hold for any figures."""
