"""A mail server on loopback that keeps what it takes, or refuses as it is told."""

import email
import socket
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default
from typing import Any, Self

from aiosmtpd.controller import Controller


class MailCatcher:
    """`messages` are what came in; `refuse` is an SMTP answer to give instead of taking the next ones.
    `unknown` are addresses that nobody has here.

    `taken` is called when a message was kept and is not answered yet.
    """

    def __init__(self, taken: Callable[[], object] = lambda: None) -> None:
        self.taken = taken
        self.messages: list[EmailMessage] = []
        self.refuse: str | None = None
        self.unknown: set[str] = set()

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.unknown:
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        if self.refuse:
            return self.refuse
        self.messages.append(email.message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        self.taken()
        return "250 taken"

    def __enter__(self) -> Self:
        with socket.create_server(("127.0.0.1", 0)) as probe:  # the library cannot be given port 0
            self.port: int = probe.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()
