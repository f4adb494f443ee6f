"""People who do not exist: the demo centre, its traffic, and whole months of it."""
