"""API keys: made here, shown once, kept only as their SHA-256 (256 random bits need no slow hash)."""

import hashlib
import secrets
from collections.abc import Iterable
from typing import NamedTuple

MARK = "yq_"
PREFIX_LENGTH = len(MARK) + 6
SCOPES = ("read", "write", "admin")
EARLIER = {"operator": "admin"}
"""What a scope was called before: keys that stand so stay good, and whoever asks for it so gets it."""


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


def in_force(scopes: Iterable[str]) -> tuple[str, ...]:
    """`scopes` by their names of today, each once, in the order of SCOPES; ValueError names one that is none."""
    meant = {EARLIER.get(scope, scope) for scope in scopes}
    if unknown := sorted(meant - set(SCOPES)):
        raise ValueError(f"no scope is called {unknown[0]!r}; known are {', '.join(SCOPES)}")
    return tuple(scope for scope in SCOPES if scope in meant)
