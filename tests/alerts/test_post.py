"""A process delivers many at once: what hangs holds a slot of its own, and nobody else waits for it."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from alerts.begin import start
from alerts.post import close, post
from alerts.slots import MOST_OF_CHANNEL, MOST_TO_ENDPOINT, Place, Slots, in_turn
from core.models import Attempt, Channel, Delivery
from core.settings import settings
from tests.alerts import samples
from tests.fakes.receiver import Receiver
from tests.flow.chain import until


@dataclass
class Held:
    """A receiver that answers nobody until it is told to; how many wait, and how many waited at most."""

    url: str = ""
    go: threading.Event = field(default_factory=threading.Event)
    waiting: int = 0
    most: int = 0


@contextmanager
def held() -> Iterator[Held]:
    told, lock = Held(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            with lock:
                told.waiting += 1
                told.most = max(told.most, told.waiting)
            told.go.wait(30)
            with lock:
                told.waiting -= 1
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    told.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    yield told
    told.go.set()
    server.shutdown()
    server.server_close()


def channel(session: Session, url: str) -> Channel:
    return samples.webhook(session, url, name=uuid4().hex)


def deliveries(session: Session, to: Channel, count: int) -> list[UUID]:
    made = [
        Delivery(subscriber_id=to.subscriber_id, channel_id=to.id, type="test", body=f'{{"number": {number}}}')
        for number in range(count)
    ]
    for one in made:
        session.add(one)
        session.flush()
    session.commit()
    return [one.id for one in made]


def hint(*ids: UUID) -> None:
    for one in ids:
        post().hint(one)


def count(session: Session, state: str) -> int:
    session.rollback()
    return session.scalar(select(func.count(Delivery.id)).where(Delivery.state == state)) or 0


def test_a_delivery_that_cannot_be_begun_stops_no_other(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    with Receiver() as receiver:
        [first] = deliveries(session, channel(session, "http://127.0.0.1:9/"), 1)
        [second] = deliveries(session, channel(session, receiver.url), 1)

        def faulty(hints: Sequence[UUID], *rest: Any) -> Any:
            if first in hints:
                raise RuntimeError("a fault of ours")
            return start(hints, *rest)

        monkeypatch.setattr("alerts.post.start", faulty)
        hint(first, second)
        until(lambda: count(session, "done") == 1)
        close()
    assert [got.id for got in receiver.received] == [str(second)]


def test_an_endpoint_that_hangs_delays_nobody_else(session: Session) -> None:
    with held() as hanging, Receiver() as receiver:
        stuck = deliveries(session, channel(session, hanging.url), 20)
        others = deliveries(session, channel(session, receiver.url), 20)
        hint(*stuck, *others)
        until(lambda: count(session, "done") == 20)
        assert {one.id for one in receiver.received} == {str(one) for one in others}
        assert hanging.waiting == 1  # it has a slot of its own, and it is still held
        hanging.go.set()
        until(lambda: count(session, "done") == 40)


def test_more_endpoints_that_hang_than_a_process_has_room_for_delay_nobody_else(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINQI_DELIVERY_CONCURRENCY", "2")
    settings.cache_clear()
    with held() as one, held() as other, Receiver() as receiver:
        stuck = [deliveries(session, channel(session, url), 1)[0] for url in (one.url, other.url) * 4]
        hint(*stuck)
        until(lambda: one.waiting + other.waiting == 8)
        hint(*deliveries(session, channel(session, receiver.url), 10))
        until(lambda: count(session, "done") == 10)
        assert one.waiting + other.waiting == 8
        assert len(receiver.received) == 10


def test_a_channel_is_sent_no_more_at_a_time_than_its_share(session: Session) -> None:
    with Receiver() as receiver:
        hint(*deliveries(session, channel(session, receiver.url), 10))
        until(lambda: count(session, "done") == 10)  # it has shown that it answers
    with held() as hanging:
        session.execute(update(Channel).values(config={"url": hanging.url}))
        ids = deliveries(session, session.scalars(select(Channel)).one(), 30)
        hint(*ids)
        until(lambda: hanging.waiting == MOST_OF_CHANNEL)
        hint(*ids)
        hanging.go.set()
        until(lambda: count(session, "done") == 40)
        assert hanging.most == MOST_OF_CHANNEL


def test_one_message_is_enough_for_all_that_a_channel_waits_for_in_their_order(session: Session) -> None:
    with Receiver() as receiver:
        to = channel(session, receiver.url)
        ids = deliveries(session, to, 3)
        session.execute(update(Delivery).values(due_at=func.now() - text("interval '1 minute'")))
        ids += deliveries(session, to, 40)
        hint(ids[-1])
        until(lambda: count(session, "done") == 43)
    assert {one.id for one in receiver.received[:3]} == {str(one) for one in ids[:3]}


def test_what_is_sent_when_a_process_stops_is_recorded_and_nothing_more_begins(session: Session) -> None:
    with held() as slow:
        ids = deliveries(session, channel(session, slow.url), 3)
        hint(*ids)
        until(lambda: slow.waiting == 1)
        threading.Timer(0.3, slow.go.set).start()
        close()
    assert (count(session, "done"), count(session, "open")) == (1, 2)
    assert [one.outcome for one in session.scalars(select(Attempt))] == ["delivered"]


def test_what_waits_for_a_paused_channel_is_put_off_at_once_and_counts_no_attempt(session: Session) -> None:
    to = channel(session, "http://127.0.0.1:9/hook")
    to.paused = True
    hint(deliveries(session, to, 50)[0])

    def all_wait() -> bool:
        session.rollback()
        late = select(func.count(Delivery.id)).where(Delivery.due_at > func.now(), Delivery.attempts == 0)
        return session.scalar(late) == 50

    until(all_wait)
    assert session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_a_probe_that_arrives_releases_all_without_another_message(session: Session) -> None:
    with Receiver(answers=[(500, {})] * 3) as receiver:
        ids = deliveries(session, channel(session, receiver.url), 12)
        hint(*ids)
        until(lambda: session.scalar(select(Channel.failures)) == 3 or session.rollback())
        session.execute(update(Channel).values(probe_at=func.now()))
        session.execute(update(Delivery).where(Delivery.id == ids[-1]).values(due_at=func.now()))
        session.commit()
        hint(ids[-1])
        until(lambda: count(session, "done") == 12)
    assert session.scalar(select(func.count()).select_from(Attempt).where(Attempt.probe)) == 1


def places(count: int, endpoint: str = "") -> list[Place]:
    return [Place(uuid4(), endpoint or f"{number}.example") for number in range(count)]


def test_a_channel_that_answers_has_more_slots_and_one_that_does_not_has_one() -> None:
    slots, [place] = Slots(64), places(1)
    for expected in (1, 2, 3):
        taken = slots.take(place)
        assert len(taken) == expected
        for number, slot in enumerate(taken):
            slots.give_back(slot, answered=True if number == 0 else None)
    [first, *others] = slots.take(place)
    slots.give_back(first, answered=False)
    assert slots.free(place) == 0
    for slot in others:
        slots.give_back(slot)
    assert slots.free(place) == 1


def test_channels_of_one_endpoint_share_its_slots() -> None:
    slots = Slots(1000)
    taken = in_turn(places(40, "one.example"), slots)
    assert sum(map(len, taken.values())) == MOST_TO_ENDPOINT


def test_channels_that_have_not_answered_share_half_of_the_room() -> None:
    slots, [known, *unknown] = Slots(10), places(30)
    slots.give_back(slots.take(known)[0], answered=True)
    assert len(in_turn(unknown, slots)) == 5
    assert len(slots.take(known)) == 2


def test_what_is_not_answered_soon_leaves_its_room_to_others() -> None:
    slots, several = Slots(4), places(4)
    taken = [slot for own in in_turn(several, slots).values() for slot in own]
    assert len(taken) == 2
    for slot in taken:
        slots.wait_outside(slot)
    assert len(in_turn(several, slots)) == 2
    assert slots.free(taken[0].place) == 0
    slots.give_back(taken[0], answered=True, waited=True)
    assert slots.busy == 3
