"""Ids for outsiders. Inside, rows are named by integer primary keys."""

import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no look-alikes


def new_id(prefix: str) -> str:
    """An id for strangers: 100 random bits, and it says what it names (`conv_…`)."""
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(20))}"


def new_token() -> str:
    """A secret that opens something: 256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)
