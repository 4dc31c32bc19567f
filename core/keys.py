"""API keys: made here, shown once, kept only as their SHA-256 (256 random bits need no slow hash)."""

import hashlib
import secrets
from typing import NamedTuple

MARK = "yq_"
PREFIX_LENGTH = len(MARK) + 6
SCOPES = ("read", "write", "operator")


class NewKey(NamedTuple):
    """A fresh key: `plain` to show once, `prefix` to tell it apart by, `hash` (SHA-256, hex) to keep."""

    plain: str
    prefix: str
    hash: str


def new_key() -> NewKey:
    """A key of the form `yq_` and 43 characters of base64url."""
    plain = MARK + secrets.token_urlsafe(32)
    return NewKey(plain, plain[:PREFIX_LENGTH], hash_key(plain))


def hash_key(plain: str) -> str:
    """The SHA-256 (hex) under which `plain` is kept and found."""
    return hashlib.sha256(plain.encode()).hexdigest()
