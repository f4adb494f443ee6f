"""The parts of a case: beside the queue, and on its page."""
