"""The live, columnar mirror of open cases and what is derived from it."""
