"""The parts of 归并, and of merging on other pages."""
