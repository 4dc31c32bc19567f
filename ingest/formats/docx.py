"""A document of Word or WPS (.docx, ECMA-376 and its strict form): one article, its tables row by row.

Read by lxml from the two or three parts that hold words. python-docx unpacks every part, pictures included, and passes
over the text of smart tags, content controls and tracked insertions, where sums and dates often stand.
"""

import io
import posixpath
import re
import zipfile
import zlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from ingest.clean import first_line, tidy
from ingest.errors import BadArticle
from ingest.formats._links import is_web
from ingest.formats._word import Block, blocks, together
from ingest.formats.base import Body, Item, Parsed
from ingest.times import read_time

_ZIP = b"PK\x03\x04"
_RELATIONS, _CORE = "_rels/.rels", "docProps/core.xml"
_LARGEST_PART = 30 * 2**20  # bytes of XML, unpacked; 5,000,000 characters with their mark-up are less
# what zipfile raises over broken zips: RuntimeError for encrypted ones, ValueError for places outside
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)
_MOST_FILES = 10_000
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


class Docx:
    """A zip that holds a Word document."""

    name = "docx"

    def sniff(self, body: Body) -> bool:
        """By what is in the zip: content types and names are seldom told rightly, and .xlsx and .pptx are zips too."""
        return body.content.startswith(_ZIP) and (b"word/" in body.content)

    def parse(self, body: Body) -> Parsed:
        """One item; its title is the paragraph in the style Title, else the document's, else its first heading."""
        package = _Package(body)
        found = blocks(package.main(), package.styles())
        if not found:
            raise BadArticle(f"{body.url}: the document holds no text")
        core = package.part(_CORE, needed=False)
        title = _title(found, _told(core, "title"))
        rest = found[1:] if found[0].role in {"title", "heading"} and found[0].text == title else found
        text = tidy(together(rest or found))
        return Parsed((_item(body, title or first_line(text), text, _moment(core, body.zone)),))


def _item(body: Body, title: str, text: str, updated: datetime | None) -> Item:
    return Item(title=title, text=text, url=body.url if is_web(body.url) else None, updated=updated)


def _title(found: list[Block], core: str) -> str:
    named = next((block.text for block in found if block.role == "title"), "")
    heading = next((block.text for block in found if block.role == "heading"), "")
    return " ".join((named or core or heading).split())


def _told(core: Any, name: str) -> str:
    return (core.findtext("{*}" + name) or "").strip() if core is not None else ""


def _moment(core: Any, zone: str) -> datetime | None:
    """When it was last changed; when it was published no document tells."""
    told = _told(core, "modified")
    return read_time(told, ZoneInfo(zone)) if told else None


class _Package:
    """The parts of a .docx as trees; BadArticle says what is wrong. No part is unpacked before its size was judged."""

    def __init__(self, body: Body) -> None:
        self._name = body.url
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(body.content))
        except _BROKEN as error:
            raise self._bad(f"the zip is broken: {error}") from error
        if len(self._zip.filelist) > _MOST_FILES:
            raise self._bad(f"{len(self._zip.filelist):,} files in it; {_MOST_FILES:,} are the most")

    def main(self) -> Any:
        """The document itself, wherever the package says that it lies."""
        relations = self.part(_RELATIONS, needed=False)
        targets = [] if relations is None else relations.findall("{*}Relationship")
        kinds = {str(one.get("Type", "")).rpartition("/")[2]: str(one.get("Target", "")) for one in targets}
        return self.part(kinds.get("officeDocument", "word/document.xml").lstrip("/"))

    def styles(self) -> Any:
        """What its styles are called, None where it has none."""
        return self.part("word/styles.xml", needed=False)

    def part(self, name: str, *, needed: bool = True) -> Any:
        """The tree of a part."""
        try:
            info = self._zip.getinfo(posixpath.normpath(name))
        except KeyError:
            if needed:
                raise self._bad(f"there is no {name} in it") from None
            return None
        content = self._read(info)
        try:
            tree = etree.fromstring(content, _PARSER)
        except etree.XMLSyntaxError as error:
            raise self._bad(f"{name} is no XML: {error}") from error
        if tree is None:
            raise self._bad(f"{name} is no XML")
        return tree

    def _read(self, info: zipfile.ZipInfo) -> bytes:
        """Told sizes may lie: no more is unpacked than may be there."""
        if info.file_size > _LARGEST_PART:
            raise self._bad(f"{info.filename} has {info.file_size:,} bytes unpacked; {_LARGEST_PART:,} are the most")
        try:
            with self._zip.open(info) as file:
                content = file.read(_LARGEST_PART + 1)
        except _BROKEN as error:
            raise self._bad(f"{info.filename} cannot be unpacked: {error}") from error
        if len(content) > _LARGEST_PART:
            raise self._bad(f"{info.filename} has more than {_LARGEST_PART:,} bytes unpacked")
        if re.search(rb"<!ENTITY", content, re.IGNORECASE):
            raise self._bad(f"{info.filename} declares entities")
        return content

    def _bad(self, reason: str) -> BadArticle:
        return BadArticle(f"{self._name}: {reason}")
