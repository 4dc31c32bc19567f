"""A PDF's bytes into its pages, by PDFium; what cannot be opened is named."""

from collections.abc import Iterator
from contextlib import closing

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.errors import BadArticle, Unreadable
from ingest.pdf.drawing import read_drawing
from ingest.pdf.glyphs import read_glyphs
from ingest.pdf.marks import Sheet

MOST_PAGES = 200  # read of a document; a newspaper's issue has some tens, a long annual report somewhat more
ABSURD_PAGES = 5_000  # no newspaper and no report
LARGEST = 50 * 2**20  # bytes


class Document:
    """An open PDF: `count` pages, `made` its date as its maker wrote it (D:20260301083000+08'00'), empty if untold."""

    def __init__(self, content: bytes, name: str) -> None:
        """Unreadable or BadArticle say by `name` why it cannot be opened."""
        if len(content) > LARGEST:
            raise BadArticle(f"{name}: the PDF has {len(content):,} bytes; {LARGEST:,} are the most")
        self._pdf = _open(content, name)
        self.count = len(self._pdf)
        if not 0 < self.count <= ABSURD_PAGES:
            self.close()
            raise BadArticle(f"{name}: the PDF has {self.count:,} pages; {ABSURD_PAGES:,} are the most")
        told = self._pdf.get_metadata_dict()
        self.made: str = told.get("CreationDate") or told.get("ModDate") or ""

    def sheets(self) -> Iterator[Sheet | None]:
        """The first pages, in order; None for one that is broken."""
        for number in range(min(self.count, MOST_PAGES)):
            yield self._sheet(number)

    def close(self) -> None:
        """Give the memory back."""
        self._pdf.close()

    def _sheet(self, number: int) -> Sheet | None:
        try:
            page = self._pdf[number]
        except pdfium.PdfiumError:
            return None
        with closing(page), closing(page.get_textpage()) as text:
            found, upright, unknown = read_glyphs(text.raw, page.get_cropbox())
            width, height = upright.size
            drawn = read_drawing(page.raw, upright)
        return Sheet(width, height, found, drawn.horizontal, drawn.vertical, drawn.boxes, drawn.pictures, unknown)


def _open(content: bytes, name: str) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Unreadable(f"{name}: the PDF is encrypted, and asks for a password") from error
        raise Unreadable(f"{name}: the PDF is broken: {error}") from error
