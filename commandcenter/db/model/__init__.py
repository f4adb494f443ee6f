"""The tables of schema cc as SQLAlchemy knows them; the migrations make them, a test holds both equal.

Checks, triggers, functions, policies and grants are in the .sql files alone.
"""

from commandcenter.db.model import (
    calls,
    cases,
    gateway,
    importing,
    intake,
    journal,
    keeping,
    learning,
    merging,
    places,
    reference,
    repeats,
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
    "importing",
    "intake",
    "journal",
    "keeping",
    "learning",
    "merging",
    "metadata",
    "places",
    "reference",
    "repeats",
    "reports",
    "rules",
    "slips",
    "whistles",
]
