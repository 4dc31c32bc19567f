"""An article ready to be kept, or the reason why it cannot be: the same rules for feeds and for pushed texts."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from core.http import BadUrl
from ingest.clean import first_line, storable, tidy
from ingest.errors import BadArticle
from ingest.urls import canonical

LONGEST_TEXT = 5_000_000  # characters; the table has the same limit
LONGEST_TITLE = 1_000  # characters
LONGEST_KEY = 2_000  # bytes; PostgreSQL takes no longer entry (2704 bytes) into an index


@dataclass(frozen=True, slots=True)
class Draft:
    """What goes into the article table; `canonical_url` and `content_hash` are what it is known again by."""

    title: str
    text: str
    content_hash: str
    url: str | None = None
    canonical_url: str | None = None
    published: datetime | None = None
    author: str | None = None
    source_name: str | None = None

    def without_key(self) -> "Draft":
        """The same, known again by its content alone: its address is not its own."""
        return replace(self, canonical_url=None)


def draft(
    *,
    title: str,
    text: str,
    url: str | None = None,
    published: datetime | None = None,
    author: str | None = None,
    source_name: str | None = None,
) -> Draft:
    """Check and clean an article; BadArticle says what is wrong. `text` is plain, `published` aware."""
    if len(text) > LONGEST_TEXT:
        raise BadArticle(f"the text has {len(text):,} characters; {LONGEST_TEXT:,} are the most")
    text = tidy(text)
    if not text:
        raise BadArticle("the text is empty (0 characters)")
    title = _line(title) or first_line(text)
    if len(title) > LONGEST_TITLE:
        raise BadArticle(f"the title has {len(title):,} characters; {LONGEST_TITLE:,} are the most")
    key = _key(url)
    return Draft(
        title=title,
        text=text,
        content_hash=content_hash(title, text),
        url=url if key else None,
        canonical_url=key if key and len(key.encode()) <= LONGEST_KEY else None,
        published=published,
        author=_line(author or "") or None,
        source_name=_line(source_name or "") or None,
    )


def content_hash(title: str, text: str) -> str:
    """SHA-256 (hex) of title and text, whose blanks and line ends do not count."""
    return sha256(f"{' '.join(title.split())}\n{' '.join(text.split())}".encode()).hexdigest()


def _line(text: str) -> str:
    return " ".join(storable(text).split())


def _key(url: str | None) -> str | None:
    if not url:
        return None
    try:
        return canonical(url)
    except BadUrl as error:
        raise BadArticle(f"its address cannot be used: {error}") from error
