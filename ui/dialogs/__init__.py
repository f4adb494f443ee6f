"""Windows opened with `open()`, never `exec()`: nothing is modal while a clock runs."""
