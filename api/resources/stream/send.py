"""One listener's connection, as server-sent events (WHATWG HTML, 9.2)."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
import orjson
import structlog
from fastapi import Response
from starlette.types import Message, Receive, Scope, Send

from api.errors import Invalid
from api.resources.stream.hub import Entry, Gate, Hub, Listener, hub
from api.resources.stream.wanted import Names, Wanted
from core.views import moment

log = structlog.get_logger(__name__)
BEAT = 15.0  # seconds between two signs of life
PATIENCE = 60.0  # seconds in which what is sent must be taken
RETRY = 2000  # milliseconds after which a reader comes back

_ENDS = re.compile(r"\r\n|\r|\n")  # of lines, by the standard
Render = Callable[[Entry, Names], str]
"""The text that stands for a piece of news, given the names of the listener's watchlists that asked for it."""


def as_json(entry: Entry, names: Names) -> str:
    """The same body as a webhook's (docs/webhooks.md)."""
    data = {"event": entry.event, "previous": entry.previous, "watchlists": list(names)}
    return orjson.dumps({"type": entry.type, "timestamp": moment(entry.at), "data": data}).decode()


class EventStream(Response):
    """The news that `wanted` asks for, from now on or after the number `last`, as `render` tells them.

    It ends when `gate` shuts, when the server stops, and, with `follow` false, when all that there is was told.
    """

    media_type = "text/event-stream"

    def __init__(
        self, wanted: Wanted, gate: Gate, *, last: int | None = None, follow: bool = True, render: Render = as_json
    ) -> None:
        super().__init__(headers={"x-accel-buffering": "no"}, media_type=self.media_type)
        del self.headers["content-length"]
        self._wanted, self._gate, self._last, self._follow, self._render = wanted, gate, last, follow, render

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        """Send until it is over or nobody listens any more; Invalid where `last` is no place to go on from."""
        live = hub()
        listener = live.join(self._wanted, self._gate, await _position(live, self._last))
        watching = asyncio.create_task(_watch(receive, live, listener))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            async for piece in self._pieces(live, listener):
                if not await _sent(send, {"type": "http.response.body", "body": piece, "more_body": True}):
                    return
            await send({"type": "http.response.body", "body": b""})
        finally:
            watching.cancel()
            live.leave(listener)

    async def _pieces(self, live: Hub, listener: Listener) -> AsyncIterator[bytes]:
        yield f"retry: {RETRY}\nid: {listener.position}\n\n".encode()
        newest = None if self._follow else await live.newest()
        while not listener.end.is_set():
            came = await live.take(listener)
            if came:
                yield b"".join(_frame(entry, names, self._render) for entry, names in came)
            elif newest is not None and listener.position >= newest:
                return
            elif not await _heard(live, listener):
                yield f": \nid: {listener.position}\n\n".encode()


async def _heard(live: Hub, listener: Listener) -> bool:
    """Wait until there may be something; False where a sign of life is due."""
    with anyio.move_on_after(BEAT):
        while not listener.end.is_set():
            if await live.wait(listener):
                return True
    return listener.end.is_set()


async def _position(live: Hub, last: int | None) -> int:
    if last is None:
        return await live.newest()
    ends = await live.ends()
    if last > max(ends.given, ends.newest):
        raise Invalid.at("query.after", f"{last} is none of ours: the newest is {ends.newest}")
    if last < ends.oldest - 1:
        told = f"what came right after {last} is not kept any more: connect without it, and read /v1/events?since="
        raise Invalid.at("query.after", told)
    return last


async def _watch(receive: Receive, live: Hub, listener: Listener) -> None:
    """Where the reader hangs up, it is over."""
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end.set()
    live.leave(listener)


async def _sent(send: Send, message: Message) -> bool:
    """Whether it was taken in time; a reader who takes nothing is let go, and reads on when it comes back."""
    with anyio.move_on_after(PATIENCE) as waiting:
        await send(message)
    if waiting.cancelled_caught:
        log.info("stream.stuck")
    return not waiting.cancelled_caught


def _frame(entry: Entry, names: Names, render: Render) -> bytes:
    """The news as an event with its number, made once for all who get it alike."""
    key: Any = (render, names)
    if key not in entry.frames:
        lines = "".join(f"data: {line}\n" for line in _ENDS.split(render(entry, names)))
        entry.frames[key] = f"id: {entry.number}\nevent: {entry.type}\n{lines}\n".encode()
    return entry.frames[key]
