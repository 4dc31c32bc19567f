"""Word documents for tests, made part by part, so that they can hold what no library would write."""

import io
import zipfile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{}"/>'
    "</Relationships>"
)
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
    "<dc:title>{}</dc:title><dcterms:modified>2026-03-01T00:30:00Z</dcterms:modified></cp:coreProperties>"
)
_STYLES = (
    f'<w:styles {W}><w:style w:styleId="a3"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style></w:styles>'
)


def document(body: str, *, title: str = "", main: str = "word/document.xml", **parts: bytes) -> bytes:
    """A .docx whose body is the given XML; `parts` are further files (`word__x` is word/x)."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (
            ("[Content_Types].xml", "<Types/>"),
            ("_rels/.rels", _RELATIONS.format("/" + main)),
            (main, f"<w:document {W} xmlns:mc='urn:mc' xmlns:v='urn:v'><w:body>{body}</w:body></w:document>"),
            ("word/styles.xml", _STYLES),
            ("docProps/core.xml", _CORE.format(title)),
        ):
            package.writestr(zipfile.ZipInfo(name), content)
        for name, more in parts.items():
            package.writestr(zipfile.ZipInfo(name.replace("__", "/")), more)
    return made.getvalue()


def paragraph(text: str, style: str = "") -> str:
    """A paragraph of one run."""
    told = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{told}<w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table; a cell `^` is merged with the one above."""
    told = ("".join(map(_cell, row)) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{cells}</w:tr>' for cells in told)}</w:tbl>"


def _cell(text: str) -> str:
    merged = "<w:tcPr><w:vMerge/></w:tcPr>" if text == "^" else ""
    return f"<w:tc>{merged}{paragraph('' if merged else text)}</w:tc>"
