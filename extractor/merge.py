"""An article's events into the known ones: gather what may be the same -> group -> assign -> say what changed.

The whole runs in one transaction that holds an advisory lock on each bank the article tells of, so that two workers
with two tellings of one grant make one event. All tellings that may be of the same event are grouped anew each time
(extractor/cluster), so that no order of arrival changes the result; an event is what its group says together
(extractor/compare). Only a change of a contract field makes a new version; an event whose tellings all went to an
older one leads there, and one that lost its last evidence is retracted.

Models serve as plain records here, which belong to no session: what is to be kept is handed to the store.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog

from core import regions
from core.clock import day_in
from core.messages import log_after_commit
from core.models import Article, Bank, Event, Evidence, Firm
from core.periods import span
from core.register import FirmEntry
from core.sql import Asker, record
from core.views import CONTRACT, facts
from core.work import MATCH, announce_found
from extractor import asked, by_hand, by_hand_store, firms, model, referral_store, store
from extractor.by_hand import says
from extractor.cluster import cluster
from extractor.compare import combine
from extractor.indicators import store as figures
from extractor.kinship import legal_of, stem
from extractor.lexicon import Lexicon
from extractor.near import telling

log = structlog.get_logger(__name__)
NEAR = timedelta(days=1000)  # tellings further apart are never compared (above compare.RETOLD_APART)
_CENT = Decimal("0.01")  # as the column keeps it
MOST = 400  # tellings compared with a new one, the nearest in time: what keeps a much-told pair affordable


def merge(session: Asker, article: Article, extraction: model.Extraction, early: asked.Early, lexicon: Lexicon) -> None:
    """Bring what `article` tells into the history, and give notice of what is new unless the article is quiet.

    In a transaction for queries alone (core.database.pipelined), so that what needs no answer is not waited for.
    """
    fresh: dict[str, list[Evidence]] = defaultdict(list)
    for position, told in enumerate(extraction.events):
        fresh[told.bank].append(_evidence(article, position, told, lexicon))
    locks = _locks(extraction)
    known = asked.begin(session, article, fresh, extraction, locks, early, within=NEAR, most=MOST)
    figures.add(session, article, extraction.indicators, known.banks)  # the database's work while we group
    history = History(session, article, known)
    for bank, rows in fresh.items():
        history.regroup(known.banks[bank], rows, known.tellings[bank])
    history.settle()
    history.refer(extraction.referrals)
    announce_found(session, MATCH, store.add_mentions(session, article, extraction))


def _locks(extraction: model.Extraction) -> set[str]:
    """What two workers with the same to learn wait for: the banks told of and, where firms are named, their names."""
    banks = {event.bank for event in extraction.events} | {one.bank for one in extraction.referrals}
    banks |= {one.bank for one in extraction.indicators if one.bank}
    named = bool(extraction.referrals) or any(told.firm for told in extraction.events)
    return {f"bank {bank}" for bank in banks} | ({firms.LEARNING} if named else set())


class History:
    """What one article, or the operator's hand (extractor/rejoin.py), changes in the history."""

    def __init__(self, session: Asker, article: Article, known: asked.Known) -> None:
        self._session, self._article, self._known = session, article, known
        self._firms = firms.Firms(session, known.ids, known.firms)
        self._promised = known.notice  # for the first of which there is notice
        self._made: dict[UUID, Event] = {}
        self._touched = set(known.told_before)  # events whose tellings changed
        self._taken: set[UUID] = set()  # events that have found their group
        self._heirs: dict[UUID, UUID] = {}  # which event was given the tellings that another had
        self._further: set[UUID] = set()  # known events that this article tells for its first time
        self._hands: dict[UUID, by_hand.Hand] = {}  # what the operator found

    def regroup(self, bank: Bank, fresh: Sequence[Evidence], near: Sequence[Evidence]) -> None:
        """Group a bank's new tellings with all known ones that may be of the same events (extractor/near.py)."""
        self._hands |= by_hand_store.by_hand(self._session, {row.event_id for row in (*near, *fresh) if row.event_id})
        rows = {telling(row): row for row in (*near, *fresh)}
        groups = [[rows[told] for told in group] for group in cluster(list(rows))]
        # the group with an event's oldest telling keeps it, so the groups choose in the order of their oldest tellings
        groups.sort(key=lambda group: min((str(row.id) for row in group if row.id), default="~"))
        for group in groups:
            owners = {row.event_id for row in group}
            if len(owners) == 1 and None not in owners and not owners & self._taken:
                self._taken |= owners  # as it was
            else:
                self._assign(bank, group)

    def _assign(self, bank: Bank, group: Sequence[Evidence]) -> None:
        """Give a group's tellings to its oldest event, or to a new one."""
        rows = [row for row in group if row.event_id not in self._hands]  # evidence looked at stays where it is
        if not rows:
            return
        before = {row.event_id for row in rows if row.event_id}
        firm = self._firms.resolve([row.facts for row in group], [name for row in group for name in row.names])
        standing = {row.event_id for row in group if row.event_id in self._hands} - self._taken
        free = by_hand.choice(before - self._taken, standing, self._hands) or self._left_bare(rows[0])
        if free:
            event_id = free[0]
            self._give(event_id, firm, rows)
        else:
            event_id = self._add(bank, firm, rows)
        self._taken.add(event_id)
        self._touched |= before
        self._heirs |= dict.fromkeys(before - self._taken, event_id)
        store.assign(self._session, rows, event_id)

    def _give(self, event_id: UUID, firm: Firm | None, rows: Sequence[Evidence]) -> None:
        """A known event is about the tellings' firm, unless the operator said about which, and is told further."""
        if event_id not in self._hands or "firm" not in self._hands[event_id].fields:
            store.set_firm(self._session, event_id, firm)
        self._touched.add(event_id)
        if any(row.id is None for row in rows) and event_id not in self._known.told_before:
            self._further.add(event_id)

    def _add(self, bank: Bank, firm: Firm | None, group: Sequence[Evidence]) -> UUID:
        firm_id = firm.id if firm else None
        event = record(Event, id=next(self._known.ids), bank_id=bank.id, firm_id=firm_id, version=1, state="live")
        event.bank, event.firm = bank, firm
        _say(event, [row.facts for row in group])
        store.add_event(self._session, event)
        self._made[event.id] = event
        return event.id

    def _left_bare(self, row: Evidence) -> list[UUID]:
        """Events that lost their evidence to this extraction and said what `row` says."""
        lost = self._known.told_before - self._taken
        return [
            event.id for event, _, told in store.events(self._session, lost) if not told and says(facts(event), row)
        ]

    def say_anew(self, event_ids: Iterable[UUID]) -> None:
        """Let events say what their tellings and their firm's row, which changed, say now."""
        self._touched |= set(event_ids)

    def settle(self) -> None:
        """Make the events what their evidence says, record versions where the contract changed, give notice of them."""
        for event in self._made.values():
            event.firm = self._firms.standing_for(event.firm)
            told = {"event_id": str(event.id), "article_id": str(self._article.id)}
            log_after_commit(self._session, log, "event.found", **told)
            self._tell("event.created", event, facts(event), None)
        for event, before, tellings in store.events(self._session, self._touched):
            if tellings:
                self._change(event, before, tellings)
            elif event.state == "live" and event.verdict is None:
                self._let_go(event, before)

    def refer(self, referrals: Sequence[model.Referral]) -> None:
        """Keep who recommended whom; both are firms that the article proves."""
        pairs = [((one.from_firm, *one.from_aliases), (one.to_firm, *one.to_aliases)) for one in referrals]
        known = [tuple(self._firms.resolve([], names) for names in pair) for pair in pairs]
        for position, (told, pair) in enumerate(zip(referrals, known, strict=True)):
            who, whom = map(self._firms.standing_for, pair)
            assert who is not None and whom is not None  # both have names
            ids = {"from_firm_id": who.id, "to_firm_id": whom.id, "bank_id": self._known.banks[told.bank].id}
            referral_store.refer(self._session, self._article, position, told, **ids)

    def _change(self, event: Event, before: dict[str, Any], tellings: Sequence[dict[str, Any]]) -> None:
        if event.verdict == "rejected":
            return
        _say(event, tellings)
        after = facts(event)
        if changed := {name: before[name] for name in CONTRACT if before[name] != after[name]}:
            event.version += 1
            self._tell("event.updated", event, after, changed)
        elif event.id in self._further and not self._article.quiet:
            announce_found(self._session, MATCH, store.add_evidence_notice(self._session, self._article, event))
        store.save_event(self._session, event)

    def _let_go(self, event: Event, before: dict[str, Any]) -> None:
        """An event without evidence leads to the one that has its tellings now, or is retracted."""
        event.merged_into = self._heirs.get(event.id)
        if event.merged_into:
            event.state = "merged"
        else:
            event.state = "retracted"
            event.version += 1
            self._tell("event.retracted", event, before, None)
        store.save_event(self._session, event)

    def _tell(self, type_: str, event: Event, after: dict[str, Any], previous: dict[str, Any] | None) -> None:
        """Record a version, and give notice of it: of a quiet article only that what was told no longer stands."""
        aloud = not self._article.quiet or type_ == "event.retracted"
        told = self._article if aloud else None
        promised, self._promised = (self._promised, None) if aloud else (None, self._promised)
        notice = store.add_version(self._session, event, type_, after, previous, tell=told, notice=promised)
        announce_found(self._session, MATCH, notice)


