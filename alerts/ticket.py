"""The proof in the link of a confirmation: only whoever read the mail has it. Pure.

It is signed with the channel's own token, which nobody but the mail's recipient sees: a channel that is given another
address has another token, so that old links are worth nothing.
"""

import hmac
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple


class Ticket(NamedTuple):
    """The channel's id, the moment (Unix time, seconds) after which it is worth nothing, and the signature (hex)."""

    channel_id: str
    until: int
    signature: str

    def __str__(self) -> str:
        return f"{self.channel_id}.{self.until}.{self.signature}"

    def is_good(self, token: str, to: str) -> bool:
        """Whether the channel's token signed it for the address."""
        return hmac.compare_digest(self.signature.encode(), _signature(self.channel_id, token, to, self.until).encode())

    def is_over(self, moment: datetime) -> bool:
        """Whether it came too late."""
        return moment > datetime.fromtimestamp(self.until, UTC)


def issue(channel_id: str, token: str, to: str, until: datetime) -> Ticket:
    """A ticket for the address of a channel."""
    seconds = int(until.timestamp())
    return Ticket(channel_id, seconds, _signature(channel_id, token, to, seconds))


def read(text: str) -> Ticket:
    """The ticket in an address; raises ValueError where it is none."""
    parts = text.split(".")
    if len(parts) != 3 or not parts[1].isascii() or not parts[1].isdigit() or len(parts[1]) > 11:
        raise ValueError("no ticket")
    return Ticket(parts[0], int(parts[1]), parts[2])


def _signature(channel_id: str, token: str, to: str, until: int) -> str:
    return hmac.new(token.encode(), f"confirm\n{channel_id}\n{to}\n{until}".encode(), sha256).hexdigest()
