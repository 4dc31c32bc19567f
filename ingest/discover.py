"""What an address would give: asked before a source is saved.

The body itself may be a feed, a sitemap or a document. Of a page of HTML its feeds are tried, those in its head before
those it links to; then the sitemaps that its site tells; then the list of links on the page itself. Few requests are
made, and none that robots.txt forbids.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from core.errors import RejectedInput, YinqiError
from core.http import Outbound, Response, check_url
from ingest import formats, leads
from ingest.errors import BadFeed
from ingest.formats import Body, Item, Parsed
from ingest.html.tree import is_html
from ingest.isolate import Readers
from ingest.title import title_of
from ingest.visit import Visitor

MOST_REQUESTS = 16
MOST_SECONDS = 25.0
SHOWN = 5
"""Items of a candidate that are shown."""
FIRST_WORDS = 200
"""Characters of an article that are shown."""
_FEEDS = 5  # that are tried
_SITEMAPS = 2
_PAGES = 2  # of a candidate that are fetched to be shown, or to be compared with what its feed tells
_CUT = 0.6  # a feed whose texts are shorter than so much of their pages cuts them


@dataclass(frozen=True, slots=True)
class Sample:
    """One article as it would be collected; of a link whose page was not fetched the text is empty."""

    title: str
    url: str | None
    published: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to collect from an address: `how` tells where it was found, `items` how many there are now.

    `full_text`: what it tells of articles is cut, and their pages tell more.
    """

    kind: str
    url: str
    title: str
    how: str
    items: int
    samples: tuple[Sample, ...]
    selector: str | None = None
    full_text: bool = False


@dataclass(frozen=True, slots=True)
class Discovery:
    """The candidates in order of trust, and of what else was looked at (address, why it is none)."""

    candidates: tuple[Candidate, ...]
    others: tuple[tuple[str, str], ...] = ()


def as_dict(found: Discovery) -> dict[str, Any]:
    """For programs: plain values, times as ISO moments in UTC."""
    return {
        "candidates": [
            {**asdict(one), "samples": [{**asdict(sample), "published": _iso(sample)} for sample in one.samples]}
            for one in found.candidates
        ],
        "others": [{"url": url, "reason": reason} for url, reason in found.others],
    }


def _iso(sample: Sample) -> str | None:
    return sample.published.isoformat() if sample.published else None


def discover(
    out: Outbound,
    readers: Readers,
    url: str,
    *,
    kind: str = "",
    selector: str | None = None,
    zone: str = "Asia/Shanghai",
) -> Discovery:
    """What could be collected from `url`; with a `kind` or `selector` as that and nothing else.

    Errors: those of core.http for the address itself; Forbidden where robots.txt does not allow it.
    """
    visitor = Visitor(out, requests=MOST_REQUESTS, seconds=MOST_SECONDS)
    return _Look(visitor, readers, selector=selector, zone=zone).look(url, kind or ("list" if selector else ""))


@dataclass(slots=True)
class _Found:
    """A candidate with what was read, of which its samples are made."""

    candidate: Candidate
    parsed: Parsed


