"""What a client takes away in one go: files of any filtered list, and the news as they are told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import httpx

from yinqi.news import Stream
from yinqi.problems import plain, problem

What = Literal["events", "articles", "banks", "firms", "deliveries"]


class Taking:
    """The part of the client that takes away."""

    _http: httpx.Client

    def export(
        self,
        what: What,
        path: Path | str,
        *,
        format: str | None = None,
        headings: Literal["names", "zh"] = "names",
        progress: Callable[[int], object] | None = None,
        **filters: Any,
    ) -> int:
        """Write a list, filtered as it takes them, to the file `path`, which is there when it is whole; its bytes.

        `format` is csv, xlsx, jsonl or parquet, and follows from the file's name unless given. `progress` is told how
        many bytes came so far. ProblemError where the API refuses, httpx.HTTPError where the download breaks off.
        """
        path = Path(path)
        asked = {"format": format or path.suffix.removeprefix("."), "headings": headings, **filters}
        query = {name: value for name, value in plain(asked).items() if value is not None}
        part = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
        try:
            size = self._download(f"/v1/exports/{what}", query, part, progress or (lambda _: None))
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return size

    def _download(self, at: str, query: dict[str, Any], part: Path, progress: Callable[[int], object]) -> int:
        with part.open("wb") as file, self._http.stream("GET", at, params=query) as answer:
            if not answer.is_success:
                answer.read()
                raise problem(answer)
            for piece in answer.iter_bytes():
                file.write(piece)
                progress(file.tell())
            return file.tell()

    def stream(self, *, after: int | None = None, **filters: Any) -> Stream:
        """The news from now on, or after the number `after`: iterate over it, for ever. Where a connection breaks, it
        goes on with the next and misses nothing.

        Filters are those of events, and watchlist (ids of yours), type, follow (False: ends when all was told).
        """
        query = {name: value for name, value in plain(filters).items() if value is not None}
        return Stream(self._http, query, after)
