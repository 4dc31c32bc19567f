"""What follows in the history when the operator says that two firms, or two banks, are one, or what one of them is.

Names, events, tellings and mentions pass over; then the tellings that passed over are grouped anew with those that may
be of the same events (extractor/merge.py), so that what both were told to have is one event: the older id stays. All of
it is quiet: versions are recorded where a contract field changed, and nobody is told of what they know already.

It holds the locks under which articles are merged, so that none comes between.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar
from uuid import UUID

from core.errors import TemporaryFailure
from core.models import Article, Bank
from core.sql import Asker, record
from extractor import asked
from extractor import rejoin_store as kept
from extractor.firms import LEARNING
from extractor.kinship import legal_of, stem
from extractor.merge import MOST, NEAR, History
from extractor.near import Near

T = TypeVar("T")
BATCH = 100  # tellings grouped anew, and events that say anew what they are, at a time


def hold_firms(session: Asker, *firms: UUID) -> set[str]:
    """Let no article be merged that tells of these firms, until the transaction ends; the banks that financed them.
    TemporaryFailure where one is just being merged that tells of another bank."""
    return _hold(session, lambda: kept.banks_of_firms(session, firms))


def hold_banks(session: Asker, *names: str) -> None:
    """The same of banks of these names."""
    _hold(session, lambda: set(names))


def join_firms(session: Asker, into: UUID, gone: UUID) -> int:
    """`gone` was found to be `into`; how many of its events were found to be others'. Errors as of `hold_firms`."""
    banks = hold_firms(session, into, gone)
    moved = kept.events_of_firm(session, gone)
    kept.pass_firm_on(session, into, gone)
    _name_tellings(session, into)
    for told in sorted(banks):
        _regroup(session, kept.bank_named(session, told), told, moved)
    _say_anew(session, moved)
    return len(kept.merged(session, moved))


def join_banks(session: Asker, into: UUID, gone: UUID) -> int:
    """The same of two banks."""
    bank, other = kept.bank(session, into), kept.bank(session, gone)
    hold_banks(session, bank.name, other.name)
    moved = kept.events_of_bank(session, gone)
    kept.pass_bank_on(session, into, gone)
    kept.name_bank(session, into, other.name, bank.name)
    _regroup(session, bank, bank.name, moved)
    _say_anew(session, moved)
    return len(kept.merged(session, moved))


def rename_bank(session: Asker, bank_id: UUID, before: str, name: str) -> None:
    """A bank that was called `before` is called `name` now: its tellings and events say so, quietly."""
    hold_banks(session, before, name)
    kept.name_bank(session, bank_id, before, name)
    kept.record_name(session, bank_id, name)


def firm_changed(session: Asker, firm_id: UUID) -> None:
    """The operator changed a firm's row or names: its events say what follows from it, quietly."""
    hold_firms(session, firm_id)
    _name_tellings(session, firm_id)
    _say_anew(session, kept.events_of_firm(session, firm_id))


def bank_changed(session: Asker, bank_id: UUID) -> None:
    """The same of a bank."""
    hold_banks(session, kept.bank(session, bank_id).name)
    _say_anew(session, kept.events_of_bank(session, bank_id))


def _hold(session: Asker, banks: Callable[[], set[str]]) -> set[str]:
    """Hold the locks of these banks' and all firms' names until the transaction ends, in the order of all who do; the
    banks. They are asked for again under the locks: an article may have told of one more meanwhile."""
    named = banks()
    kept.lock(session, sorted({LEARNING, *(f"bank {name}" for name in named)}, key=str.encode))
    if banks() - named:
        raise TemporaryFailure("an article that tells of these is being read: try again")
    return named


def _name_tellings(session: Asker, firm_id: UUID) -> None:
    """Let a firm's tellings know one another by its name and its full legal names, as merging does with new ones."""
    name, names = kept.names_of_firm(session, firm_id)
    known_by = list(dict.fromkeys([name, *legal_of(names)]))
    kept.name_tellings(session, firm_id, known_by, sorted({stem(one) for one in known_by}))


def _regroup(session: Asker, bank: Bank, told: str, moved: Sequence[UUID]) -> None:
    """Group the tellings of events that passed over, in which the bank is called `told`, anew with all that may be of
    the same events."""
    for ids in _batches(kept.tellings_of(session, moved, told), BATCH):
        fresh = kept.tellings(session, ids)
        own = {row.id for row in fresh}
        near = [row for row in Near(session, fresh, NEAR, MOST).rows(session) if row.id not in own]
        history = _history(session)
        history.regroup(bank, fresh, near)
        history.settle()


def _say_anew(session: Asker, events: Sequence[UUID]) -> None:
    for ids in _batches(events, BATCH):
        history = _history(session)
        history.say_anew(ids)
        history.settle()


def _history(session: Asker) -> History:
    nobody = record(Article, quiet=True)
    return History(session, nobody, asked.Known({}, {}, frozenset(), _ids(session)))


def _batches(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _ids(session: Asker) -> Iterator[UUID]:
    """Asked for only where a group makes a new event."""
    while True:
        yield kept.new_id(session)
