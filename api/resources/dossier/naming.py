"""Which firms the given names mean: by id, by any name, by stock code, pinyin or initials; the others are told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from api.naming import search
from api.naming import store as names
from api.naming.ranking import Typed
from api.resources.dossier import store
from api.resources.dossier.schemas import Meaning
from core.names import fold

MOST_NEAR = 50  # unknown names for which near ones are looked up
MOST_TOLD = 3  # suggestions for each


@dataclass
class Asked:
    """A name as it was given, how it is meant, and the firm; where it is none, what may have been meant."""

    text: str
    how: Meaning = "unknown"
    firm_id: UUID | None = None
    suggestions: list[Any] = field(default_factory=list)


def meant(session: Session, texts: Iterable[str]) -> list[Asked]:
    """What each name means, in the order given; one that was given twice is there once."""
    asked = [Asked(text) for text in dict.fromkeys(text.strip() for text in texts)]
    _by_id(session, asked)
    _by_name(session, asked)
    _by_spelling(session, [one for one in asked if one.firm_id is None])
    for one in [one for one in asked if one.how == "unknown"][:MOST_NEAR]:
        one.suggestions = [fit.row for fit in search.find(session, ["firm"], one.text, MOST_TOLD)]
    return asked


def _by_id(session: Session, asked: Sequence[Asked]) -> None:
    given = {one.text: told for one in asked if (told := _id(one.text)) is not None}
    heads = store.heads(session, given.values()) if given else {}
    for one in asked:
        if head := heads.get(given.get(one.text)):  # type: ignore[arg-type] # None is no key
            one.how, one.firm_id = "id", head


def _by_name(session: Session, asked: Sequence[Asked]) -> None:
    named = store.named(session, {fold(one.text) for one in asked})
    for one in asked:
        if one.firm_id is None and (firm_id := named.get(fold(one.text))):
            one.how, one.firm_id = "name", firm_id


def _by_spelling(session: Session, asked: Sequence[Asked]) -> None:
    """A stock code, pinyin or initials stands for the one firm that it can mean."""
    typed = {one.text: Typed.of(one.text) for one in asked}
    spelt = names.meant(session, "firm", [told for told in typed.values() if told.key and (told.code or told.latin)])
    owners = store.named(session, {fold(name) for found in spelt.values() for name in found})
    for one in asked:
        found = sorted(spelt.get(typed[one.text].key, ()))
        ids = dict.fromkeys(owners[fold(name)] for name in found if fold(name) in owners)
        if len(ids) == 1:
            one.how, one.firm_id = "code" if typed[one.text].code else "spelt", next(iter(ids))
        elif ids:
            one.how, one.suggestions = "several", store.parties(session, list(ids)[:MOST_TOLD])


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
