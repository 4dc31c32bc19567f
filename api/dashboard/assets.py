"""What is in `static/`, under names that hold the hash of its content, so that browsers may keep it for good."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from fastapi import APIRouter, Request, Response

from api.errors import not_found

router = APIRouter(include_in_schema=False)
_FOLDER = Path(__file__).parent / "static"
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_FOR_GOOD = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}


@dataclass(frozen=True)
class Asset:
    """A file: its bytes as they are and packed, and the name under which it is served (app.1a2b3c4d5e6f.css)."""

    path: Path

    @cached_property
    def content(self) -> bytes:
        """Its bytes."""
        return self.path.read_bytes()

    @cached_property
    def packed(self) -> bytes:
        """Its bytes with gzip."""
        return gzip.compress(self.content, mtime=0)

    @cached_property
    def served_as(self) -> str:
        """Its place below `/static/`."""
        digest = hashlib.sha256(self.content).hexdigest()[:12]
        name = self.path.relative_to(_FOLDER)
        return name.with_name(f"{name.stem}.{digest}{name.suffix}").as_posix()


@cache
def by_name() -> dict[str, Asset]:
    """Every file that may be served, by its path below `static/`."""
    found = (path for path in sorted(_FOLDER.rglob("*")) if path.suffix in _KINDS)
    return {path.relative_to(_FOLDER).as_posix(): Asset(path) for path in found}


@cache
def _by_address() -> dict[str, Asset]:
    return {asset.served_as: asset for asset in by_name().values()}


def address(name: str) -> str:
    """Where a file of `static/` is served; KeyError where there is none."""
    return f"/static/{by_name()[name].served_as}"


@router.get("/static/{name:path}")
def static(request: Request, name: str) -> Response:
    """The file under its hashed name; of any other name nothing is there."""
    asset = _by_address().get(name)
    if asset is None:
        raise not_found("file")
    kind = _KINDS[asset.path.suffix]
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, headers={**_FOR_GOOD, "content-encoding": "gzip"}, media_type=kind)
    return Response(asset.content, headers=_FOR_GOOD, media_type=kind)
