"""Bodies made to do harm, by name: the bytes and the content type that they say they have."""

import io
import zipfile
import zlib

_LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))


def xml_laughs() -> bytes:
    """A billion laughs (a few hundred bytes that make gigabytes) as a feed."""
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "哈哈哈哈哈哈">{_LAUGHS}]>'
    return f'{head}<rss version="2.0"><channel><item><title>&l9;</title></item></channel></rss>'.encode()


def xml_outside(url: str) -> bytes:
    """A feed whose entity lies elsewhere."""
    entities = f'<!ENTITY x SYSTEM "{url}"><!ENTITY % y SYSTEM "{url}"> %y;'
    head = f'<?xml version="1.0"?><!DOCTYPE rss SYSTEM "{url}" [{entities}]>'
    return f'{head}<rss version="2.0"><channel><item><title>&x;</title></item></channel></rss>'.encode()


def html_deep() -> bytes:
    """As deep as a page of 5 MB can be."""
    return b"<html><body>" + b"<div>" * 1_000_000 + "样例银行".encode()


def html_links() -> bytes:
    """Hundreds of thousands of links, each to another page."""
    return b"<html><body><ul>" + b"".join(b"<li><a href='/%d'>a</a>" % n for n in range(300_000))


def docx() -> bytes:
    """A Word document of 64 MiB in 65 kB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>")
            for _ in range(64):
                part.write(b" " * 2**20)
    return made.getvalue()


def pdf(*objects: bytes, root: int = 1) -> bytes:
    """A PDF of these objects, numbered from 1, with its table of places."""
    made, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return made + b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, root, start)


def _stream(data: bytes, more: bytes = b"", *, times: int = 1) -> bytes:
    """A stream packed `times` over: each packing makes a thousandth of zeros."""
    for _ in range(times):
        data = zlib.compress(data, 9)
    filters = b"/Filter[" + b"/FlateDecode " * times + b"]"
    return b"<</Length %d%s%s>>stream\n%s\nendstream" % (len(data), filters, more, data)


def pdf_packed() -> bytes:
    """A page whose content is 1 GiB of text operators, packed twice into a few kilobytes."""
    part = zlib.compressobj(9)
    data = b"".join(part.compress(b"BT /F1 9 Tf (aaaa) Tj ET\n" * 40_000) for _ in range(1024)) + part.flush()
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    packed = zlib.compress(data, 9)
    content = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(packed), packed)
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, content, font)


def pdf_pages() -> bytes:
    """Says that it has a billion pages, and its tree of pages leads into itself."""
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000000/Parent 2 0 R>>")


def pdf_loop() -> bytes:
    """A form that draws itself, many times over, on each of its drawings."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X 5 0 R>>>>"
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page,
        _stream(b"/X Do " * 1000),
        _stream(b"/X Do " * 1000, form),
    )


def pdf_places() -> bytes:
    """A table of places whose `Prev` is itself."""
    made = pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>")
    start = made.rpartition(b"startxref\n")[2].partition(b"\n")[0]
    return made.replace(b"trailer\n<<", b"trailer\n<</Prev %s" % start)
