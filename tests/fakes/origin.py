"""A web server of the tests' own on 127.0.0.1: answers what a test tells it to, and remembers who called.

    with Origin() as origin:
        origin.add("/feed", body=b"...", headers={"ETag": '"1"'})
        origin.url("/feed")

Ready-made routes: /redirect?to=URL[&status=302], /loop, /slow (answers after `origin.patience` seconds, or when the
origin closes), /drip (a byte every 50 ms without end), /bomb?mb=N (a gzip of N MiB of zeros), /break (half a body),
/vast (says that it has a terabyte), /endless (chunks without end); `type` is what the last ones say they are.
An origin without routes is a canary: `connections` must stay 0.
"""

import gzip
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from time import monotonic
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Seen:
    """One request as it came in."""

    method: str
    path: str
    headers: Message
    body: bytes
    at: float = field(default_factory=monotonic)


@dataclass
class Answer:
    """What a route answers; `headers` are sent besides Content-Length."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Route = Answer | Callable[[Seen], Answer]


class Origin:
    """A threaded server; `seen` holds the requests, `connections` how many sockets it was given."""

    def __init__(self, *, tls: SSLContext | None = None, address: str = "127.0.0.1") -> None:
        self.seen: list[Seen] = []
        self.connections = 0
        self.patience = 60.0
        self.closing = threading.Event()
        self._routes: dict[str, Route] = {}
        self._server = _Server((address, 0), _Handler)
        self._server.origin = self
        self._scheme = "http"
        if tls is not None:
            self._scheme = "https"
            self._server.tls = tls
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def add(self, path: str, route: Route | None = None, **answer: Any) -> None:
        """Answer `path` with a function of the request, or with Answer(**answer)."""
        self._routes[path] = route if route is not None else Answer(**answer)

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        return f"{self._scheme}://{host}:{self.port}{path}"

    def answer(self, seen: Seen) -> Answer:
        route = self._routes.get(urlsplit(seen.path).path, Answer(404, b"no such page"))
        return route if isinstance(route, Answer) else route(seen)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    origin: Origin
    tls: SSLContext | None = None

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, peer = super().get_request()
        self.origin.connections += 1
        return connection, peer

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self.tls is not None:
            request = self.tls.wrap_socket(request, server_side=True)
        try:
            super().finish_request(request, client_address)
        finally:
            request.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, or distrusts the certificate, is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        seen = Seen(self.command, self.path, self.headers, self.rfile.read(length))
        self.server.origin.seen.append(seen)
        parts = urlsplit(self.path)
        special = getattr(self, f"_do{parts.path.replace('/', '_')}", None)
        if special is not None:
            special({name: values[0] for name, values in parse_qs(parts.query).items()})
        else:
            self._send(self.server.origin.answer(seen))

    do_GET = do_POST = do_PUT = do_HEAD = _serve  # noqa: N815 (http.server's names)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status not in (204, 304):
            self.wfile.write(answer.body)

    def _do_redirect(self, query: dict[str, str]) -> None:
        self._send(Answer(int(query.get("status", "302")), headers={"Location": query["to"]}))

    def _do_loop(self, query: dict[str, str]) -> None:
        self._send(Answer(302, headers={"Location": "/loop"}))

    def _do_slow(self, query: dict[str, str]) -> None:
        self.server.origin.closing.wait(self.server.origin.patience)
        self._send(Answer(body=b"late"))

    def _do_drip(self, query: dict[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", query.get("type", "text/html"))
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        while not self.server.origin.closing.wait(0.05):
            self.wfile.write(b".")
            self.wfile.flush()

    def _do_bomb(self, query: dict[str, str]) -> None:
        body = gzip.compress(bytes(2**20)) * int(query.get("mb", "64"))  # members one after another
        headers = {"Content-Encoding": query.get("encoding", "gzip"), "Content-Type": query.get("type", "text/html")}
        self._send(Answer(body=body, headers=headers))

    def _do_break(self, query: dict[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"half")
        self.close_connection = True

    def _do_vast(self, query: dict[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", query.get("type", "text/html"))
        self.send_header("Content-Length", str(2**40))
        self.end_headers()
        self.close_connection = True
        while not self.server.origin.closing.wait(0.001):
            self.wfile.write(bytes(2**16))

    def _do_endless(self, query: dict[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", query.get("type", "text/html"))
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while not self.server.origin.closing.is_set():
            self.wfile.write(b"10000\r\n" + b" " * 2**16 + b"\r\n")

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""