@dataclass(slots=True)
class _Look:
    visitor: Visitor
    readers: Readers
    selector: str | None
    zone: str
    others: list[tuple[str, str]] = field(default_factory=list)

    def look(self, url: str, kind: str) -> Discovery:
        answer = self.visitor.get(url)
        if kind:
            found = [self._read(answer, kind, "as declared", asked=url)]
        elif is_html(answer.body, answer.headers.get("content-type", "")):
            found = list(self._of_page(answer, url))
        else:
            found = [self._read(answer, "", "the address itself", asked=url)]
        if found:
            found[0] = self._with_pages(found[0])
        return Discovery(tuple(one.candidate for one in found), tuple(self.others))

    def _of_page(self, answer: Response, asked: str) -> Iterator[_Found]:
        with Readers(1, module="ingest.leads") as readers:
            title, *told = readers.read_now(_body(answer)).items
        yield from self._tried(told, title.title)
        sitemaps, of_page = self._sitemaps(answer.url, title.title), self._list(answer, title.title, asked)
        # a page deep in a site was named for what stands on it, the front page for the site
        deep = urlsplit(answer.url).path.strip("/") not in {"", "index.html", "index.htm"}
        yield from (*of_page, *sitemaps) if deep else (*sitemaps, *of_page)

    def _tried(self, told: Sequence[Item], title: str) -> Iterator[_Found]:
        """The feeds among the leads; those of comments come last."""
        for lead in sorted(told[:_FEEDS], key=lambda one: _is_of_comments(one)):
            how = "named in the page's head" if lead.guid == leads.ALTERNATE else "linked on the page"
            found = self._try(lead.url or "", "", how, lead.title or title)
            # a page about feeds is no feed
            if found and found.candidate.kind not in {"page", "plain"}:
                yield found

    def _sitemaps(self, url: str, title: str) -> list[_Found]:
        told = self.visitor.sitemaps(url) or [urljoin(url, "/sitemap.xml")]
        tried = (self._try(one, "sitemap", "the site's sitemap", title) for one in told[:_SITEMAPS])
        return [found for found in tried if found]

    def _list(self, answer: Response, title: str, asked: str) -> list[_Found]:
        try:
            return [self._read(answer, "list", "the links on the page", title, asked=asked)]
        except RejectedInput as error:
            self.others.append((answer.url, str(error)))
            return []

    def _try(self, url: str, kind: str, how: str, title: str) -> _Found | None:
        try:
            return self._read(self.visitor.get(url), kind, how, title, asked=url)
        except YinqiError as error:
            self.others.append((url, str(error)))
            return None

    def _read(self, answer: Response, kind: str, how: str, title: str = "", *, asked: str) -> _Found:
        body = replace(_body(answer), kind=kind, selector=self.selector, zone=self.zone)
        parsed = self.readers.read_now(body)
        if parsed.parts and not parsed.items:  # of a sitemap index the newest part shows what comes
            part = _body(self.visitor.get(parsed.parts[0].url))
            parsed = self.readers.read_now(replace(part, kind=kind, zone=self.zone))
        if not parsed.items:
            raise BadFeed(f"{answer.url}: nothing to collect: no article and no link to one")
        candidate = Candidate(
            kind=formats.choose(body).name,
            url=check_url(asked),  # where it leads today may be a cache's address
            title=title_of(body) or title or urlsplit(asked).netloc,
            how=how,
            items=len(parsed.items),
            samples=tuple(_sample(item) for item in parsed.items[:SHOWN]),
            selector=self.selector,
        )
        return _Found(candidate, parsed)

    def _with_pages(self, found: _Found) -> _Found:
        """With the pages of its first items: what links lead to, and whether a feed tells less than its pages."""
        candidate, samples, cut = found.candidate, list(found.candidate.samples), False
        for number, item in enumerate(found.parsed.items[:_PAGES]):
            page = self._page(item.url) if item.url and len(found.parsed.items) > 1 else None
            if page is None:
                continue
            if not item.text:
                samples[number] = _sample(page, item)
            elif len(item.text) < _CUT * len(page.text):
                cut = True
        return _Found(replace(candidate, samples=tuple(samples), full_text=cut), found.parsed)

    def _page(self, url: str) -> Item | None:
        try:
            items = self.readers.read_now(replace(_body(self.visitor.get(url)), kind="page", zone=self.zone)).items
        except YinqiError as error:
            self.others.append((url, str(error)))
            return None
        return items[0] if items else None


def _sample(item: Item, link: Item | None = None) -> Sample:
    """The item as it would be collected; what its link told stands in for what its page does not."""
    return Sample(
        title=item.title or (link.title if link else ""),
        url=item.url or (link.url if link else None),
        published=item.published or (link.published if link else None),
        text=" ".join(item.text[: 2 * FIRST_WORDS].split())[:FIRST_WORDS],
    )


def _body(answer: Response) -> Body:
    return Body(content=answer.body, url=answer.url, content_type=answer.headers.get("content-type", ""))


def _is_of_comments(lead: Item) -> bool:
    told = f"{lead.title} {lead.url}".lower()
    return "comment" in told or "评论" in told
