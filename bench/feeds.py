"""A server of many feeds on loopback, each on an address of its own: `python -m bench.feeds PORT_FILE`.

A feed's address is `http://127.a.b.c:PORT/rss`; its number follows from a, b and c. The server knows ETags. With each
version a fifth of the feeds has a new item, and only those answer with a body. `/version/N` sets the version, so that
several readers can be measured against the same changes, and makes ready what whoever asks first would wait for.
"""

import asyncio
import random
import sys
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, NamedTuple

import uvloop

ITEMS = 10  # of one feed, as many as WordPress gives by itself
SHARE = 5  # one of so many feeds changes with each version
_LENGTH = 300  # signs of an item's text
_SIGNS = "".join(map(chr, range(0x4E00, 0x4E00 + 2_000)))


def address(number: int) -> str:
    """The loopback address of a feed."""
    return f"127.{1 + number // 65536}.{number // 256 % 256}.{number % 256}"


def number_of(host: str) -> int:
    """The feed at a loopback address."""
    _, a, b, c = map(int, host.split("."))
    return (a - 1) * 65536 + b * 256 + c


def version_of(number: int, version: int) -> int:
    """How often the feed has changed when all versions up to `version` are out."""
    return sum(1 for one in range(1, version + 1) if (number + one) % SHARE == 0)


class Told(NamedTuple):
    """One item."""

    title: str
    link: str
    text: str


def items(number: int, changes: int) -> list[Told]:
    """What the feed holds, newest first. No two texts have a sentence in common, as those of two sites have not."""
    return [
        Told(
            f"{number}号网站的第{one}条消息",
            f"http://{address(number)}/news/{one}.html",
            f"{number}号网站第{one}条。" + "".join(random.Random(f"{number} {one}").choices(_SIGNS, k=_LENGTH)) + "。",
        )
        for one in range(changes + ITEMS, changes, -1)
    ]


@lru_cache(maxsize=16_384)
def body(number: int, changes: int) -> bytes:
    """RSS of them."""
    told = "".join(
        f"<item><title>{item.title}</title><link>{item.link}</link><guid>{item.link}</guid>"
        f"<pubDate>Mon, 02 Mar 2026 08:00:00 +0800</pubDate>"
        f"<description>&lt;p&gt;{item.text}&lt;/p&gt;</description></item>"
        for item in items(number, changes)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{number}</title>{told}</channel></rss>'.encode()


class Feeds(asyncio.Protocol):
    """One connection. Whoever comes from outside of loopback is hung up on."""

    version = 0
    asked: ClassVar[set[int]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._host = transport.get_extra_info("sockname")[0]
        self._came = b""
        if not self._host.startswith("127."):
            transport.close()

    def data_received(self, data: bytes) -> None:
        self._came += data
        while b"\r\n\r\n" in self._came:
            head, self._came = self._came.split(b"\r\n\r\n", 1)
            self._transport.write(self._answer(head))  # type: ignore[attr-defined]

    def _answer(self, head: bytes) -> bytes:
        request, *lines = head.split(b"\r\n")
        path = request.split(b" ")[1].decode()
        if path.startswith("/version/"):
            Feeds.version = int(path.rpartition("/")[2])
            for number in Feeds.asked:
                body(number, version_of(number, Feeds.version))
            return _http("200 OK", b"")
        if path != "/rss":
            return _http("404 Not Found", b"")
        number = number_of(self._host)
        Feeds.asked.add(number)
        changes = version_of(number, Feeds.version)
        tag = f'"{number}-{changes}"'.encode()
        asked = next((line for line in lines if line.lower().startswith(b"if-none-match:")), b"")
        if asked.partition(b":")[2].strip() == tag:
            return _http("304 Not Modified", None, tag)
        return _http("200 OK", body(number, changes), tag)


def _http(status: str, content: bytes | None, tag: bytes = b"") -> bytes:
    lines = [f"HTTP/1.1 {status}".encode(), b"Content-Type: application/rss+xml"]
    lines += [b"ETag: " + tag] if tag else []
    lines += [b"Content-Length: %d" % len(content)] if content is not None else []
    return b"\r\n".join([*lines, b"", content or b""])


async def serve(port_file: Path) -> None:
    """Serve until killed."""
    server = await asyncio.get_running_loop().create_server(Feeds, "0.0.0.0", 0, backlog=1024)  # see Feeds
    port_file.write_text(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1])))
