"""Suggesting what a report is about, of which kind it is and how urgent, with reasons that a person understands."""
