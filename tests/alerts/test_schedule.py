"""When an alert is tried again: each answer and each trouble on the way, over real servers, with the clock in hand.

The clock is the database's; it is moved by moving all that is due nearer.
"""

import re
import socket
import ssl
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from typing import NamedTuple
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from alerts import circuit
from alerts.channels import _out
from alerts.deliver import deliver
from alerts.retry import GAPS, JITTER
from core.clock import now
from core.models import Channel, Delivery
from tests.alerts import samples
from tests.alerts.test_circuit import pass_time
from tests.core.test_http_tls import certificate
from tests.fakes.origin import Origin
from tests.fakes.receiver import Receiver

__all__ = ["certificate"]  # a fixture
SLACK = 20.0  # seconds that writing a row down may take on a busy machine
DAY = 86400.0


class Fate(NamedTuple):
    """What became of a delivery after one attempt: its state, the least seconds that it waits, whether its channel is
    still enabled, and the failures that the channel is blamed for."""

    state: str
    wait: float | None = None
    enabled: bool = True
    failures: int = 0


DONE = Fate("done")
GONE = Fate("failed", enabled=False)
LATER = Fate("open", GAPS[0] * (1 - JITTER), failures=1)
"""Tried again after the first gap."""


def asked(seconds: float, *, alive: bool) -> Fate:
    """Tried again when it was asked to; who is `alive` is not blamed."""
    return Fate("open", seconds, failures=0 if alive else 1)


@dataclass
class Alerts:
    """Makes deliveries to addresses, each on a channel of its own, and tries them."""

    session: Session

    def __post_init__(self) -> None:
        self.event, self.notice = samples.event(self.session)

    def channel(self, url: str) -> Channel:
        return samples.webhook(self.session, url, name=uuid4().hex)

    def make(self, channel: Channel, number: int = 1) -> Delivery:
        row = Delivery(
            subscriber_id=channel.subscriber_id, channel_id=channel.id, type="event.created", event_id=self.event.id,
            version=number, article_id=self.notice.article_id, body=f'{{"number": {number}}}',
        )  # fmt: skip
        self.session.add(row)
        self.session.commit()
        return row

    def fate(self, url: str) -> Fate:
        """Of one delivery to `url` after one attempt."""
        channel = self.channel(url)
        row = self.make(channel)
        assert deliver(row.id)
        self.session.expire_all()
        wait = None if row.state != "open" else self.wait(row)
        return Fate(row.state, wait, channel.enabled, channel.failures)

    def wait(self, row: Delivery) -> float:
        """Seconds from the end of its last attempt until it is due."""
        self.session.expire_all()
        last = row.tries[-1]
        return (row.due_at - last.started_at).total_seconds() - (last.milliseconds or 0) / 1000


@pytest.fixture
def alerts(session: Session) -> Alerts:
    return Alerts(session)


def told_apart(found: dict[str, Fate], wanted: dict[str, Fate]) -> dict[str, tuple[Fate, Fate]]:
    """The cases in which they differ; a wait is as wanted from the least to a jitter and a slow machine above it."""

    def same(one: Fate, other: Fate) -> bool:
        if one.wait is not None and other.wait is not None and other.wait <= one.wait <= other.wait * 1.5 + SLACK:
            one = one._replace(wait=other.wait)
        return one == other

    assert found.keys() == wanted.keys()
    return {case: (found[case], wanted[case]) for case in wanted if not same(found[case], wanted[case])}


DELIVERED = (200, 201, 202, 204, 206, 299)
REDIRECTED = (300, 301, 302, 303, 304, 307, 308)
REFUSED = (400, 401, 403, 404, 405, 406, 408, 409, 411, 413, 415, 418, 422, 423, 425, 428, 429, 431, 451, 499)
BROKEN = (500, 501, 502, 503, 504, 505, 507, 511, 520, 599)


def test_each_status_decides_what_becomes_of_an_alert(alerts: Alerts) -> None:
    wanted = dict.fromkeys(DELIVERED, DONE) | {410: GONE}
    wanted |= dict.fromkeys((*REDIRECTED, *REFUSED, *BROKEN), LATER)
    with Receiver() as elsewhere, Receiver() as receiver:
        found = {}
        for status in wanted:
            receiver.answers = [(status, {"location": elsewhere.url})]
            found[str(status)] = alerts.fate(receiver.url)
        assert len(receiver.received) == len(wanted)
        assert elsewhere.received == []
    assert told_apart(found, {str(status): fate for status, fate in wanted.items()}) == {}


