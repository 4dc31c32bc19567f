"""PDF: a newspaper's pages, each story an article, or a report as one article."""

from zoneinfo import ZoneInfo

from ingest.clean import first_line
from ingest.errors import NothingFound
from ingest.formats.base import Body, Item, ItemError, Parsed
from ingest.pdf.read import read_pdf

_HEAD = 1024  # bytes among which readers accept the mark (ISO 32000-1, implementation note 13)


class Pdf:
    """Documents that begin with %PDF-."""

    name = "pdf"

    def sniff(self, body: Body) -> bool:
        """By its mark; a file whose mark is gone is none."""
        return b"%PDF-" in body.content[:_HEAD]

    def parse(self, body: Body) -> Parsed:
        """The stories in the order of the pages; all have the address of the PDF."""
        found = read_pdf(body.content, body.url, ZoneInfo(body.zone))
        items = [
            Item(
                title=story.title or first_line(story.paragraphs[0]),
                text="\n\n".join(story.paragraphs),
                url=body.url if body.url.startswith("http") else None,
                published=found.published,
                author="；".join(story.authors) or None,
                position=position,
            )
            for position, story in enumerate((one for one in found.stories if one.paragraphs), start=1)
        ]
        if not items:
            raise NothingFound(f"{body.url}: the PDF holds no story, only headlines or advertisements")
        return Parsed(tuple(items), tuple(ItemError(0, reason) for reason in found.problems))
