"""How many sendings go on at a time: in the process, to one endpoint, of one channel. Pure but for its lock.

A channel begins with one and has one more with each that is answered, up to eight; one that was not answered takes it
back to one. What has not been answered after a quarter of a second leaves the process's own room for a waiting room
eight times as large, and until it ends its channel begins no more. Channels that have not shown that they answer
share half of the process's room. So endpoints that hang, be they a third of all, take nothing from those that answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

SLOW = 0.25  # seconds after which a sending waits outside
MOST_OF_CHANNEL = 8
MOST_TO_ENDPOINT = 16
_WAITING = 8  # times the process's room
_REMEMBERED = 10_000  # channels


@dataclass(frozen=True)
class Place:
    """Where a sending goes: a channel, and the endpoint (host and port, or a mail relay) that it shares with others.

    `most` bounds the channel besides: 1 where it fails, or where it has a pace.
    """

    channel_id: UUID
    endpoint: str
    most: int = MOST_OF_CHANNEL


@dataclass
class Slot:
    """The right to send once; to be given back."""

    place: Place
    proven: bool
    slow: bool = False


@dataclass
class _Window:
    size: int = 1
    busy: int = 0
    slow: int = 0
    proven: bool = False


class Slots:
    """One process's; threads may share it."""

    def __init__(self, concurrency: int) -> None:
        self._most, self._lock = concurrency, Lock()
        self._quick = self._unproven = self._slow = 0
        self._windows: dict[UUID, _Window] = {}
        self._endpoints: dict[str, int] = {}

    @property
    def busy(self) -> int:
        """Sendings that go on."""
        return self._quick + self._slow

    def free(self, place: Place) -> int:
        """How many more may begin there."""
        window = self._windows.get(place.channel_id) or _Window()
        room = self._most - self._quick
        if not window.proven:
            room = min(room, max(1, self._most // 2) - self._unproven)
        own = 0 if window.slow else min(window.size, place.most) - window.busy
        return max(0, min(room, own, MOST_TO_ENDPOINT - self._endpoints.get(place.endpoint, 0)))

    def take(self, place: Place, most: int = MOST_OF_CHANNEL) -> list[Slot]:
        """As many as may begin there, up to `most`."""
        with self._lock:
            return [self._taken(place) for _ in range(min(most, self.free(place)))]

    def force(self, place: Place) -> Slot:
        """One for what is begun already, whether there is room or not."""
        with self._lock:
            return self._taken(place)

    def wait_outside(self, slot: Slot) -> None:
        """The sending takes long: it leaves the process's room, where there is room to wait."""
        with self._lock:
            self._window(slot.place).slow += 1
            if self._slow < _WAITING * self._most:
                self._leave(slot)
                self._slow += 1
                slot.slow = True

    def give_back(self, slot: Slot, *, answered: bool | None = None, waited: bool = False) -> None:
        """The sending ended, answered or not; None: it did not begin. `waited`: it was to wait outside."""
        with self._lock:
            if slot.slow:
                self._slow -= 1
            else:
                self._leave(slot)
            self._endpoints[slot.place.endpoint] -= 1
            if not self._endpoints[slot.place.endpoint]:
                del self._endpoints[slot.place.endpoint]
            window = self._window(slot.place)
            window.busy -= 1
            window.slow -= waited
            if answered is not None:
                window.proven = answered
                window.size = min(MOST_OF_CHANNEL, window.size + 1) if answered else 1
            self._forget(slot.place.channel_id, window)

    def _taken(self, place: Place) -> Slot:
        window = self._window(place)
        window.busy += 1
        self._endpoints[place.endpoint] = self._endpoints.get(place.endpoint, 0) + 1
        self._quick += 1
        self._unproven += not window.proven
        return Slot(place, window.proven)

    def _leave(self, slot: Slot) -> None:
        self._quick -= 1
        self._unproven -= not slot.proven

    def _window(self, place: Place) -> _Window:
        return self._windows.setdefault(place.channel_id, _Window())

    def _forget(self, channel_id: UUID, window: _Window) -> None:
        """Remember those that are sent to, and some others."""
        if window.busy:
            return
        if window == _Window():
            del self._windows[channel_id]
        elif len(self._windows) > _REMEMBERED:
            self._windows = {one: kept for one, kept in self._windows.items() if kept.busy}


def place_of(channel: Any, *, paced: bool) -> Place:
    """Of a channel's row; one that fails or keeps a pace is sent one message at a time."""
    url = channel.config.get("url")
    endpoint = urlsplit(url).netloc if url else channel.channel
    return Place(channel.channel_id, endpoint, 1 if paced or channel.failures else MOST_OF_CHANNEL)


def in_turn(wanting: Sequence[Place], slots: Slots) -> dict[UUID, list[Slot]]:
    """Slots for those that want to send: one each, and where there is room left more."""
    taken: dict[UUID, list[Slot]] = {}
    for most in (1, MOST_OF_CHANNEL):
        for place in wanting:
            if found := slots.take(place, most):
                taken.setdefault(place.channel_id, []).extend(found)
    return taken