def _evidence(article: Article, position: int, told: model.Event, lexicon: Lexicon) -> Evidence:
    """The article's telling as a row that belongs to no event yet."""
    names = [name for name in (told.firm, *told.firm_aliases) if name]
    names += [name for name in _registered(names, lexicon) if name not in names]
    stems = {stem(name) for name in names} or {f"?{told.firm_description}"}
    return record(
        Evidence,
        article_id=article.id,
        position=position,
        start=told.start,
        end=told.end,
        quote=told.evidence,
        spans=[list(span) for span in told.spans],
        facts=_facts(article, told),
        names=names,
        keys=sorted(f"{told.bank}|{part}" for part in stems),
        confidence=told.confidence,
    )


def _registered(names: Sequence[str], lexicon: Lexicon) -> tuple[str, ...]:
    """What the register calls the firm: by it tellings know one another whose names are not alike."""
    entries = (lexicon.entry(name) for name in names)
    entry = next((entry for entry in entries if isinstance(entry, FirmEntry)), None)
    return (entry.name, *legal_of(entry.aliases)) if entry else ()


def _facts(article: Article, told: model.Event) -> dict[str, Any]:
    """What one article tells (extractor/compare says how it is read)."""
    return {
        "bank": told.bank,
        "branch": told.branch,
        "firm": told.firm,
        "firm_description": told.firm_description,
        "tech": told.tech,
        "instrument": told.instrument,
        "instrument_text": told.instrument_text,
        "amount": told.amount.as_dict() if told.amount else None,
        "shared_amount": told.shared_amount,
        "date": told.date,
        "term_months": told.term_months,
        "status": told.status,
        "sector": told.sector,
        "confidence": told.confidence,
        "published": day_in(article.published or article.fetched_at).isoformat(),
    }


