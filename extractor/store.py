"""All SQL of the history; the lexicon's is in `registers`."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.ahead import Ahead
from core.models import Article, Bank, Event, Evidence, Firm, FirmAlias
from core.names import fold
from core.sql import Asker, record
from extractor import model, passed_on, statements
from extractor.kinship import stem


def fill_stems(session: Session) -> int:
    """Give a stem to names that came without one (the seeds know nothing of kinship); how many."""
    rows = list(session.scalars(select(FirmAlias.key).where(FirmAlias.stem.is_(None))))
    if rows:
        session.execute(update(FirmAlias), [{"key": key, "stem": stem(key)} for key in rows])
    return len(rows)


_OF_FIRMS = ("id", "name", "region", "origin", "tech", "sector", "edited_at", "edited", "refused")


class AskedFirms:
    """The firms that one of these names belongs to, and those with a name of the same stem: asked for, read later."""

    def __init__(self, session: Asker, names: Collection[str]) -> None:
        self.names = set(names)
        told = {"keys": list({fold(name) for name in names}), "stems": list({stem(name) for name in names})}
        self._rows = statements.FIRMS_LIKE(session, **told)

    def read(self) -> list[Any]:
        """A row of each with its `aliases`, whether it is `named` so and whether it is `kin`, oldest first."""
        return self._rows.fetchall()


def firm_of(row: Any) -> Firm:
    """The firm that such a row tells of."""
    firm = record(Firm, **{name: getattr(row, name) for name in _OF_FIRMS})
    firm.aliases = [record(FirmAlias, key=fold(alias), alias=alias) for alias in row.aliases]
    return firm


def learn_bank(session: Asker, name: str, bank_id: UUID) -> Bank:
    """A bank that no register knows."""
    statements.LEARN_BANK(session, id=bank_id, name=name, key=fold(name))
    return record(Bank, id=bank_id, name=name, region=None)


def learn_firm(session: Asker, firm_id: UUID, name: str, names: Iterable[str], **columns: Any) -> Firm:
    """A firm that an article proves, with those of its `names` that no other has; `columns`: tech, sector, region."""
    new = {fold(one): one for one in names if fold(one)}
    statements.LEARN_FIRM(session, firm_id=firm_id, name=name, **columns, **_named(new))
    return record(Firm, id=firm_id, name=name, region=columns["region"], origin="learnt", aliases=[])


def rename(session: Asker, firm: Firm, name: str) -> None:
    """The firm has a fuller name."""
    statements.RENAME_FIRM(session, firm=firm.id, called=name)
    firm.name = name


def add_aliases(session: Asker, firm: Firm, names: Iterable[str]) -> None:
    """Names of the firm that no other firm has."""
    new = {fold(name): name for name in names if fold(name)}
    for known in firm.aliases:
        new.pop(known.key, None)
    if new:
        statements.ADD_ALIASES(session, firm_id=firm.id, **_named(new))


def _named(names: dict[str, str]) -> dict[str, list[str]]:
    """Names by their folded form as the statements take them."""
    return {"keys": list(names), "aliases": list(names.values()), "stems": [stem(name) for name in names.values()]}


def join_firms(session: Asker, kept: Firm, gone: Firm) -> None:
    """`gone` was found to be `kept`: what is its own passes over, its row leads there."""
    for move in (*passed_on.JOIN_FIRMS, passed_on.LEAD_FIRM):
        move(session, kept=kept.id, gone=gone.id)


def add_event(session: Asker, event: Event) -> None:
    """Keep a new event."""
    statements.ADD_EVENT(session, **_said(event), id=event.id, bank_id=event.bank_id)


def save_event(session: Asker, event: Event) -> None:
    """Keep what a known event says now."""
    statements.SAVE_EVENT(session, **_said(event), event=event.id)


def _said(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in statements.SAID}


def events(session: Asker, event_ids: Iterable[UUID]) -> list[tuple[Event, Any, list[dict[str, Any]]]]:
    """Events as their rows say now, oldest first, each with what its last version said and what its tellings say."""
    wanted = list(event_ids)
    if not wanted:
        return []
    found = statements.EVENTS.mappings(session, events=wanted)
    told: dict[UUID, list[dict[str, Any]]] = {event_id: [] for event_id in wanted}
    for row in statements.FACTS_OF(session, events=wanted):
        told[row.event_id].append(row.facts)
    return [(*_event(row), told[row["id"]]) for row in found]


def _event(row: dict[str, Any]) -> tuple[Event, Any]:
    bank, firm, before = (row.pop(name) for name in ("bank", "firm", "before"))
    bank_region = row.pop("bank_region")
    of_firm = {name: row.pop(f"firm_{name}") for name in ("region", "edited", "tech", "sector")}
    event = record(Event, **row)
    event.bank = record(Bank, id=event.bank_id, name=bank, region=bank_region)
    event.firm = record(Firm, id=event.firm_id, name=firm, **of_firm) if firm else None
    return event, before


def set_firm(session: Asker, event_id: UUID, firm: Firm | None) -> None:
    """The event is about this firm."""
    statements.SET_FIRM(session, event=event_id, firm_id=firm.id if firm else None)


def assign(session: Asker, rows: Iterable[Evidence], event_id: UUID) -> None:
    """Give tellings, known and new ones, to an event."""
    moved = []
    for row in rows:
        known, row.event_id = row.event_id, event_id
        if row.id is None:
            statements.ADD_EVIDENCE(session, **{name: getattr(row, name) for name in statements.TOLD})
        elif known != event_id:
            moved.append(row.id)
    if moved:
        statements.MOVE_EVIDENCE(session, ids=moved, to=event_id)


def add_version(
    session: Asker,
    event: Event,
    kind: str,
    facts: dict[str, Any],
    previous: dict[str, Any] | None,
    *,
    tell: Article | None,
    notice: Ahead | None = None,
) -> Iterable[Any]:
    """Record a version of an event; `tell` is the article to give notice of it by, if any (see `add_notice`), by the
    `notice` that is promised where there is one."""
    version = {"event_id": event.id, "version": event.version, "kind": kind, "facts": facts, "previous": previous}
    if tell is None:
        statements.ADD_VERSION(session, **version)
        return ()
    return statements.TELL_VERSION(session, **version, article_id=tell.id, notice=notice.id if notice else None)


def add_notice(session: Asker, kind: str, article: Article) -> Iterable[Any]:
    """A notice for alerts of an article, to be announced: a row with its id, none where it stands already."""
    return statements.ADD_NOTICE(session, kind=kind, article_id=article.id, event_id=None, version=None, notice=None)


def add_evidence_notice(session: Asker, article: Article, event: Event) -> Iterable[Any]:
    """The same for the notice that an article tells an event as it is known, if anybody wants to be told of that."""
    return statements.ADD_EVIDENCE_NOTICE(session, article_id=article.id, event_id=event.id)


def add_mentions(session: Asker, article: Article, extraction: model.Extraction) -> Iterable[Any]:
    """Keep an article's mentions, one for each bank and firm at its first place: names that a register resolves, and
    watched ones, which only their watchers are shown. Of a word those places that `word_places` tells.

    Answers a notice of them, to be announced, unless the article is quiet, if anybody wants to be told of mentions.
    """
    first: dict[tuple[Any, ...], model.Mention] = {}
    for mention in extraction.mentions:
        if mention.kind != "word":
            first.setdefault((mention.kind, mention.name, mention.watched), mention)
    kept = [*first.values(), *word_places(extraction)]
    if not kept:
        return ()
    told = {name: [getattr(mention, name) for mention in kept] for name in statements.PLACE}
    keys = [fold(mention.name) for mention in kept]
    if not article.quiet:
        return statements.TELL_MENTIONS(session, article_id=article.id, key=keys, **told)
    statements.ADD_MENTIONS(session, article_id=article.id, key=keys, **told)
    return ()


def word_places(extraction: model.Extraction) -> Iterator[model.Mention]:
    """A word's first place in the title, in the text, and in the evidence of each event: all that anybody asks for."""
    spans = [(event.start, event.end) for event in extraction.events]
    seen: set[tuple[Any, ...]] = set()
    for mention in extraction.mentions:
        if mention.kind == "word":
            inside = [span for span in spans if span[0] <= mention.start and mention.end <= span[1]]
            places = {(mention.name, mention.where, span) for span in (None, *inside * (mention.where == "text"))}
            if not places <= seen:
                seen |= places
                yield mention


def record_extraction(session: Asker, article: Article, **columns: Any) -> None:
    """That the article was extracted, and by what; a later extraction replaces the record."""
    statements.RECORD(session, article_id=article.id, **columns)
