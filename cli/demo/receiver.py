"""The subscriber's endpoint: takes webhooks, and only those whose signature the public library verifies."""

import json
import threading
from http.server import BaseHTTPRequestHandler
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from cli.demo.loopback import Loopback


class Receiver(Loopback):
    """Keeps what arrived at `url`: alerts by webhook-id, and what was wrong with others."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.url = f"{self.address}/alerts"
        self.secret = ""
        self.alerts: dict[str, dict[str, Any]] = {}
        self.faults: list[str] = []
        self._bodies: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """Keep one webhook; the HTTP status to answer with. A repeated one must say the same as the first."""
        name = headers.get("webhook-id", "")
        try:
            Webhook(self.secret).verify(body, headers)
        except (WebhookVerificationError, ValueError) as error:  # ValueError: the library's answer to a broken header
            return self._fault(401, f"webhook {name}: the signature does not verify ({error})")
        with self._lock:
            if self._bodies.setdefault(name, body) != body:
                return self._fault(409, f"webhook {name}: came again with another body")
            self.alerts[name] = json.loads(body)
        return 204

    def _fault(self, status: int, told: str) -> int:
        self.faults.append(told)
        return status


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.send_response(self.server.take(headers, body))
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: the alerts service logs its attempts."""