def retry_after_forms() -> dict[str, float | None]:
    """Ways to ask for a later attempt, and the least seconds that they then make it wait (a date is nearer by the time
    that a busy machine takes until it is told); None: they ask nothing."""
    soon, past, far = (now() + timedelta(seconds=s) for s in (7200, -7200, 3 * DAY))
    return {
        "": None,
        "0": None,
        "1": None,
        "120": 120,
        " 120 ": 120,
        "86400": DAY,
        "86401": DAY,
        "999999999999999999999": DAY,
        "-5": None,
        "1.5": None,
        "1e3": None,
        "²": None,
        "soon": None,
        "120, 240": None,
        "Mon, 99 Foo 2026 99:99:99 GMT": None,
        format_datetime(soon, usegmt=True): 7000,
        f"{soon:%A, %d-%b-%y %H:%M:%S} GMT": 7000,  # the two obsolete forms that RFC 9110 has readers accept
        f"{soon:%a %b %e %H:%M:%S %Y}": 7000,
        format_datetime(past, usegmt=True): None,
        format_datetime(far, usegmt=True): DAY,
    }


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_each_form_of_retry_after_is_obeyed_up_to_a_day_and_nonsense_is_none(alerts: Alerts, status: int) -> None:
    found, wanted = {}, {}
    with Receiver() as receiver:
        for form, least in retry_after_forms().items():
            receiver.answers = [(status, {"retry-after": form})]
            found[form] = alerts.fate(receiver.url)
            sound = least is not None or form in ("0", "1") or ("GMT" in form and "Foo" not in form)
            alive = status == 429 and sound
            wanted[form] = asked(least or LATER.wait or 0, alive=alive)
    assert told_apart(found, wanted) == {}


def test_who_asks_to_wait_with_another_status_is_not_obeyed(alerts: Alerts) -> None:
    with Receiver() as receiver:
        for status in (302, 400, 404, 500):
            receiver.answers = [(status, {"retry-after": "7200"})]
            assert told_apart({"": alerts.fate(receiver.url)}, {"": LATER}) == {}


def _read_whole(connection: socket.socket) -> None:
    """Read a request with a content-length to its end."""
    read = b""
    while b"\r\n\r\n" not in read and (more := connection.recv(65536)):
        read += more
    head, _, body = read.partition(b"\r\n\r\n")
    told = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    left = int(told[1]) - len(body) if told else 0
    while left > 0 and (more := connection.recv(left)):
        left -= len(more)


