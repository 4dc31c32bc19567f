"""`yinqi dossier`: which banks stand behind these firms, shown or written as a document."""

from pathlib import Path
from typing import Annotated

import typer

from cli.remote import api
from core.errors import RejectedInput

_FORMATS = ("md", "docx", "xlsx")


def dossier(
    firms: Annotated[list[str], typer.Argument(help="Firms by any name, stock code or pinyin.")],
    out: Annotated[
        Path | None, typer.Option(help="Write a .md, .docx or .xlsx file; else Markdown is printed.")
    ] = None,
    lang: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    json: Annotated[bool, typer.Option("--json", help="Print the dossier as JSON.")] = False,
) -> None:
    """Tell which banks stand behind these firms: what each did, how much, when, and who says so."""
    kind = out.suffix.removeprefix(".") if out else "md"
    if kind not in _FORMATS:
        raise RejectedInput(f"{out}: a dossier is written as {', '.join(f'.{one}' for one in _FORMATS)}")
    if lang not in ("zh", "en"):
        raise RejectedInput(f"--lang: {lang!r} is neither zh nor en")
    if out and not out.parent.is_dir():
        raise RejectedInput(f"{out}: there is no folder {out.parent}")
    with api() as yinqi:
        if json:
            typer.echo(yinqi.dossier(firms).model_dump_json())
            return
        told = yinqi.dossier_document(firms, kind, lang=lang)  # type: ignore[arg-type] # one of _FORMATS
    if out is None:
        typer.echo(told.decode("utf-8"))
        return
    out.write_bytes(told)
    typer.echo(f"{out}: {len(told):,} bytes")
