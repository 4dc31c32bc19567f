"""What the XML formats share: the root element, told from the first bytes, and text that any XML parser takes."""

import re
from functools import lru_cache
from html.entities import html5

from ingest.charset import decode
from ingest.errors import Unreadable

_HEAD = 8192  # characters in which the root element must stand
_PROLOGUE = re.compile(
    r"(?:[\s\ufeff]|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<(?:[\w-]+:)?([\w-]+)[\s/>]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


_CHARACTER = re.compile(r"&(?:([A-Za-z][A-Za-z0-9]{1,31});|#(?:0*([0-9]+)|[xX]0*([0-9a-fA-F]+));?)")
_LONGEST_NUMBER = 9  # digits
_OWN = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "'": "&apos;"}  # of XML, whatever name HTML gives them


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


def without_names(text: str) -> str:
    """`text` with HTML's named characters (`&nbsp;`) put in, which XML does not know and feeds use, and without the
    numbers of characters that there are none of (`&#xd800;`), over which parsers stumble."""
    return _CHARACTER.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    name, decimal, hexadecimal = found.groups()
    if name:
        char = html5.get(name + ";", found[0])
        return _OWN.get(char, char)
    digits = decimal or hexadecimal
    number = int(digits, 10 if decimal else 16) if len(digits) < _LONGEST_NUMBER else -1
    return found[0] if 0 <= number < 0x110000 and not _NOT_XML.match(chr(number)) else "\ufffd"
