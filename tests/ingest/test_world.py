"""All of the feeds that the world's parsers are tested with are read, or refused by name; none is a surprise."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.errors import RejectedInput
from ingest import formats
from ingest.charset import decode
from ingest.errors import ReaderFailed, Unreadable
from ingest.formats import Body, _known
from ingest.formats._xml import without_declaration, without_names
from ingest.isolate import Readers
from tests.ingest import world

_HEADER = re.compile(rb"^Header:\s*Content-type:\s*(.+)$", re.IGNORECASE | re.MULTILINE)
LEAST = 2_000
_PLAIN_ITEMS, _PLAIN_ENTRIES = (
    [told.format(n=n) for n in (1, 2)]
    for told in (
        "<item><title>样例{n}</title><link>/{n}</link><description>&lt;p&gt;放款{n}&lt;/p&gt;</description>"
        "<pubDate>Sun, 01 Mar 2026 00:30:00 +0800</pubDate></item>",
        "<entry><title type='html'>样例{n}</title><link href='/{n}'/><id>urn:{n}</id><summary>放款{n}</summary><content"
        " type='html'>&lt;p&gt;样例银行放款{n}&lt;/p&gt;</content><updated>2026-03-01T00:30:00Z</updated></entry>",
    )
)


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


def test_what_is_passed_over_as_known_changes_nothing_of_what_is_read(feeds: dict[str, bytes]) -> None:
    """Each fifth feed's first item between two plain ones: whichever are known, the others are read as in the whole."""
    compared = 0
    for name, content in list(feeds.items())[::5]:
        document = _among_plain(content)
        if document is None:
            continue
        body = Body(document, url=f"https://world.example/{name}", content_type="application/xml; charset=utf-8")
        whole = formats.read(body)
        size = len(whole.seen) // max(1, len(whole.items))
        for known in (whole.seen[:size], whole.seen[size:]):
            part = formats.read(replace(body, seen=known))
            if part.passed:
                compared += 1
                assert list(part.items) == [item for item in whole.items if item in part.items], name
                assert len(part.items) + part.passed >= len(whole.items), name
                assert (part.ttl, part.seen) == (whole.ttl, whole.seen), name
    assert compared >= LEAST // 5


def _among_plain(content: bytes) -> bytes | None:
    """A feed with plain items around its first one, None where it has none that could be known again."""
    told = _HEADER.search(content)
    try:
        text = without_names(without_declaration(decode(content, content_type=told[1].decode() if told else "")))
    except Unreadable:
        return None
    document = text.encode()
    pieces = _known.pieces(document, "")
    if not pieces:
        return None
    begin, end, _ = pieces[0]
    before, after = _PLAIN_ITEMS if document.startswith(b"<item", begin) else _PLAIN_ENTRIES
    return b"".join((document[:begin], before.encode(), document[begin:end], after.encode(), document[end:]))
