"""The live stream: server-sent events into news, over as many connections as it takes."""

import json
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import httpx

from yinqi.base import Answer
from yinqi.models import Event
from yinqi.problems import problem

SILENCE = 60.0  # seconds without a sign of life after which a connection is given up; the server gives one every 15
LONGEST = 60.0  # seconds between two tries, at most
_LATER = {429, 500, 502, 503, 504}


class News(Answer):
    """One version of an event as it was told: `id` is its number in the stream, `previous` the old values of what
    changed, `watchlists` the names of yours that were named and are told of it."""

    id: int
    type: str
    timestamp: datetime
    event: Event
    previous: dict[str, Any] | None
    watchlists: list[str]


class Stream:
    """Iterates over news. `last` is the number up to which all was given: keep it, and go on from there later."""

    def __init__(self, http: httpx.Client, query: Mapping[str, Any], last: int | None) -> None:
        self._http, self._query, self.last = http, query, last
        self._retry, self._failures, self._was_reached = 2.0, 0, False
        self._follows = query.get("follow", True) is not False

    def __iter__(self) -> Iterator[News]:
        while True:
            try:
                yield from self._connected()
            except httpx.TransportError:
                if not (self._follows and self._was_reached):
                    raise
            if not self._follows:
                return
            time.sleep(min(self._retry * 2**self._failures, LONGEST))
            self._failures = min(self._failures + 1, 10)

    def _connected(self) -> Iterator[News]:
        """What one connection brings until it ends; ProblemError where the API will not have it."""
        headers = {} if self.last is None else {"last-event-id": str(self.last)}
        timeout = httpx.Timeout(self._http.timeout.connect, read=SILENCE)
        with self._http.stream("GET", "/v1/stream", params=self._query, headers=headers, timeout=timeout) as answer:
            if not answer.is_success:
                answer.read()
                if answer.status_code in _LATER and self._follows and self._was_reached:
                    return
                raise problem(answer)
            self._was_reached = True
            for block in blocks(answer.iter_bytes()):
                self._failures = 0
                yield from self._told(block)

    def _told(self, block: Mapping[str, str]) -> Iterator[News]:
        if "retry" in block:
            self._retry = int(block["retry"]) / 1000
        number = int(block["id"]) if "id" in block else self.last
        self.last = number
        if "data" in block:
            body = json.loads(block["data"])
            yield News.model_validate({**body, **body["data"], "id": number})


def blocks(pieces: Iterator[bytes]) -> Iterator[dict[str, str]]:
    """The blocks of an event stream (WHATWG HTML, 9.2.6), each as its fields; lines of `data` are joined by \\n."""
    block: dict[str, str] = {}
    for line in _lines(pieces):
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data" and name in block:
            block[name] += "\n" + value
        elif name:
            block[name] = value
        elif not line and block:
            yield block
            block = {}


def _lines(pieces: Iterator[bytes]) -> Iterator[str]:
    """Lines that end in \\n or \\r\\n and nothing else: a text may hold signs that other readers take for line ends."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line.removesuffix(b"\r").decode() for line in whole)