def _say(event: Event, tellings: Sequence[dict[str, Any]]) -> None:
    """Set the event's columns to what its tellings say together."""
    held = event.held or {}  # by the operator's hand
    told = {**combine(tellings), **held}
    amount, days = told["amount"] or {}, span(told["date"]) or (None, None)
    event.amount_min, event.amount_max = _exactly(amount.get("min")), _exactly(amount.get("max"))
    event.currency, event.qualifier = amount.get("currency"), amount.get("qualifier")
    event.date_from, event.date_to = days
    for name in ("branch", "firm_description", "tech", "instrument", "instrument_text", "shared_amount"):
        setattr(event, name, told[name])
    for name in ("date", "term_months", "status", "sector", "confidence"):
        setattr(event, name, told[name])
    event.regions = _home(event, [row["firm"] for row in tellings if row["firm"] and "firm" not in held])
    _heed_the_operator(event)


def _heed_the_operator(event: Event) -> None:
    """What the operator says of the firm goes before what articles say, and what is said of the event before both."""
    firm = event.firm
    said = set(firm.edited or () if firm else ()) - set(event.held or ())
    if firm and "tech" in said and firm.tech is not None:
        event.tech = firm.tech
    if firm and "sector" in said:
        event.sector = firm.sector


def _home(event: Event, names: Sequence[str]) -> list[str]:
    """Where the event is at home (core/regions.py)."""
    firm = event.firm
    return list(
        regions.of_event(
            firms=[firm.name, *names] if firm else [],
            firm_region=firm.region if firm else None,
            told=[event.branch, event.firm_description],
            bank=event.bank.region,
        )
    )


def _exactly(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(_CENT)
