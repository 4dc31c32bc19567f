"""Politeness: whether a page may be asked for, by the robots.txt of its host, and when the host may be asked next."""

from core.errors import RejectedInput, YinqiError
from core.http import AsyncOutbound
from core.settings import settings
from ingest import robots
from ingest.errors import Forbidden
from ingest.fetch import Fetched
from ingest.jobs import Learnt, Place, Turn, host_of
from ingest.ledger import InThread, Ledger
from ingest.robots import Robots
from ingest.store import place_of

_TRUE_ABSENCE = range(400, 500)
_WAITS = frozenset({429})  # a 4xx by which a server asks for patience
_LONGEST = 15.0  # seconds for a robots.txt


class Hosts:
    """Learns what the hosts ask for. What is learnt and whose turn comes when goes into the `host` table."""

    def __init__(self, out: AsyncOutbound, ledger: Ledger, in_thread: InThread) -> None:
        self._out, self._ledger, self._in_thread = out, ledger, in_thread

    async def learn(self, url: str, place: Place) -> Place:
        """The place with the robots.txt that now holds for `url`'s host; RejectedInput where it leads inside."""
        found = await self._read(url, place)
        self._ledger.put(Learnt(place.name, found))
        return Place(place.name, found.text, True, found.delay)

    def check(self, url: str, place: Place) -> None:
        """Forbidden where the host does not want to be asked for `url`."""
        if reason := robots.refusal(place.robots, url):
            raise Forbidden(reason)

    def next_turn(self, place: Place) -> Turn:
        """When the host that was just asked may be asked again."""
        return Turn(place.name, pause_of(place))

    async def check_hop(self, url: str, place: Place) -> None:
        """The same for where a redirect leads, which may be another host."""
        name = host_of(url)
        if name != place.name:
            place = await self._in_thread(place_of, name)
            place = place if place.holds else await self.learn(url, place)
            self._ledger.put(self.next_turn(place))
        self.check(url, place)

    async def _read(self, url: str, place: Place) -> Robots:
        scheme = url.partition(":")[0]
        try:
            answer = await self._out.request(
                "GET",
                f"{scheme}://{place.name}/robots.txt",
                max_bytes=robots.MOST_BYTES,
                truncate=True,
                total_timeout=_LONGEST,
            )
        except RejectedInput:
            raise
        except YinqiError as error:
            return robots.unreached(str(error), place.robots, place.delay)
        fetched, status = Fetched(answer), answer.status
        if 200 <= status < 300:
            return robots.learnt(answer.body, fetched.content_type, fetched.max_age)
        if status in _TRUE_ABSENCE and status not in _WAITS:
            return robots.none(fetched.max_age)
        return robots.unreached(f"it answered with status {status}", place.robots, place.delay)


def pause_of(place: Place) -> float:
    """Seconds between two requests to the host: the longer of the setting and what its robots.txt asks for."""
    return max(settings().host_delay, place.delay or 0.0)
