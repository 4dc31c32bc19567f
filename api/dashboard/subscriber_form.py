"""The forms of a subscriber and of a key: from what was filled in to what the API takes."""

from uuid import UUID

from pydantic import Field

from api.dashboard.forms import Filled, called
from api.errors import checked
from api.resources.keys.schemas import KeyIn

SCOPES = ["read", "write"]
"""What a new key may do unless somebody ticks otherwise."""


class KeyForm(Filled):
    """A new key: what it is called, what it may do, and until when it is good (a day; empty: for ever)."""

    label: str = ""
    scopes: list[str] = Field(default_factory=list)
    expires_at: str = ""

    def told(self, label: str = "") -> KeyIn:
        """What the API takes of it; Invalid where it makes no sense. `label` where none was filled in."""
        given = {"name": self.label.strip() or label, "scopes": self.scopes}
        return checked(KeyIn, given | {"expires_at": self.expires_at.strip() or None})


class SubscriberForm(KeyForm):
    """A new subscriber with a first key."""

    name: str = ""

    def called(self) -> str:
        """The name; Invalid where it is none."""
        return called(self.name.strip())


class Revoked(Filled):
    """The key that is to be good no longer."""

    key: UUID


class Leaving(Filled):
    """The subscriber's name once more, so that it is no mistake."""

    name: str = ""


def field_of_key(path: str) -> str:
    """Which field of the form is what the API calls `body.name` of a key."""
    part = path.removeprefix("body").strip(".").partition(".")[0]
    return "label" if part == "name" else part


def field_of_subscriber(path: str) -> str:
    """The same where a subscriber's own name is refused."""
    return path.removeprefix("body").strip(".").partition(".")[0]
