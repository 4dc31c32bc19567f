"""What a bank or firm may not be called, each with the reason."""

from typing import Any

from sqlalchemy.orm import Session

from api.errors import Invalid
from api.registers import store
from api.registers.kinds import FIRMS, Register
from core import data, regions
from core.names import GENERIC, fold
from extractor.data import word_set
from extractor.kinship import alike, parts, strangers


def check(session: Session, register: Register, row: Any, name: str, field: str) -> None:
    """Raise Invalid where a row may not be called `name`; it may keep a name that it has."""
    key = fold(name)
    if key in {alias.key for alias in row.aliases}:
        return
    if reason := _unfit(name, key) or _taken(session, register, row, key) or _ambiguous(session, register, row, name):
        raise Invalid.at(field, f"{name!r} {reason}")


def _unfit(name: str, key: str) -> str | None:
    """Why nothing may be called so."""
    if len(key) < 2:
        return "is too short: a name has two characters or more"
    if key in GENERIC or key in word_set("generic_brands", "generic_banks", "no_aliases") | set(
        data.words("legal_forms")
    ):
        return "is a generic word that stands for many"
    if regions.lookup(name) is not None:
        return "is generic: it is the name of a place"
    if not any(sign.isalpha() for sign in key):
        return "is generic: it has no letter and no character"
    return None


def _taken(session: Session, register: Register, row: Any, key: str) -> str | None:
    """Whose name it is: of another of the register, or of one of the other register."""
    for kind, owner_id, name in store.owners(session, key):
        if owner_id != row.id:
            hint = (
                "merge the two, or take it from that one first" if kind == register.kind else "take it from that first"
            )
            return f"is ambiguous: it is a name of the {kind} {name} ({owner_id}): {hint}"
    return None


def _ambiguous(session: Session, register: Register, row: Any, name: str) -> str | None:
    """A firm's short name must not be as good for another firm; a full legal name says itself whose it is."""
    if register is not FIRMS or parts(name).legal:
        return None
    for other_id, other, names in store.named_like(session, row.id, name):
        if any(alike(name, one) for one in names) and not strangers([name], names):
            return f"is ambiguous: it may mean the firm {other} ({other_id}) too"
    return None
