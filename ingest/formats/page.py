"""A web page that is one article: its text without what stands around it, its title, time, author and source."""

from zoneinfo import ZoneInfo

from ingest.clean import first_line
from ingest.errors import NoArticle
from ingest.formats.base import Body, Item, Parsed
from ingest.html import challenge
from ingest.html.article import article_text
from ingest.html.facts import read_facts
from ingest.html.furniture import is_furniture, without_furniture
from ingest.html.lines import Line, read_lines
from ingest.html.tree import is_html, read_page

_LEAST = 20  # characters of text that make an article; a flash has some thirty


class Page:
    """HTML where an article is expected: the page of a link, or a source declared as one."""

    name = "page"

    def sniff(self, body: Body) -> bool:
        """HTML by its first markup, else by its type, unless the source is declared as something else."""
        return body.kind in {"page", ""} and is_html(body.content, body.content_type)

    def parse(self, body: Body) -> Parsed:
        """One item; Challenged or NoArticle where the page holds none."""
        page = read_page(body.content, url=body.url, content_type=body.content_type)
        challenge.check(page, body.url)
        lines = read_lines(page.root)
        told = article_text(page.root)
        facts = read_facts(page, lines, told, ZoneInfo(body.zone))
        text = "\n\n".join(without_furniture(told, [facts.title, facts.author or "", facts.source_name or ""]))
        if len(text) < _LEAST or _unlinked(lines) < _LEAST:
            raise NoArticle(f"{body.url}: no article found: {_why(page.source, len(lines))}")
        return Parsed(
            (
                Item(
                    title=facts.title or first_line(text),
                    text=text,
                    url=body.url if body.url.startswith("http") else None,
                    published=facts.published,
                    author=facts.author,
                    source_name=facts.source_name,
                ),
            )
        )


def _unlinked(lines: list[Line]) -> int:
    """Characters of a page that are no link and no furniture; where there are none, all text is navigation."""
    return sum(max(0, len(line.text) - line.linked) for line in lines if not is_furniture(line.text))


def _why(source: str, lines: int) -> str:
    if lines < 10 and source.count("<script") > 0:
        return "next to no text; scripts would fill the page"
    return "the page has no text but navigation"
