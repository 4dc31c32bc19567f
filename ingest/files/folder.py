"""The story of a watched folder: its files -> those that are new and complete -> their articles -> kept.

A batch's articles, and which files gave them, are one transaction; the files stay where they are. What did not change
(path, size, time of modification) is not read again.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from core.database import transaction
from core.models import Source
from core.settings import settings
from ingest import store as sources
from ingest.files import store
from ingest.files.opened import folder, open_within
from ingest.files.read import BEGINNING, Manner, Piece, Reader, pieces
from ingest.files.store import Known, Owner
from ingest.files.walk import Found, walk
from ingest.gather import Problems
from ingest.keep import keep_all

KIND = "folder"
EVERY = 5.0
"""Seconds between two looks where the source sets none."""
SETTLED = 3.0
"""Seconds without a change after which a file is complete."""
MOST_FILES = 100_000
_SECONDS = 60.0  # for one turn: well within a source's lease; the rest has the next turn
_BATCH = 200
_SKEWED = 60.0  # seconds in the future: a file server's clock, which says nothing of how long a file has rested


@dataclass(slots=True)
class Collected:
    """What one look at a folder brought."""

    stored: int = 0
    known: int = 0
    problems: Problems = field(default_factory=list)
    pause: float = EVERY


def collect(source: Source, reader: Reader) -> Collected:
    """Keep the articles of new files; Outside where the folder is not open. Bad files are told and stop no other."""
    begun = time.monotonic()
    found = Collected()
    owner = Owner(source.id)
    files = _new_files(source, owner, found.problems)
    found.pause = max(EVERY, 20 * (time.monotonic() - begun))  # a look at very many files is rare
    opener = partial(open_within, opened=settings().folders)
    for batch in _batches(files, Manner(source_name=source.name, zone=source.zone, reader=reader, opener=opener)):
        _keep(source, owner, batch, found)
        if time.monotonic() - begun > _SECONDS:
            break
    with transaction() as session:
        sources.add_errors(session, source.id, found.problems)
    return found


def first_files(path: Path, many: int) -> list[Found]:
    """The newest files of a folder, for a look before it is watched."""
    return sorted(islice(walk([path]), MOST_FILES), key=lambda one: -one.modified)[:many]


def _new_files(source: Source, owner: Owner, problems: Problems) -> list[tuple[Found, Known | None]]:
    """Files that are complete and not read to their end, oldest first; what is gone is forgotten."""
    root = folder(source.url, settings().folders)
    lost: Problems = []
    there = {one.name: one for one in islice(walk([root], tell=lambda *told: lost.append(told)), MOST_FILES + 1)}
    if len(there) > MOST_FILES:
        problems.append((source.url, f"more than {MOST_FILES:,} files; the others are not looked at"))
    with transaction() as session:
        known = store.known(session, owner)
        if not lost:  # a folder that cannot be looked into is not empty
            store.forget(session, owner, [name for name in known if name not in there])
    problems += lost
    now = time.time()
    new = []
    for name, one in there.items():
        state = known.get(name)
        same = state if state and state.is_as(one) else None
        if len(name.encode()) > store.LONGEST_NAME:
            problems.append((name[:200], "its name is too long"))
        elif not (same and same.done) and _is_complete(one, now):
            new.append((one, same))
    return sorted(new, key=lambda pair: pair[0].modified)


def _is_complete(one: Found, now: float) -> bool:
    age = now - one.changed / 1e9
    return age >= SETTLED or age < -_SKEWED


def _batches(files: list[tuple[Found, Known | None]], manner: Manner) -> Iterator[list[Piece]]:
    batch: list[Piece] = []
    for found, state in files:
        for piece in pieces(found, manner, state.place if state else BEGINNING):
            batch.append(piece)
            if sum(len(one.drafts) + 1 for one in batch) >= _BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _keep(source: Source, owner: Owner, batch: list[Piece], found: Collected) -> None:
    drafts = [draft for piece in batch for draft in piece.drafts]
    links = [link for piece in batch for link in piece.links]
    with transaction() as session:
        if not sources.source_exists(session, source.id):
            return  # deleted meanwhile
        kept = keep_all(session, source, drafts, sources.now(session))
        store.add_links(session, links, quiet=source.last_success_at is None, source_id=source.id)
        store.mark(session, owner, batch)
    found.stored += kept.stored
    found.known += kept.known + kept.reprints
    found.problems += [problem for piece in batch for problem in piece.problems]
