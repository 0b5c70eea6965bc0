"""Ids for outsiders. Inside, rows are named by integer primary keys."""

import hashlib
import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no look-alikes


def new_id(prefix: str) -> str:
    """An id for strangers: 100 random bits, and it says what it names (`conv_…`)."""
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(20))}"


def new_token() -> str:
    """A secret that opens something: 256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Under which a secret is kept, as 64 hex digits; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_appid() -> str:
    """How programs name an official account: `wx` and 16 hex digits."""
    return f"wx{secrets.token_hex(8)}"


def new_original_id() -> str:
    """The older name of an official account, in pushes to it: `gh_` and 12 hex digits."""
    return f"gh_{secrets.token_hex(6)}"
