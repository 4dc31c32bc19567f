"""All of the feeds that the world's parsers are tested with are read, or refused by name; none is a surprise."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from core.errors import RejectedInput
from ingest.errors import ReaderFailed
from ingest.formats import Body
from ingest.isolate import Readers
from tests.ingest import world

_HEADER = re.compile(rb"^Header:\s*Content-type:\s*(.+)$", re.IGNORECASE | re.MULTILINE)
LEAST = 2_000


@pytest.fixture(scope="module")
def feeds() -> dict[str, bytes]:
    return world.feeds()


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    """Each body in a process with 20 seconds and 512 MiB: what needs more is killed, and counts as a surprise."""
    with Readers(1) as made:
        yield made


def test_every_feed_of_the_worlds_parsers_is_read_or_refused(feeds: dict[str, bytes], readers: Readers) -> None:
    ends: Counter[str] = Counter()
    surprises: dict[str, str] = {}
    for name, content in feeds.items():
        told = _HEADER.search(content)
        kind = told[1].decode("latin-1").strip() if told else ""
        try:
            parsed = readers.read_now(Body(content, url=f"https://world.example/{name}", content_type=kind))
        except ReaderFailed as error:
            surprises[name] = str(error)
        except RejectedInput as error:
            ends["refused: " + re.sub(r"^\S+ |[(:].*$", "", str(error).partition("/" + name)[2])[:60]] += 1
            assert name in str(error), "a refusal names its input"
        else:
            ends["read, with items" if parsed.items else "read, without items"] += 1
    print(f"{len(feeds):,} files:", *(f"{count:6,} {end}" for end, count in ends.most_common()), sep="\n")
    assert surprises == {}
    assert len(feeds) >= LEAST
    assert ends["read, with items"] >= 400, "most of the others hold an entry of one exotic element, and no words"
