"""Alarms: what is due now, its list and its sound."""
