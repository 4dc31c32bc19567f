"""A webhook receiver on loopback: checks each request with two foreign libraries, keeps it, and answers as it is told.

A request that either library refuses fails the test at the end, whatever the test was about.
"""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import svix.webhooks
from standardwebhooks.webhooks import Webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
"""The secret of the specification's published vector; the tests' channels have it too."""


@dataclass
class Received:
    """One request as it came."""

    id: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    def verified(self, *secrets: str) -> bool:
        """Whether both libraries accept the signature for each of the secrets; either raises where it does not."""
        for secret in secrets:
            Webhook(secret).verify(self.body, self.headers)
            svix.webhooks.Webhook(secret).verify(self.body, self.headers)
        return True


Answer = tuple[int, dict[str, str]]
"""Status and headers."""


@dataclass
class Receiver:
    """The server. `answers` are (status, headers) for the next requests; when none is left, `then`, which may be a
    function of the request.

    `secrets` are those in force, each of which every request must be signed with: during a rotation the new and the
    old one. `faults` are the requests that were not, or that came again with another body. `taken` is called when a
    request was kept and is not answered yet.
    """

    answers: list[Answer] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    secrets: list[str] = field(default_factory=lambda: [SECRET])
    then: Answer | Callable[[Received], Answer] = (204, {})
    faults: list[str] = field(default_factory=list)
    taken: Callable[[], object] = lambda: None

    def __post_init__(self) -> None:
        self._bodies: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def take(self, one: Received) -> Answer:
        """Check and keep a request; what to answer."""
        with self._lock:
            try:
                one.verified(*self.secrets)
            except Exception as error:  # each library has errors of its own, and ValueError for a broken header
                self.faults.append(f"webhook {one.id!r} does not verify: {type(error).__name__}: {error}")
            if self._bodies.setdefault(one.id, one.body) != one.body:
                self.faults.append(f"webhook {one.id!r} came again with another body")
            self.received.append(one)
            if self.answers:
                return self.answers.pop(0)
            return self.then(one) if callable(self.then) else self.then

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {key.lower(): value for key, value in self.headers.items()}
                status, extra = outer.take(Received(headers.get("webhook-id", ""), headers, body))
                outer.taken()
                with suppress(ConnectionError):  # who asked may be gone
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

    def __exit__(self, kind: object, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        if kind is None:  # else the test has failed already, with a reason nearer to its own
            assert not self.faults, self.faults
