"""The tables of schema cc as SQLAlchemy knows them; the migrations make them, a test holds both equal.

Checks, triggers, functions, policies and grants are in the .sql files alone.
"""

from commandcenter.db.model import (
    calls,
    cases,
    gateway,
    intake,
    journal,
    keeping,
    places,
    reference,
    reports,
    rules,
    slips,
    whistles,
)
from commandcenter.db.model.base import metadata

__all__ = [
    "calls",
    "cases",
    "gateway",
    "intake",
    "journal",
    "keeping",
    "metadata",
    "places",
    "reference",
    "reports",
    "rules",
    "slips",
    "whistles",
]
