"""The parts of 受理."""
