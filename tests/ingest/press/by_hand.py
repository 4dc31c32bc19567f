"""PDFs that no typesetter makes: written byte by byte, or by reportlab without a font file."""

import io
from collections.abc import Sequence

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

SONG = "STSong-Light"
"""A Chinese font that is named and not embedded: PDFium knows its characters without any file."""


def paper(width: float, height: float) -> tuple[Canvas, io.BytesIO]:
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))
    out = io.BytesIO()
    return Canvas(out, pagesize=(width, height), invariant=1), out


def printed(canvas: Canvas, out: io.BytesIO) -> bytes:
    canvas.save()
    return out.getvalue()


def blank_pages(count: int, text: str = "") -> bytes:
    canvas, out = paper(200, 200)
    for number in range(count):
        canvas.setFont(SONG, 10)
        canvas.drawString(20, 100, text and f"{text}{number}。")
        canvas.showPage()
    return printed(canvas, out)


def locked() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, encrypt=StandardEncryption("secret"))
    canvas.drawString(72, 720, "locked")
    return printed(canvas, out)


def raw_pdf(objects: Sequence[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for at, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (at, one)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def unknown_glyphs() -> bytes:
    """A page whose font tells neither characters nor a known collection."""
    text = b"BT /F1 12 Tf 72 700 Td <" + b"".join(b"%04x" % (300 + at) for at in range(120)) + b"> Tj ET"
    return raw_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 2000 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
            b"<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+Song/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/AAAAAA+Song/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/DW 1000/FontDescriptor 7 0 R>>",
            b"<</Type/FontDescriptor/FontName/AAAAAA+Song/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 880"
            b"/Descent -120/CapHeight 700/StemV 80>>",
        ]
    )
