"""The command centre's core: rules, services, database, live mirror. No Qt anywhere in here."""
