"""What the XML formats share: the root element, told from the first bytes, and text that any XML parser takes."""

import re
from functools import lru_cache

from ingest.charset import decode
from ingest.errors import Unreadable

_HEAD = 8192  # characters in which the root element must stand
_PROLOGUE = re.compile(
    r"(?:[\s\ufeff]|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<(?:[\w-]+:)?([\w-]+)[\s/>]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def root_of(body: bytes) -> str | None:
    """The local name of the document's first element in small letters, None where it has none."""
    return _root_of(body[: 4 * _HEAD])


@lru_cache(4)  # each format asks for it
def _root_of(head: bytes) -> str | None:
    try:
        text = decode(head)[:_HEAD]
    except Unreadable:
        text = head[:_HEAD].decode("ascii", "replace")
    prologue = _PROLOGUE.match(text)
    found = _ROOT.match(text, prologue.end() if prologue else 0)
    return found[1].lower() if found else None


def without_declaration(text: str) -> str:
    """`text` without the XML declaration, whose encoding no longer holds, and without what XML forbids."""
    return _NOT_XML.sub("", _DECLARATION.sub("", text))
