"""One article as plain text or Markdown: a .txt or .md file, or a text that was pushed.

A first line `# …` is its title. Before it may stand front matter: lines of `key: value` between two lines of `---`.
"""

from zoneinfo import ZoneInfo

from ingest.charset import decode
from ingest.clean import first_line, tidy
from ingest.errors import BadArticle
from ingest.formats._front import FrontMatter, front_matter
from ingest.formats._links import is_web, path_of
from ingest.formats._markdown import unmarked
from ingest.formats.base import Body, Item, ItemError, Parsed
from ingest.times import read_time

_MARKDOWN = ("text/markdown", "text/x-markdown")
_TYPES = ("text/plain", *_MARKDOWN)
_UNTOLD = ("", "application/octet-stream", "binary/octet-stream")  # what servers say of files they do not know
_MARKDOWN_ENDINGS = (".md", ".markdown")
_ENDINGS = (".txt", ".text", *_MARKDOWN_ENDINGS)


class Plain:
    """A body whose content type, or else whose name, says that it is text."""

    name = "plain"

    def sniff(self, body: Body) -> bool:
        """By content type or name, unless it is markup after all."""
        kind = _kind(body)
        told = kind in _TYPES or (kind in _UNTOLD and path_of(body.url).endswith(_ENDINGS))
        return told and not body.content.lstrip().startswith(b"<")

    def parse(self, body: Body) -> Parsed:
        """One item; without a title its first line is that, and stays in the text."""
        told, text = front_matter(decode(body.content, content_type=body.content_type, name=body.url))
        text = tidy(unmarked(text) if _is_markdown(body) else text)
        first, _, rest = text.partition("\n")
        if first.startswith("# "):
            title, text = first[2:].strip(), rest.strip() or first[2:].strip()
        else:
            title = first_line(text)
        if not text:
            raise BadArticle(f"{body.url}: the text is empty")
        return _parsed(body, told, told.title or title, text)


def _parsed(body: Body, told: FrontMatter, title: str, text: str) -> Parsed:
    zone, problems = ZoneInfo(body.zone), []
    times = []
    for written in (told.published, told.updated):
        times.append(read_time(written, zone) if written else None)
        if written and times[-1] is None:
            problems.append(ItemError(1, f"{written[:40]!r} is no date; kept without"))
    item = Item(
        title=title,
        text=text,
        url=next((url for url in (told.url, body.url) if is_web(url)), None),
        published=times[0] or times[1],
        updated=times[1],
        author=told.author or None,
        source_name=told.source_name or None,
    )
    return Parsed((item,), tuple(problems))


def _kind(body: Body) -> str:
    return body.content_type.partition(";")[0].strip().lower()


def _is_markdown(body: Body) -> bool:
    return _kind(body) in _MARKDOWN or path_of(body.url).endswith(_MARKDOWN_ENDINGS)
