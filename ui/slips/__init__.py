"""The parts of 三单."""
