"""Pure values and rules: no database, no clock of their own, no Qt."""
