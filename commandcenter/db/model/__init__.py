"""The tables of schema cc as SQLAlchemy knows them; the migrations make them, a test holds both equal.

Checks, triggers, functions, policies and grants are in the .sql files alone.
"""

from commandcenter.db.model import cases, intake, journal, reference, reports, rules
from commandcenter.db.model.base import metadata

__all__ = ["cases", "intake", "journal", "metadata", "reference", "reports", "rules"]
