"""Bytes into text: by byte order mark, by UTF-8 where it fits, then by what is declared and what reads as Chinese.

UTF-8 goes before the declaration because it is hardly ever valid by chance, and declarations are often wrong. A
declared GB2312 or GBK means GB18030, which holds both (as in the WHATWG Encoding Standard). Other encodings are held
against one another by how common the characters are that they make of the bytes (ingest/chinese.py).
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from charset_normalizer import from_bytes

from ingest.chinese import PLAUSIBLE, common_share
from ingest.errors import Unreadable
from ingest.mojibake import repaired

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16's, with which it begins
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_IN_BODY = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_HEAD = 2048  # bytes in which a declaration must stand; browsers look at 1024
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "hz": "hz", "big5": "big5hkscs"}
# Decode anything at all, so they prove nothing, and are what servers declare without having looked.
_LATIN = frozenset({"iso8859-1", "cp1252", "iso8859-15", "ascii"})
_CHINESE = ("gb18030", "big5hkscs", "cp950", "utf-16-le", "utf-16-be")
# Codecs of Python that are no charsets of documents; some run for ever or make text of anything.
_NO_CHARSETS = frozenset({"utf-7", "unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined"})
_MOST_BROKEN = 0.01  # share of characters; feeds cut descriptions in the middle of one
_SAMPLE = 64 * 2**10  # bytes that charset-normalizer is given; it is slow
_VARIED = 8  # different bytes, of which something can be told
_LEAST = 4  # Chinese characters that are evidence
# What charset-normalizer is believed: encodings in which news is still written, and not the hundred others it knows.
_FOREIGN = ["cp1252", "cp1251", "koi8_r", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949"]


class _Reading(NamedTuple):
    """The bytes in one encoding: how much of it is broken, how common its Chinese characters are."""

    encoding: str
    text: str
    broken: float
    common: float
    han: int


def decode(body: bytes, *, content_type: str = "", name: str = "input") -> str:
    """`body` as text; `content_type` is the HTTP header's value, `name` is for the message of Unreadable.

    Text that had been read wrongly before it was written here (mojibake) is repaired where that can be told.
    """
    return repaired(_decode(body, content_type, name))


def _decode(body: bytes, content_type: str, name: str) -> str:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            text = body.decode(encoding, "replace")
            if _broken(text) <= _MOST_BROKEN:
                return text
            if mark != codecs.BOM_UTF8:
                raise Unreadable(f"{name}: starts with the mark of {encoding} and is not")
            body = body[len(mark) :]  # a template's mark before a page in another encoding
    for encoding in (*_by_zeros(body), "utf-8"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return _chosen(body, _declared(body, content_type), name)


def _broken(text: str) -> float:
    return text.count("\ufffd") / max(1, len(text))


def _by_zeros(body: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark: mark-up and digits have a zero in every other byte, always on the same side."""
    head = body[: _HEAD & ~1]
    if head.count(0) < len(head) / 16:
        return ()
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 8 * even:
        return ("utf-16-le",)
    return ("utf-16-be",) if even > 8 * odd else ()


def _declared(body: bytes, content_type: str) -> list[str]:
    """By the header, then by the document, as Python calls it; what Python does not know is as good as untold."""
    told = []
    if found := _IN_HEADER.search(content_type):
        told.append(_python_name(found[1]))
    if inner := _IN_BODY.search(body[:_HEAD]):
        name = _python_name(inner[1].decode("ascii", "replace"))
        told.append(None if name and name.startswith(("utf-16", "utf-32")) else name)  # it was read as ASCII: it lies
    return [name for name in told if name]


def _python_name(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
        "".encode(name)
    except (LookupError, ValueError, TypeError):  # LookupError: also codecs that are not of text, such as hex
        return None
    return None if name in _NO_CHARSETS else _WIDER.get(name, name)


def _chosen(body: bytes, declared: list[str], name: str) -> str:
    """The first reading that is surely right, else the one that is most like Chinese, else a foreign one."""
    readings = []
    for reading in _readings(body, declared):
        if reading.broken <= _MOST_BROKEN:
            if _is_sure(reading, declared):
                return reading.text
            if not reading.encoding.startswith("utf-16"):  # it makes something of any bytes
                readings.append(reading)
    best = max(readings, key=lambda reading: reading.common, default=None)  # of equals the first
    if best and best.han and best.common >= PLAUSIBLE:
        return best.text
    text = _western(body, declared) or _foreign(body)
    if text is None and best is None:
        tried = dict.fromkeys(["utf-8", *declared, *_CHINESE])
        raise Unreadable(f"{name}: not readable as text (tried {', '.join(tried)})")
    return text or (best.text if best else "")


def _readings(body: bytes, declared: list[str]) -> Iterator[_Reading]:
    """UTF-8 first: it may be cut, or have a byte too many."""
    believed = [encoding for encoding in declared if encoding not in _LATIN]
    for encoding in dict.fromkeys(["utf-8", *believed, *_CHINESE]):
        text = body.decode(encoding, "replace")
        yield _Reading(encoding, text, _broken(text), *common_share(text))


def _is_sure(reading: _Reading, declared: list[str]) -> bool:
    """Enough Chinese of the common kind; or one that says nothing of Chinese and is as declared, without a fault."""
    if reading.han >= _LEAST:
        return reading.common >= PLAUSIBLE
    return reading.encoding in declared and not reading.broken


def _western(body: bytes, declared: list[str]) -> str | None:
    latin = next((encoding for encoding in declared if encoding in _LATIN), None)
    return body.decode("cp1252" if latin == "iso8859-1" else latin, "replace") if latin else None


def _foreign(body: bytes) -> str | None:
    """By charset-normalizer, where nothing of our own fits."""
    if len(set(body[:_SAMPLE])) < _VARIED:
        return None
    found = from_bytes(body[:_SAMPLE], cp_isolation=_FOREIGN).best()
    if found is None or found.chaos > 0.1:
        return None
    text = body.decode(found.encoding, "replace")
    return text if _broken(text) <= _MOST_BROKEN else None
