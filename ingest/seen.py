"""What a source's last body held, as its row keeps it (`source.seen`), so that nothing is read twice.

Marks, not texts: one of how the source is read, one of the whole body (of zeros where a part of it is to be read
again), the seconds for which it asks to be left alone, and marks of its items, which only their format knows
(`Parsed.seen`).
"""

from hashlib import blake2b
from struct import Struct
from typing import NamedTuple

from core.models import Source
from ingest.formats import Body, Parsed

_WAY, _BODY = 8, 16  # bytes
_HEAD = Struct(f"!{_WAY}s{_BODY}sI")
_MOST_ITEMS = 16_384  # bytes of the items' marks that are kept
_AGAIN = bytes(_BODY)


class Seen(NamedTuple):
    """Of the last body; all empty where there is none, or where the source is read in another way now."""

    body: bytes = _AGAIN
    ttl: float = 0.0  # seconds
    items: bytes = b""


def seen(source: Source) -> Seen:
    """What the row keeps."""
    told = source.seen or b""
    if len(told) < _HEAD.size:
        return Seen()
    way, body, ttl = _HEAD.unpack_from(told)
    return Seen(body, float(ttl), told[_HEAD.size :]) if way == _way(source) else Seen()


def is_same(source: Source, body: Body) -> bool:
    """Whether it is the very body that was read last, to its end, and in the same way."""
    before = seen(source).body
    return before != _AGAIN and before == _mark(body)


def told(source: Source, body: Body, parsed: Parsed, *, whole: bool) -> bytes:
    """What the row is to keep once all that was read is kept; `whole`: nothing of it is to be read again."""
    ttl = int(parsed.ttl.total_seconds()) if parsed.ttl else 0
    marks = parsed.seen if len(parsed.seen) <= _MOST_ITEMS else b""
    return _HEAD.pack(_way(source), _mark(body) if whole else _AGAIN, ttl) + marks


def _way(source: Source) -> bytes:
    way = (source.url, source.kind, source.selector, source.zone, source.full_text)
    return blake2b(repr(way).encode("utf-8", "replace"), digest_size=_WAY).digest()


def _mark(body: Body) -> bytes:
    made = blake2b(f"{body.url}\n{body.content_type}\n".encode("utf-8", "replace"), digest_size=_BODY)
    made.update(body.content)
    return made.digest()
