"""SCRAM-SHA-256 verifiers (RFC 5802, RFC 7677) as Postgres stores them, so that no password travels or is logged."""

import hashlib
import hmac
import stringprep
import unicodedata
from base64 import b64encode

ITERATIONS = 4096
SALT_BYTES = 16

_PROHIBITED = (
    stringprep.in_table_a1,  # unassigned
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


def saslprep(password: str) -> str:
    """Prepare a password as Postgres and its clients do (RFC 4013).

    What RFC 4013 forbids is not refused but taken as it is: that is what the server does too.
    """
    if password.isascii():
        return password
    mapped = "".join(
        " " if stringprep.in_table_c12(char) else char for char in password if not stringprep.in_table_b1(char)
    )
    prepared = unicodedata.normalize("NFKC", mapped)
    if not prepared or any(prohibited(char) for char in prepared for prohibited in _PROHIBITED):
        return password
    if any(map(stringprep.in_table_d1, prepared)):  # right-to-left: must be so from end to end
        ends = stringprep.in_table_d1(prepared[0]) and stringprep.in_table_d1(prepared[-1])
        if not ends or any(map(stringprep.in_table_d2, prepared)):
            return password
    return prepared


def verifier(password: str, salt: bytes, iterations: int = ITERATIONS) -> str:
    """Make what ``create role … password`` takes in place of a password.

    `salt`: SALT_BYTES random bytes, new for every password. Raises ValueError on an empty password or salt.
    """
    if not password or not salt:
        raise ValueError("a verifier needs a password and a salt")
    salted = hashlib.pbkdf2_hmac("sha256", saslprep(password).encode(), salt, iterations)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    stored_key = hashlib.sha256(client_key).digest()
    return f"SCRAM-SHA-256${iterations}:{_text(salt)}${_text(stored_key)}:{_text(server_key)}"


def _text(raw: bytes) -> str:
    return b64encode(raw).decode("ascii")
