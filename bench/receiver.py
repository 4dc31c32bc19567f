"""The other end of a webhook: answers 204 at once and keeps the body and the moment of its arrival."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from typing import Any, NamedTuple, Self


class Arrival(NamedTuple):
    """One request: seconds since the epoch when its body was read, and the body."""

    at: float
    body: str


class Receiver:
    """A server on loopback, the same for Yinqi and for the bare chain."""

    def __init__(self) -> None:
        self.arrivals: Queue[Arrival] = Queue()

    def __enter__(self) -> Self:
        arrivals = self.arrivals

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                arrivals.put(Arrival(time.time(), body.decode()))
                self.send_response_only(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self, mark: str, *, seconds: float = 20.0) -> float | None:
        """The moment of the first arrival whose body holds `mark`; None where none came in time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                arrival = self.arrivals.get(timeout=left)
            except Empty:
                break
            if mark in arrival.body:
                return arrival.at
        return None
