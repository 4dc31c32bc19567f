"""A server of HTTP/2 alone, over TLS, on 127.0.0.1; what it was asked is in `paths`, connections in `connections`.

/big answers 100 kB, /endless never stops sending.
"""

import asyncio
import threading
from ssl import SSLContext
from typing import Self

import h2.config
import h2.connection
import h2.events

_PIECE = bytes(8192)


class Second:
    """Runs in a thread with an event loop of its own."""

    def __init__(self, tls: SSLContext) -> None:
        tls.set_alpn_protocols(["h2"])
        self._tls = tls
        self.paths: list[str] = []
        self.connections = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def url(self, path: str, host: str) -> str:
        return f"https://{host}:{self.port}{path}"

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()


class _Connection(asyncio.Protocol):
    def __init__(self, origin: Second) -> None:
        self._origin = origin
        self._state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self._endless: set[int] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._origin.connections += 1
        self._state.initiate_connection()
        self._send()

    def data_received(self, data: bytes) -> None:
        for event in self._state.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                path = dict(event.headers)[b":path"].decode()
                self._origin.paths.append(path)
                self._answer(event.stream_id, path)
        for stream in self._endless:
            self._pour(stream)
        self._send()

    def _answer(self, stream: int, path: str) -> None:
        self._state.send_headers(stream, [(":status", "200"), ("content-type", "text/plain")])
        if path == "/endless":
            self._endless.add(stream)
            return
        size = 100_000 if path == "/big" else 5
        for _ in range(size // len(_PIECE) + 1):
            piece = _PIECE[:size]
            size -= len(piece)
            self._state.send_data(stream, piece)
        self._state.end_stream(stream)

    def _pour(self, stream: int) -> None:
        while min(self._state.local_flow_control_window(stream), self._state.max_outbound_frame_size) > len(_PIECE):
            self._state.send_data(stream, _PIECE)

    def _send(self) -> None:
        self._transport.write(self._state.data_to_send())
