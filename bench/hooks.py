"""A receiver of many webhooks on loopback, each endpoint on an address of its own: `python -m bench.hooks PORT_FILE`.

`http://127.a.b.c:PORT/hook` answers 204 at once and keeps the moment of arrival by webhook-id, `/hang` never answers.
`/arrivals` tells and forgets them as JSON: {webhook-id: seconds since the epoch}.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

import uvloop

_NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


class Hooks(asyncio.Protocol):
    """One connection. Whoever comes from outside of loopback is hung up on."""

    arrivals: dict[str, float] = {}  # noqa: RUF012 - the server's, of all connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._came = b""
        if not transport.get_extra_info("sockname")[0].startswith("127."):
            transport.close()

    def data_received(self, data: bytes) -> None:
        self._came += data
        while (end := self._came.find(b"\r\n\r\n")) >= 0:
            head = self._came[:end].lower()
            length = int(_header(head, b"content-length") or 0)
            if len(self._came) < end + 4 + length:
                return
            self._came = self._came[end + 4 + length :]
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        path = head.split(b" ", 2)[1]
        if path == b"/hang":
            return
        if path == b"/arrivals":
            told, Hooks.arrivals = json.dumps(Hooks.arrivals).encode(), {}
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(told), told))  # type: ignore[attr-defined]
            return
        Hooks.arrivals[_header(head, b"webhook-id").decode()] = time.time()
        self._transport.write(_NO_CONTENT)  # type: ignore[attr-defined]


def _header(head: bytes, name: bytes) -> bytes:
    _, mark, rest = head.partition(b"\r\n" + name + b":")
    return rest.partition(b"\r\n")[0].strip() if mark else b""


async def serve(port_file: Path) -> None:
    """Serve until killed."""
    server = await asyncio.get_running_loop().create_server(Hooks, "0.0.0.0", 0, backlog=1024)  # see Hooks
    port_file.write_text(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1])))
