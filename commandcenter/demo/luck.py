"""Chance without a source to carry along: the same question gets the same answer, in every process and at every time."""

from hashlib import blake2b
from uuid import UUID


def luck(*about: object) -> float:
    """A share from 0 up to, not including, 1, drawn by what it is about."""
    return int.from_bytes(blake2b(_words(about), digest_size=6).digest(), "big") / (1 << 48)


def between(low: float, high: float, *about: object) -> float:
    """Somewhere between two numbers, drawn by what it is about."""
    return low + (high - low) * luck(*about)


def key_of(*about: object) -> UUID:
    """The idempotency key of a deed: who looks at the same thing again and does the same again does it once."""
    return UUID(bytes=blake2b(_words(about), digest_size=16).digest(), version=4)


def _words(about: tuple[object, ...]) -> bytes:
    return "\x1f".join(map(str, about)).encode()
