"""The mail server: takes every message and keeps it, and knows which of them ask for something."""

import re
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, NamedTuple, Self

from aiosmtpd.controller import Controller

_QUESTION = re.compile(r"https?://\S+/v1/confirm/\S+")


class Mail(NamedTuple):
    """One message: its Message-ID, subject, text part and HTML part."""

    id: str
    subject: str
    text: str
    html: str


class Mailbox:
    """Takes mail at 127.0.0.1, port `port`; `mails` by Message-ID, `taken` how many came in all.

    `question`: the link of the one that asks whether its reader wants alerts at all, which is none of the `mails`.
    """

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.mails: dict[str, Mail] = {}
        self.taken = 0
        self.question: str | None = None
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one message."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        name, subject = str(message["message-id"]), str(message["subject"])
        mail = Mail(name, subject, _part(message, "plain"), _part(message, "html"))
        if asked := _QUESTION.search(mail.text):
            self.question = asked[0]
        else:
            self.mails[mail.id] = mail
        self.taken += 1
        return "250 OK"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
