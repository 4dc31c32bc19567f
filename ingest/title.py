"""How a feed calls itself: a name for a source that was given none."""

import html
import re

from ingest.charset import decode
from ingest.clean import one_line
from ingest.errors import Unreadable
from ingest.formats.base import Body

_HEAD = 16_384  # bytes in which a feed tells its title
_IN_XML = re.compile(r"<title[^>]*>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</title>", re.DOTALL | re.IGNORECASE)
_IN_JSON = re.compile(r'^\s*\{(?:[^{}\[\]]*?,)?\s*"title"\s*:\s*"((?:[^"\\]|\\.)*)"', re.DOTALL)
_FIRST_ITEM = re.compile(r"<(?:item|entry)[\s>]", re.IGNORECASE)
_LONGEST = 100  # characters


def title_of(body: Body) -> str:
    """The title of a feed as one line, empty where it tells none or is no feed."""
    try:
        head = decode(body.content[:_HEAD], content_type=body.content_type)
    except Unreadable:
        return ""
    if head.lstrip("\ufeff \t\r\n").startswith("{"):
        found = _IN_JSON.search(head)
    elif re.search(r"<(?:\w+:)?(?:rss|feed|rdf)[\s>]", head[:4096], re.IGNORECASE):
        found = _IN_XML.search(_FIRST_ITEM.split(head)[0])
    else:
        found = None
    return one_line(html.unescape(found[1]))[:_LONGEST] if found else ""
