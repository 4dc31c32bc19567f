"""What a body held, as drafts ready to be kept, and as links whose pages are still to be fetched."""

from collections import Counter
from dataclasses import dataclass, field

from core.http import BadUrl
from core.models import Source
from ingest.draft import Draft, draft
from ingest.errors import BadArticle
from ingest.formats import Item, Parsed
from ingest.urls import canonical

_SHOWN = 200  # characters of an item in an error

Problems = list[tuple[str, str]]
"""Pairs of an input (an address, an item's place) and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Articles whole as they came, items that only point to their page, and what could not be read or kept."""

    drafts: list[Draft] = field(default_factory=list)
    links: list[Item] = field(default_factory=list)
    problems: Problems = field(default_factory=list)


def gather(source: Source, parsed: Parsed) -> Gathered:
    """Sort the items of a body; a bad one is told by its place and stops no other."""
    found = Gathered(problems=[(_place(source, error.position), error.reason) for error in parsed.errors])
    shared = Counter(item.url for item in parsed.items)
    for item in parsed.items:
        place = _place(source, item.position, item)
        url, problem = _address(item)
        if problem:
            found.problems.append((place, problem))
        if url and (source.full_text or not item.text) and shared[item.url] == 1:
            found.links.append(item)
            continue
        try:
            made = _draft(source, item, url)
        except BadArticle as error:
            found.problems.append((place, str(error)))
        else:
            # one address for several items is that of the site, or of a page with several stories
            found.drafts.append(made.without_key() if shared[item.url] > 1 else made)
    return found


def _address(item: Item) -> tuple[str | None, str | None]:
    """The item's address if it is one, else what is wrong with it; the article is worth keeping without."""
    try:
        return (item.url, None) if item.url and canonical(item.url) else (None, None)
    except BadUrl as error:
        return None, f"kept without its address: {error}"


def _draft(source: Source, item: Item, url: str | None) -> Draft:
    return draft(
        title=item.title,
        text=item.text,
        url=url,
        published=item.published,
        author=item.author,
        source_name=item.source_name or source.name,
    )


def _place(source: Source, position: int, item: Item | None = None) -> str:
    if position == 0:
        return source.url
    named = f" ({(item.url or item.title)[:_SHOWN]})" if item else ""
    return f"{source.url} item {position}{named}"
