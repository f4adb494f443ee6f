"""Use cases: one named verb each, keyword-only, one transaction, returning what changed."""
