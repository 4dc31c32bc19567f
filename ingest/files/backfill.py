"""The story of an archive: files found -> those not read yet -> their articles -> kept in batches, as history.

A batch's articles, and how far each of its files is read, are one transaction. So after a kill, the same command goes
on where it stopped: nothing twice, nothing lost. No message is sent for a backfilled article; the scheduler's sweep
finds it as there is room, after all that is news.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import IO

from sqlalchemy.exc import OperationalError

from core.database import transaction
from ingest import formats
from ingest.draft import Draft
from ingest.files import addresses, ahead, store
from ingest.files.read import BEGINNING, STDIN, Manner, Piece, Place, Reader, line_pieces, moment
from ingest.files.store import Owner
from ingest.files.walk import Found, walk
from ingest.formats import Item
from ingest.keep import keep
from ingest.keeper import is_collision
from ingest.visit import Visitor

_LOOKED_UP = 500  # files whose state is asked for at once
_BATCH = 200  # articles kept in one transaction, or so many characters, or what came in so many seconds
_BATCH_CHARACTERS = 4_000_000
_BATCH_SECONDS = 2.0
_TRIES = 5  # of a batch that others' transactions stood in the way of

Told = Callable[[str, str], None]
"""Hears (input, reason) of what cannot be read or kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How an archive is read: `since` leaves out what is older (what tells no time is kept), `published` is the time
    of articles that tell none, `alert` lets them alert like news."""

    since: date | datetime | None = None
    published: date | datetime | None = None
    alert: bool = False

    @property
    def task(self) -> str:
        """A digest, so that a command goes on with its own work, and with other options begins anew."""
        return sha256(f"{self.since} {self.published} {self.alert}".encode()).hexdigest()[:16]


@dataclass(slots=True)
class Counts:
    """What became of the articles and files so far; `size` in bytes of files, packed ones as they lie."""

    stored: int = 0
    duplicate: int = 0
    rejected: int = 0
    older: int = 0
    links: int = 0
    files: int = 0
    before: int = 0
    size: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Backfill:
    """One run over `paths`; `told` hears of each problem, `shown` of the progress after each batch."""

    options: Options
    told: Told
    shown: Callable[[Counts], None]
    reader: Reader = formats.read
    counts: Counts = field(default_factory=Counts)
    _batch: list[Piece] = field(default_factory=list)
    _begun: float = field(default_factory=time.monotonic)

    def run(self, paths: Iterable[Path]) -> Counts:
        """Read what is not read yet; raises only for the database."""
        found = self._not_read(walk(paths, left_out=self.counts.left_out, tell=self._refuse))
        self._take(ahead.pieces(found, self._manner))
        self._keep()
        return self.counts

    def run_addresses(self, urls: Iterable[str], visitor: Visitor) -> Counts:
        """Read feeds and sitemaps, and leave the pages that they name to the ingest service."""
        for url in urls:
            self._take(addresses.pieces(url, visitor, self.reader, moment(self.options.since)))
        self._keep()
        return self.counts

    def run_lines(self, stream: IO[bytes]) -> Counts:
        """Read the articles of a stream of JSON lines, which has no place to go on from."""
        self._take(line_pieces(STDIN, stream, self._manner))
        self._keep()
        return self.counts

    def _take(self, given: Iterable[Piece]) -> None:
        for piece in given:
            self._batch.append(piece)
            if self._is_full():
                self._keep()

    def _not_read(self, files: Iterator[Found]) -> Iterator[tuple[Found, Place]]:
        """The files that are not read to their end, each with the place from which to go on."""
        while group := list(islice(files, _LOOKED_UP)):
            with transaction() as session:
                known = store.known(session, self._owner, [found.name for found in group])
            for found in group:
                state = known.get(found.name)
                if len(found.name.encode()) > store.LONGEST_NAME:
                    self._refuse(found.name[:200], "its name is too long")
                elif state and state.done and state.is_as(found):
                    self.counts.before += 1
                    self.counts.size += found.size
                else:
                    yield found, state.place if state and state.is_as(found) else BEGINNING
            self.shown(self.counts)

    def _is_full(self) -> bool:
        articles = sum(len(piece.drafts) + len(piece.links) for piece in self._batch)
        characters = sum(piece.characters for piece in self._batch)
        late = time.monotonic() - self._begun > _BATCH_SECONDS
        return late or articles >= _BATCH or characters >= _BATCH_CHARACTERS or len(self._batch) >= _LOOKED_UP

    def _keep(self) -> None:
        """Keep the batch and begin a new one."""
        wanted = [one for piece in self._batch for one in piece.drafts if self._is_wanted(one)]
        links = [link for piece in self._batch for link in piece.links if self._is_wanted(link)]
        for left in reversed(range(_TRIES)):
            try:
                stored, added = self._store(wanted, links)
                break
            except OperationalError as error:
                if not (left and is_collision(error)):
                    raise
        self._count(wanted, stored, added)
        self._batch, self._begun = [], time.monotonic()

    def _store(self, wanted: list[Draft], links: list[Item]) -> tuple[int, int]:
        """How many articles and links are new."""
        quiet = not self.options.alert
        with transaction() as session:
            stored = [keep(session, one, quiet=quiet, backlog=True) for one in wanted]
            added = store.add_links(session, links, quiet=quiet)
            store.mark(session, self._owner, [piece for piece in self._batch if not piece.found.passing])
        return sum(one.status == "stored" for one in stored), added

    def _count(self, wanted: list[Draft], stored: int, links: int) -> None:
        counts = self.counts
        counts.stored += stored
        counts.duplicate += len(wanted) - stored
        counts.older += sum(len(piece.drafts) for piece in self._batch) - len(wanted)
        counts.links += links
        for piece in self._batch:
            counts.files += piece.done and not piece.found.passing
            counts.size += piece.packed
            for problem in piece.problems:
                self._refuse(*problem)
        self.shown(counts)

    def _is_wanted(self, one: Draft | Item) -> bool:
        since = moment(self.options.since)
        return since is None or one.published is None or one.published >= since

    def _refuse(self, given: str, reason: str) -> None:
        self.counts.rejected += 1
        self.told(given, reason)

    @property
    def _manner(self) -> Manner:
        return Manner(published=self.options.published, reader=self.reader)

    @property
    def _owner(self) -> Owner:
        return Owner(task=self.options.task)
