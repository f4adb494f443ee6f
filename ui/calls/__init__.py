"""The parts of 回访."""
