"""What an article's tellings meet in the history: asked before and after it is read, and held until it is merged."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from core.ahead import Ahead
from core.models import Article, Bank, Evidence
from core.names import fold
from core.sql import Asker, hurry, record
from extractor import by_hand, by_hand_store, model, statements, store
from extractor.near import Near


@dataclass(slots=True)
class Known:
    """What an article's tellings meet: the banks they name, known tellings that may be of the same events by bank,
    the events that the article told when it was extracted before, ids for new rows, that of the first notice, and firms
    asked for beforehand."""

    banks: dict[str, Bank]
    tellings: dict[str, list[Evidence]]
    told_before: frozenset[UUID]
    ids: Iterator[UUID]
    notice: Ahead | None = None
    firms: store.AskedFirms | None = None


class Early:
    """What can be asked before an article is read, so that the answers are there when it was."""

    def __init__(self, session: Asker, article: Article) -> None:
        asked = statements.EARLY(session, article_id=article.id, count=8)  # ids enough for most
        self.notice = Ahead(session, asked)
        self.ids = self._ids(session)
        hurry(session)

    def was_extracted(self) -> bool:
        """Whether the article was extracted before and told something; its row is held, so that this stays true."""
        return bool(self.notice.told.before)

    def _ids(self, session: Asker) -> Iterator[UUID]:
        """New ids, growing with time: as many are asked for whenever they run out."""
        stock = self.notice.told.ids
        while True:
            yield from stock
            stock = [row.id for row in statements.IDS(session, count=8)]


def begin(
    session: Asker,
    article: Article,
    fresh: dict[str, list[Evidence]],
    extraction: model.Extraction,
    locks: Collection[str],
    early: Early,
    *,
    within: timedelta,
    most: int,
) -> Known:
    """Hold the locks until the transaction ends, forget what the article told before, and read what is known.

    `fresh` are the article's tellings by bank; those that it keeps (extractor/by_hand.py) are taken out. Known tellings
    are the `most` nearest in time `within` that span.
    """
    taken: Iterable[Any] = ()
    if early.was_extracted():
        statements.LOCK(session, names=list(locks), article_id=article.id)
        taken = statements.TAKE_BACK(session, article_id=article.id, referrals=len(extraction.referrals))
        by_hand.leave(fresh, by_hand_store.kept(session, article.id))
    elif locks := list(locks):
        statements.LOCK_GIVEN(session, names=sorted(locks, key=str.encode))
    counted = sorted({one.bank for one in extraction.indicators if one.bank})
    wanted = dict.fromkeys((*fresh, *(told.bank for told in extraction.referrals), *counted))
    if not wanted:
        return Known({}, {}, frozenset(row.event_id for row in taken), iter(()))
    banks = statements.BANKS(session, keys=[fold(name) for name in wanted])
    near = {name: Near(session, rows, within, most) for name, rows in fresh.items()}
    first = next((row.names for rows in fresh.values() for row in rows), None)  # most tell of one alone
    firms = store.AskedFirms(session, first) if first is not None else None
    told_before = frozenset(row.event_id for row in taken)
    found = {row.key: record(Bank, id=row.id, name=row.name, region=row.region) for row in banks.fetchall()}
    named = {name: found.get(fold(name)) or store.learn_bank(session, name, next(early.ids)) for name in wanted}
    for name in (name for name in fresh if named[name].name != name):  # merged or renamed since the lexicon was read
        near[name] = _called_anew(session, fresh[name], named[name].name, within, most)
    return Known(
        named, {name: asked.rows(session) for name, asked in near.items()}, told_before, early.ids, early.notice, firms
    )


def _called_anew(session: Asker, rows: list[Evidence], bank: str, within: timedelta, most: int) -> Near:
    """Let tellings name a bank as it is called now, and ask for those that they may share an event with."""
    statements.LOCK_GIVEN(session, names=[f"bank {bank}"])
    for row in rows:
        row.facts["bank"] = bank
        row.keys = sorted({*row.keys, *(f"{bank}|{key.partition('|')[2]}" for key in row.keys)})
    return Near(session, rows, within, most)
