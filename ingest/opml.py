"""Lists of sources as OPML 2.0 (http://opml.org/spec2.opml), which other readers write and take.

What Yinqi knows of a source besides stands in attributes of a namespace of its own, so that what it writes it reads
back as it was. Folders of outlines are not kept.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from core.errors import RejectedInput
from core.http import check_url
from ingest.charset import decode

NAMESPACE = "urn:yinqi:source"
LARGEST = 15 * 2**20
"""Bytes of a file that is read; 10,000 outlines have 3 MiB."""
_OWN = f"{{{NAMESPACE}}}"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NUMBERS = ("interval", "shortest_interval", "longest_interval")
_FLAGS = ("enabled", "full_text", "alert_backlog")
_WORDS = ("kind", "zone", "selector")
_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A source as an outline tells it. `enabled` is None where it does not say; intervals in seconds."""

    name: str
    url: str
    kind: str = "rss"
    zone: str = "Asia/Shanghai"
    selector: str | None = None
    enabled: bool | None = None
    interval: float | None = None
    shortest_interval: float | None = None
    longest_interval: float | None = None
    full_text: bool = False
    alert_backlog: bool = False


class BadOutline(RejectedInput):
    """One outline that tells no source; the message names its place."""


def read(content: bytes, *, name: str, kinds: Iterable[str]) -> Iterator[Entry | BadOutline]:
    """The sources in the order of the file, and what is wrong with other outlines; RejectedInput: it is no OPML.

    `name` is for messages, `kinds` are the kinds of source that there are.
    """
    root, problem = _tree(content, name)
    known = frozenset(kinds)
    for position, outline in enumerate(root.iter("outline"), start=1):
        if len(outline) and not outline.get("xmlUrl"):
            continue  # a folder
        try:
            yield _entry(outline, known)
        except (RejectedInput, ValueError) as error:
            told = (outline.get("text") or outline.get("title") or "")[:_SHOWN]
            yield BadOutline(f"{name}, outline {position} (line {outline.sourceline}, {told!r}): {error}")
    if problem:
        yield BadOutline(f"{name}: {problem}; what could be read was taken")


def write(sources: Iterable[Any]) -> bytes:
    """The sources, anything with the attributes of Entry, as an OPML file in UTF-8."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"yinqi": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Yinqi"
    body = etree.SubElement(root, "body")
    for source in sources:
        name = _legal(source.name)
        told: dict[str, str | None] = {"text": name, "title": name, "type": "rss", "xmlUrl": _legal(source.url)}
        told |= {_OWN + field: _written(getattr(source, field)) for field in (*_WORDS, *_NUMBERS, *_FLAGS)}
        etree.SubElement(body, "outline", {key: value for key, value in told.items() if value is not None})
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def values(entry: Entry) -> dict[str, Any]:
    """The entry as a source's columns."""
    return {field: value for field, value in asdict(entry).items() if field != "enabled" or value is not None}


def _tree(content: bytes, name: str) -> tuple[Any, str | None]:
    """The document and what is wrong with its XML, mended where it can be. No entity is declared or resolved."""
    if len(content) > LARGEST:
        raise RejectedInput(f"{name}: larger than {LARGEST:,} bytes")
    text = _NOT_XML.sub("", _DECLARATION.sub("", decode(content, name=name)))
    if "<!ENTITY" in text:
        raise RejectedInput(f"{name}: a list of sources that declares entities is not read")
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise RejectedInput(f"{name}: not XML: {error}") from error
    if root is None or root.tag != "opml":
        raise RejectedInput(f"{name}: not an OPML file")
    first = next(iter(parser.error_log), None)
    return root, f"the XML is broken: {first.message} (line {first.line})" if first else None


def _entry(outline: Any, kinds: frozenset[str]) -> Entry:
    url = outline.get("xmlUrl")
    if not url:
        raise ValueError("has no xmlUrl")
    own = {key.removeprefix(_OWN): value for key, value in outline.attrib.items() if key.startswith(_OWN)}
    given: dict[str, Any] = {field: own[field] for field in _WORDS if field in own}
    given |= {field: _number(field, own[field]) for field in _NUMBERS if field in own}
    given |= {field: _flag(field, own[field]) for field in _FLAGS if field in own}
    kind = given.setdefault("kind", outline.get("type", "").lower())
    if kind not in kinds:
        if "kind" in own:
            raise ValueError(f"no kind of source is called {kind!r}")
        given["kind"] = "rss"
    folder = given["kind"] == "folder"
    if folder != url.startswith("file:"):
        raise ValueError(f"{url[:_SHOWN]!r} is no address for a source of the kind {given['kind']}")
    checked = url if folder else check_url(url.strip())
    _check_zone(given.get("zone", "Asia/Shanghai"))
    return Entry(name=_name(outline, own=bool(own)) or checked, url=checked, **given)


def _name(outline: Any, *, own: bool) -> str:
    """As it was written by us; from others without the blanks that a list's layout brings."""
    told = outline.get("title") or outline.get("text") or ""
    return told if own and told.strip() else " ".join(told.split())


def _number(field: str, told: str) -> float:
    value = float(told)
    if not 1 <= value <= 86_400 * 366:  # and so no NaN
        raise ValueError(f"{field} {told!r} is no number of seconds")
    return value


def _flag(field: str, told: str) -> bool:
    if told not in {"true", "false"}:
        raise ValueError(f"{field} {told[:_SHOWN]!r} is neither true nor false")
    return told == "true"


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"no time zone is called {name[:_SHOWN]!r}") from error


def _written(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else _legal(str(value))


def _legal(text: str) -> str:
    """What XML 1.0 cannot hold, not even escaped, becomes U+FFFD."""
    return _NOT_XML.sub("\ufffd", text)
