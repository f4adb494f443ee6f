"""The pieces of the embedded Postgres: its programs, the account it runs as, its cluster, who uses it."""