@contextmanager
def raw(answer: bytes, *, reset: bool = False) -> Iterator[str]:
    """The address of a server that reads a request, answers these bytes, and hangs up, or cuts the line."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    _read_whole(connection)  # what is left unread would cut the line
                    connection.sendall(answer)
                    if reset:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hook"
        server.shutdown(socket.SHUT_RDWR)


RAW: dict[bytes, Fate] = {
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n": DONE,
    b"HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\nHTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n": LATER,
    b"HTTP/1.1 100 Continue\r\n\r\n": LATER,
    b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n": LATER,
    b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n": DONE,
    b"HTTP/1.0 200 OK\r\n\r\ntaken": DONE,
    b"HTTP/1.1 600 What\r\ncontent-length: 0\r\n\r\n": LATER,
    b"HTTP/1.1 2000 Much\r\ncontent-length: 0\r\n\r\n": LATER,
    b"SSH-2.0-OpenSSH_9.2\r\n": LATER,
    b"HTTP/1.1 200 OK\r\ncontent-length: nonsense\r\n\r\n": LATER,
    b"\x16\x03\x01\x00\x05hello": LATER,
    b"": LATER,
}


def test_each_broken_answer_is_tried_later_and_interim_ones_are_none(alerts: Alerts) -> None:
    found = {}
    for answer in RAW:
        with raw(answer) as url:
            found[repr(answer)] = alerts.fate(url)
    with raw(b"HTTP/1.1 200 OK\r\n", reset=True) as url:
        found["reset"] = alerts.fate(url)
    assert told_apart(found, {repr(answer): fate for answer, fate in RAW.items()} | {"reset": LATER}) == {}


def test_each_trouble_on_the_way_is_tried_later(
    alerts: Alerts, certificate: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_out, "TOTAL", 1.5)
    _out._ways.clear()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(str(certificate))
    with Origin() as origin, Origin(tls=context) as distrusted:
        wanted = {
            "http://127.0.0.1:9/refused": LATER,
            "http://yinqi-no-such-host.invalid/": LATER,
            distrusted.url("/"): LATER,
            origin.url("/").replace("http:", "https:"): LATER,  # speaks no TLS
            origin.url("/slow"): LATER,  # never answers
            origin.url("/break"): LATER,  # half a body
            origin.url("/drip"): LATER,  # a body that does not end, byte by byte
            origin.url("/endless"): DONE,  # an endless body: 64 KiB of it are read, and 200 stands
            origin.url("/vast"): DONE,
        }
        found = {url: alerts.fate(url) for url in wanted}
    _out._ways.clear()
    assert told_apart(found, wanted) == {}


def test_an_alert_is_tried_ten_times_with_the_nine_gaps_and_is_then_a_dead_letter(
    alerts: Alerts, session: Session
) -> None:
    with Receiver() as receiver:
        channel = alerts.channel(receiver.url)
        row = alerts.make(channel)
        for number, gap in enumerate(GAPS, start=1):
            receiver.then = (500, {})
            assert deliver(row.id)
            wait = alerts.wait(row)
            assert gap * (1 - JITTER) <= wait <= gap * (1 + JITTER) + SLACK, number
            if gap > SLACK * 10:
                pass_time(session, timedelta(seconds=wait - SLACK * 2))
                assert not deliver(row.id)  # not before
            pass_time(session, timedelta(seconds=SLACK * 3))
            receiver.then = (204, {})  # its channel is well: other alerts arrive
            assert deliver(alerts.make(channel, 1 + number).id)
        receiver.then = (500, {})
        assert deliver(row.id)
        session.expire_all()
        assert (row.state, row.attempts, len(row.tries)) == ("failed", 10, 10)
        assert row.reason == "answered 500"
        assert channel.enabled
        pass_time(session, timedelta(days=30))
        assert not deliver(row.id)
        assert sum(one.id == str(row.id) for one in receiver.received) == 10


def due(session: Session) -> Sequence[Delivery]:
    """What a sweep would send for, in its order."""
    session.rollback()  # now() is the beginning of the transaction
    found = select(Delivery).where(Delivery.state == "open", Delivery.due_at <= func.now())
    return session.scalars(found.order_by(Delivery.due_at)).all()


def deliver_due(session: Session) -> None:
    """As workers would, until nothing is due."""
    while rows := due(session):
        for row in rows:
            deliver(row.id)


@contextmanager
def refusing() -> Iterator[Receiver]:
    """A receiver that does not run; it begins when it is entered."""
    yield Receiver()


@pytest.mark.parametrize(
    "answer", ["refused", (500, {}), (503, {"retry-after": "120"}), (502, {}), (404, {})], ids=lambda one: str(one)
)
@pytest.mark.parametrize(
    "back", [timedelta(minutes=1), timedelta(minutes=9)], ids=lambda one: f"{one.seconds // 60}min"
)
def test_a_receiver_that_was_down_for_two_days_has_everything_within_ten_minutes(
    alerts: Alerts, session: Session, answer: tuple[int, dict[str, str]] | str, back: timedelta
) -> None:
    with Receiver() as receiver:
        receiver.then = (204, {}) if isinstance(answer, str) else answer
        channel = alerts.channel("http://127.0.0.1:9/hook" if answer == "refused" else receiver.url)
        rows = [alerts.make(channel, number) for number in range(1, 13)]
        deliver_due(session)
        for hour in range(48):  # an alert each four hours meanwhile, and a look each hour: a probe fails each time
            if hour % 4 == 0:
                rows.append(alerts.make(channel, len(rows) + 1))
            deliver_due(session)
            pass_time(session, timedelta(hours=1))
        pass_time(session, back)
        deliver_due(session)  # the last probe before it is back
        assert {row.state for row in rows} == {"open"}
        receiver.then = (204, {})
        channel.config = {"url": receiver.url}
        session.commit()
        seen = len(receiver.received)
        for _ in range(10):
            pass_time(session, timedelta(minutes=1))
            deliver_due(session)
    session.expire_all()
    assert [row.state for row in rows] == ["done"] * len(rows)
    assert {one.json["number"] for one in receiver.received[seen:]} == set(range(1, len(rows) + 1))
    assert (channel.enabled, channel.failures, channel.failing_since) == (True, 0, None)


def test_one_alert_that_its_receiver_cannot_take_holds_no_other_back(alerts: Alerts, session: Session) -> None:
    with Receiver(then=(500, {})) as receiver:
        channel = alerts.channel(receiver.url)
        sick = alerts.make(channel)
        for _ in range(circuit.OPEN_AFTER):
            deliver_due(session)
            pass_time(session, timedelta(hours=1))
        receiver.then = lambda one: (500 if one.id == str(sick.id) else 204, {})
        others = [alerts.make(channel, number) for number in (2, 3)]
        deliver_due(session)
        for _ in range(2):
            pass_time(session, circuit.PROBE_EVERY)
            deliver_due(session)
    session.expire_all()
    assert [row.state for row in others] == ["done", "done"]


def test_a_probe_that_is_told_to_wait_for_ages_waits_a_day(alerts: Alerts, session: Session) -> None:
    with Receiver(then=(500, {})) as receiver:
        row = alerts.make(alerts.channel(receiver.url))
        for _ in range(circuit.OPEN_AFTER):
            deliver_due(session)
            pass_time(session, timedelta(hours=1))
        for status in (429, 503):
            receiver.then = (status, {"retry-after": "99999999"})
            assert deliver(row.id)
            assert DAY <= alerts.wait(row) <= DAY + SLACK
            pass_time(session, timedelta(days=1, minutes=1))
