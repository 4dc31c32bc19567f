"""A thousand articles while everything is killed in turn: every alert comes on every channel, and repeats are told."""

import os
import re
import signal
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import httpx
import psutil
import pytest
from redis import Redis
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bench import stack
from bench.stack import Stack
from core import database
from core.models import Article, Attempt, Delivery, Notice
from tests.chaos import told
from tests.chaos.news import WATCHED, News, fact_of, news
from tests.fakes.bots import Bots
from tests.fakes.mail import MailCatcher
from tests.fakes.receiver import Receiver
from tests.flow.chain import until

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(420)]
BATCH = 50
_EVENT = re.compile(r"(?<!/v1)/events/([0-9a-f-]{36})")
_CONFIRM = re.compile(r"https?://\S+/v1/confirm/\S+")
_DOUBTFUL = "可能重复"


@dataclass
class Fuse:
    """Called at each message that the world outside has taken and not yet answered; burns once for each `lay`."""

    act: Callable[[], object] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> None:
        with self.lock:
            act, self.act = self.act, None
        if act:
            act()

    def burn(self, act: Callable[[], object]) -> None:
        """Let the next message do it, and wait for that."""
        self.act = act
        until(lambda: self.act is None, seconds=90)


@dataclass
class World:
    """What is outside: a receiver, a mail server, a bot, each with its fuse; and Yinqi itself, to be hurt."""

    receiver: Receiver
    mail: MailCatcher
    bots: Bots
    fuses: dict[str, Fuse]
    yinqi: Stack
    killed: Counter[str] = field(default_factory=Counter)

    def kill(self, service: str) -> None:
        """kill -9 of a service and of all its worker processes at once."""
        main = psutil.Process(self.yinqi.children()[service])
        for process in [main, *main.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.killed[service] += 1

    def await_another(self, service: str, before: int) -> None:
        """Until the supervisor has started the service again."""
        until(lambda: self.yinqi.children().get(service, before) != before)

    def kill_while_sending(self, channel: str) -> None:
        """Kill the alerts service after a message was taken and before it is answered: nobody knows then."""
        before = self.yinqi.children()["alerts"]
        self.fuses[channel].burn(lambda: self.kill("alerts"))
        self.await_another("alerts", before)

    def kill_extractor(self) -> None:
        """While articles wait for it."""
        before = self.yinqi.children()["extractor"]
        assert _open(Article)
        self.kill("extractor")
        self.await_another("extractor", before)

    def kill_server(self, name: str, *, empty: bool = False) -> None:
        """kill -9 of the broker or the database; `empty`: what the broker holds is lost too."""
        path = self.yinqi.folder / name / ("pid" if name == "valkey" else "postmaster.pid")
        before = int(path.read_text().split()[0])
        if empty:
            with Redis.from_url(self.yinqi.environment["YINQI_BROKER_URL"]) as broker:
                broker.flushall()
        os.kill(before, signal.SIGKILL)
        self.killed[name] += 1
        until(lambda: path.exists() and path.read_text().strip() and int(path.read_text().split()[0]) != before)


@pytest.fixture
def world() -> Iterator[World]:
    fuses = {name: Fuse() for name in ("webhook", "email", "dingtalk")}
    with ExitStack() as exits:
        receiver = exits.enter_context(Receiver(taken=fuses["webhook"]))
        mail = exits.enter_context(MailCatcher(taken=fuses["email"]))
        bots = exits.enter_context(Bots(heard=fuses["dingtalk"]))
        yinqi = exits.enter_context(stack.running(YINQI_SMTP_PORT=str(mail.port), YINQI_MAIL_PER_HOUR="0"))
        yield World(receiver, mail, bots, fuses, yinqi)


def _subscribe(world: World) -> None:
    """A channel of each kind, and a watchlist that tells all three."""
    configs: dict[str, dict[str, Any]] = {
        "webhook": {"url": world.receiver.url},
        "email": {"to": "desk@example.org"},
        "dingtalk": {"url": world.bots.dingtalk("SEC-chaos"), "secret": "SEC-chaos"},
    }
    made = {
        kind: world.yinqi.ask("POST", "/v1/channels", {"kind": kind, "name": kind, "config": config})
        for kind, config in configs.items()
    }
    world.receiver.secrets = [made["webhook"]["secret"]]
    _confirm(world)
    wanted = {"name": "盯银行", "banks": WATCHED, "channels": [channel["id"] for channel in made.values()]}
    world.yinqi.ask("POST", "/v1/watchlists", wanted)


def _confirm(world: World) -> None:
    """As whoever reads the address does it."""
    asked = until(lambda: world.mail.messages)
    [link] = set(_CONFIRM.findall(_text(asked[0])))
    assert world.yinqi.api.post(link).is_success
    world.mail.messages.clear()


def _text(message: EmailMessage) -> str:
    return str(message.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def _push(world: World, articles: list[dict[str, Any]]) -> None:
    """As whoever pushes must: again until it is answered. What was stored already is a duplicate."""

    def taken() -> bool:
        with suppress(httpx.TransportError):
            answer = world.yinqi.api.post("/v1/articles", json=articles)
            if answer.is_success:
                assert {one["status"] for one in answer.json()["items"]} <= {"stored", "duplicate"}
                return True
            assert answer.status_code >= 500, answer.text
        return False

    until(taken)


def _open(*tables: Any) -> int:
    with database.transaction() as session:
        return sum(session.scalar(select(func.count(rows.id)).where(rows.state == "open")) or 0 for rows in tables)


def _settled() -> bool:
    try:
        return _open(Article, Notice, Delivery) == 0
    except SQLAlchemyError:  # the database has just been killed
        return False


def test_a_thousand_articles_reach_three_channels_whatever_is_killed_meanwhile(world: World) -> None:
    given: News = news(date.today())
    assert len(given.articles) == 1000 and len(given.expected) == 200
    _subscribe(world)
    hurts: list[Callable[[], None]] = [
        lambda: world.kill_while_sending("dingtalk"),
        world.kill_extractor,
        lambda: world.kill_server("valkey"),
        lambda: world.kill_while_sending("webhook"),
        lambda: world.kill_server("postgres"),
        world.kill_extractor,
        lambda: world.kill_while_sending("email"),
        lambda: world.kill_server("postgres"),
        lambda: world.kill_server("valkey", empty=True),
    ]
    for number, start in enumerate(range(0, 1000, BATCH)):
        _push(world, list(given.articles[start : start + BATCH]))
        if number % 2 and hurts:
            hurts.pop(0)()
    world.kill_while_sending("dingtalk")  # now of a message that gathers what was too much
    assert not hurts
    assert all(world.killed[name] >= 2 for name in ("extractor", "alerts", "valkey", "postgres"))
    try:
        until(_settled, seconds=240)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{told.state_of(world.yinqi)}") from None
    _all_is_told(world, given)


def _all_is_told(world: World, given: News) -> None:
    events = {one.json["data"]["event"]["id"]: one.json["data"]["event"] for one in world.receiver.received}
    assert Counter(map(fact_of, events.values())) == Counter(given.expected)
    with database.transaction() as session:
        assert set(session.scalars(select(Delivery.state))) == {"done"}
        assert set(session.scalars(select(Article.state))) == {"done"}
        doubtful = set(session.scalars(select(Attempt.delivery_id).where(Attempt.outcome.is_(None))))
    _webhooks_are_told_once(world.receiver, set(events), doubtful)
    _mails_are_told_once(world.mail, set(events), doubtful)
    _bots_mark_what_they_repeat(world.bots, set(events))


def _webhooks_are_told_once(receiver: Receiver, events: set[str], doubtful: set[UUID]) -> None:
    """One webhook-id for each event, and one body (the receiver sees to that); a repeat is one that the log tells."""
    ids = defaultdict(set)
    for one in receiver.received:
        ids[one.json["data"]["event"]["id"]].add(one.id)
    assert {event: len(found) for event, found in ids.items()} == dict.fromkeys(events, 1)
    repeated = {UUID(name) for name, times in Counter(one.id for one in receiver.received).items() if times > 1}
    assert repeated, "the kill between sending and recording was to leave one in doubt"
    assert repeated <= doubtful


def _mails_are_told_once(mail: MailCatcher, events: set[str], doubtful: set[UUID]) -> None:
    ids, texts = defaultdict(set), defaultdict(set)
    for message in mail.messages:
        text = _text(message)
        [event] = set(_EVENT.findall(text))
        ids[event].add(message["message-id"])
        texts[message["message-id"]].add(text)
    assert {event: len(found) for event, found in ids.items()} == dict.fromkeys(events, 1)
    assert all(len(found) == 1 for found in texts.values())
    times = Counter(message["message-id"] for message in mail.messages)
    repeated = {UUID(name.strip("<>").partition("@")[0]) for name, seen in times.items() if seen > 1}
    assert repeated and repeated <= doubtful


def _bots_mark_what_they_repeat(bots: Bots, events: set[str]) -> None:
    told: set[str] = set()
    repeats = 0
    for body in bots.taken["dingtalk"]:
        named = set(_EVENT.findall(body["markdown"]["text"]))
        if named & told:
            assert _DOUBTFUL in body["markdown"]["title"]
            repeats += 1
        told |= named
    assert told == events
    assert repeats
    assert bots.refused == []
