"""Bytes into text: byte order mark, then UTF-8 if it fits, then what is declared, then GB18030.

UTF-8 goes before the declaration because it is hardly ever valid by chance, and declarations are often wrong. A
declared GB2312 or GBK means GB18030, which holds both (as in the WHATWG Encoding Standard).
"""

import codecs
import re

from ingest.errors import Unreadable

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_IN_BODY = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_HEAD = 2048  # bytes in which a declaration must stand; browsers look at 1024
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "big5": "big5hkscs"}
# Decode anything at all, so they prove nothing, and are what servers declare without having looked.
_LATIN = frozenset({"iso8859-1", "cp1252", "iso8859-15", "ascii"})
_COMMON_CHINESE = re.compile("[的，。、]")
_MOST_BROKEN = 0.01  # share of characters; feeds cut descriptions in the middle of one


def decode(body: bytes, *, content_type: str = "", name: str = "input") -> str:
    """`body` as text; `content_type` is the HTTP header's value, `name` is for the message of Unreadable."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _decode_marked(body, encoding, name)
    tried = _candidates(body, content_type)
    for encoding in tried:
        text = _attempt(body, encoding)
        if text is not None:
            return text
    best = min((body.decode(encoding, "replace") for encoding in tried), key=_broken_share)
    if _broken_share(best) > _MOST_BROKEN:
        raise Unreadable(f"{name}: not readable as text (tried {', '.join(tried)})")
    return best


def _decode_marked(body: bytes, encoding: str, name: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(f"{name}: starts with the mark of {encoding} and is not: {error.reason}") from error


def _candidates(body: bytes, content_type: str) -> list[str]:
    declared = []
    if found := _IN_HEADER.search(content_type):
        declared.append(_python_name(found[1]))
    if inner := _IN_BODY.search(body[:_HEAD]):
        declared.append(_python_name(inner[1].decode("ascii", "replace")))
    known = [encoding for encoding in declared if encoding]
    believed = [encoding for encoding in known if encoding not in _LATIN]
    guessed = ["gb18030"] if len(known) == len(believed) or _reads_as_chinese(body) else []
    return list(dict.fromkeys(["utf-8", *believed, *guessed, *known]))


def _reads_as_chinese(body: bytes) -> bool:
    return _COMMON_CHINESE.search(body[:_HEAD].decode("gb18030", "replace")) is not None


def _python_name(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return _WIDER.get(name, name)


def _attempt(body: bytes, encoding: str) -> str | None:
    try:
        text = body.decode(encoding)
    except (UnicodeError, LookupError):  # LookupError: codecs that are not of text, such as hex
        return None
    return text if isinstance(text, str) else None


def _broken_share(text: str) -> float:
    return text.count("\ufffd") / max(1, len(text))
