"""The five-colour queue."""
