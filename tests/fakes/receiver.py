"""A webhook receiver on loopback: keeps what arrives, checks each signature with two foreign libraries, and answers
as it is told."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import svix.webhooks
from standardwebhooks.webhooks import Webhook


@dataclass
class Received:
    """One request as it came."""

    id: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    def verified(self, secret: str) -> bool:
        """Whether both libraries accept the signature; either raises where it does not."""
        Webhook(secret).verify(self.body, self.headers)
        svix.webhooks.Webhook(secret).verify(self.body, self.headers)
        return True


@dataclass
class Receiver:
    """The server. `answers` are (status, headers) for the next requests; when none is left, 204."""

    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {key.lower(): value for key, value in self.headers.items()}
                outer.received.append(Received(headers.get("webhook-id", ""), headers, body))
                status, extra = outer.answers.pop(0) if outer.answers else (204, {})
                self.send_response(status)
                for name, value in extra.items():
                    self.send_header(name, value)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
