"""One article as plain text: a .txt or .md file, or a text that was pushed. A first line `# …` is its title."""

from ingest.charset import decode
from ingest.clean import first_line, tidy
from ingest.errors import BadArticle
from ingest.formats.base import Body, Item, Parsed

_TYPES = ("text/plain", "text/markdown")


class Plain:
    """A body whose content type says that it is text."""

    name = "plain"

    def sniff(self, body: Body) -> bool:
        """By content type, unless it is markup after all."""
        return body.content_type.strip().lower().startswith(_TYPES) and not body.content.lstrip().startswith(b"<")

    def parse(self, body: Body) -> Parsed:
        """One item; without a `# ` line its first line is its title, and stays in the text."""
        url = body.url
        text = tidy(decode(body.content, content_type=body.content_type, name=url))
        if not text:
            raise BadArticle(f"{url}: the text is empty")
        first, _, rest = text.partition("\n")
        if first.startswith("# "):
            title, text = first[2:].strip(), rest.strip() or first[2:].strip()
        else:
            title = first_line(text)
        return Parsed((Item(title=title, text=text, url=url if url.startswith("http") else None),))
