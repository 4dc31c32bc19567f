"""The live stream: every piece of news once, to those who may and want to hear it, whatever breaks in between."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from api.app import make
from api.resources.stream import hub, send
from api.server import Server
from core import database
from core.clock import now
from core.models import ApiKey, Bank, Event, EventVersion, News, Watchlist
from core.views import facts
from tests.api import rows
from tests.api.conftest import Subscribe

Piece = dict[str, str]


@pytest.fixture
def tell(session: Session) -> Callable[..., Event]:
    """Makes an event and tells it as news."""
    known: dict[str, Any] = {}

    def make_one(bank: str = "工商银行", firm: str | None = "示例机器人股份有限公司", **fields: Any) -> Event:
        if bank not in known:
            known[bank] = rows.bank(session, bank)
        if firm and firm not in known:
            known[firm] = rows.firm(session, firm)
        made = rows.event(session, known[bank], known[firm] if firm else None, rows.article(session), **fields)
        session.add(News(event_id=made.id, version=1))
        session.commit()
        return made

    return make_one


def pieces(came: Iterator[bytes]) -> Iterator[Piece]:
    """The blocks of a stream by the standard: fields by name. Only \\n ends a line here."""
    found: Piece = {}
    for line in _lines(came):
        name, _, value = line.partition(":")
        if line and name:
            found[name] = found.get(name, "") + value.removeprefix(" ")
        elif not line:
            yield found
            found = {}


def _lines(came: Iterator[bytes]) -> Iterator[str]:
    rest = b""
    for piece in came:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line.decode() for line in whole)


@contextmanager
def listening(client: httpx.Client, last: str | None = None, **asked: Any) -> Iterator[Iterator[Piece]]:
    """The blocks of a stream, after the first, which tells where it begins."""
    headers = {"last-event-id": last} if last else {}
    with client.stream("GET", "/v1/stream", params=asked, headers=headers, timeout=20) as answer:
        if answer.status_code != 200:
            answer.read()
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/event-stream")
        found = pieces(answer.iter_bytes())
        begins = next(found)
        assert begins["retry"].isdecimal() and begins["id"].isdecimal()
        yield found


def heard(found: Iterator[Piece]) -> Piece:
    """The next piece of news."""
    return next(piece for piece in found if "data" in piece)


def all_told(client: httpx.Client, **asked: Any) -> list[Piece]:
    """All that there is by now."""
    with listening(client, follow="false", after=0, **asked) as found:
        return [piece for piece in found if "data" in piece]


def test_an_event_is_told_as_a_webhook_tells_it(alice: httpx.Client, tell: Callable[..., Event]) -> None:
    with listening(alice) as found:
        event = tell(branch="苏州\u2028分行\x85")
        piece = heard(found)
    assert piece["event"] == "event.created"
    body = json.loads(piece["data"])
    assert body.keys() == {"type", "timestamp", "data"}
    assert body["data"] == {
        "event": alice.get(f"/v1/events/{event.id}").json(), "previous": None, "watchlists": []
    }  # fmt: skip


def test_after_a_break_comes_what_was_told_meanwhile_and_nothing_twice(
    alice: httpx.Client, tell: Callable[..., Event]
) -> None:
    with listening(alice) as found:
        tell()
        last = heard(found)["id"]
    missed = [str(tell().id) for _ in range(3)]
    with listening(alice, last) as found:
        told = [heard(found) for _ in range(3)]
        after = str(tell().id)
        told.append(heard(found))
    assert [json.loads(piece["data"])["data"]["event"]["id"] for piece in told] == [*missed, after]
    assert [json.loads(piece["data"])["data"]["event"]["id"] for piece in all_told(alice)][1:] == [*missed, after]


def test_filters_and_types_are_those_of_the_lists(alice: httpx.Client, tell: Callable[..., Event]) -> None:
    tell("样例银行")
    wanted = str(tell(instrument="leasing").id)
    gone = tell(state="retracted")
    told = all_told(alice, instrument="leasing")
    assert [json.loads(one["data"])["data"]["event"]["id"] for one in told] == [wanted]
    assert len(all_told(alice, bank="样例银行")) == 1
    assert len(all_told(alice, type="event.created")) == 3, "what has ended since was told all the same"
    assert all_told(alice, type="event.retracted") == []
    assert gone.state == "retracted"


def test_words_are_heard_in_quotes_that_no_index_holds_yet(alice: httpx.Client, tell: Callable[..., Event]) -> None:
    tell()
    assert len(all_told(alice, q="商银行向")) == 1 and all_told(alice, q="商银行无") == []


def test_live_listeners_get_what_each_wants(
    alice: httpx.Client, subscribe: Subscribe, tell: Callable[..., Event]
) -> None:
    tell("样例银行"), tell("工商银行")
    with listening(alice, bank="样例银行") as one, listening(subscribe("bob"), bank="工商银行") as other:
        first, second = tell("样例银行"), tell("工商银行")
        for found, event in ((one, first), (other, second)):
            assert json.loads(heard(found)["data"])["data"]["event"]["id"] == str(event.id)


def test_a_watchlist_streams_what_it_is_told_and_to_its_owner_only(
    alice: httpx.Client, subscribe: Subscribe, tell: Callable[..., Event], session: Session
) -> None:
    tell("样例银行"), tell("工商银行")
    made = alice.post("/v1/watchlists", json={"name": "样例", "banks": ["样例银行"], "min_amount": 1000}).json()["id"]
    with listening(alice, watchlist=made) as found:
        tell("工商银行")
        tell("样例银行", amount_min=1, amount_max=1)
        event = tell("样例银行")
        body = json.loads(heard(found)["data"])
        assert (body["data"]["event"]["id"], body["data"]["watchlists"]) == (str(event.id), ["样例"])
        session.delete(session.get_one(Watchlist, made))
        session.commit()
        assert not [piece for piece in found if "data" in piece], "a list that is gone ends its stream"
    theirs = subscribe("bob").get("/v1/stream", params={"watchlist": made})
    assert theirs.status_code == 404 and alice.get("/v1/stream", params={"watchlist": made}).status_code == 404


def test_a_key_that_is_revoked_hears_no_more(alice: httpx.Client, session: Session) -> None:
    with listening(alice) as found:
        session.execute(update(ApiKey).values(revoked_at=now()))
        session.commit()
        assert [piece for piece in found if "data" in piece] == []
    assert alice.get("/v1/stream").status_code == 401


def test_signs_of_life_move_the_place_on_at_which_a_reader_comes_back(
    alice: httpx.Client, tell: Callable[..., Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A filter that seldom holds must not have all history looked through after each break."""
    monkeypatch.setattr(send, "BEAT", 0.3)
    tell("样例银行")
    with listening(alice, bank="样例银行") as found:
        tell("工商银行")
        beats = []
        while not beats or int(beats[-1]["id"]) < 2:
            beats.append(next(found))
    assert all("data" not in beat for beat in beats)


@pytest.mark.parametrize(
    ("asked", "header", "field"),
    [
        ({"after": 99}, None, "query.after"),
        ({}, "99", "query.after"),
        ({}, "abc", "header.last-event-id"),
        ({"after": -1}, None, "query.after"),
        ({"bank": "无此银行"}, None, "query.bank.0"),
        ({"type": "event.evidence"}, None, "query.type.0"),
    ],
)
def test_a_place_or_filter_that_makes_no_sense_is_refused_by_name(
    alice: httpx.Client, asked: dict[str, Any], header: str | None, field: str
) -> None:
    answer = alice.get("/v1/stream", params=asked, headers={"last-event-id": header} if header else {})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_place_whose_news_are_not_kept_any_more_is_refused(
    alice: httpx.Client, tell: Callable[..., Event], session: Session
) -> None:
    """Rather than that news be left out in silence."""
    for _ in range(3):
        tell()
    assert len(all_told(alice)) == 3
    session.execute(text("DELETE FROM news WHERE number < 3"))
    session.commit()
    refused = alice.get("/v1/stream", params={"after": 1})
    assert refused.status_code == 422 and "not kept" in refused.json()["detail"]
    with listening(alice, after=2, follow="false") as found:
        assert len([piece for piece in found if "data" in piece]) == 1


def test_a_reader_who_takes_nothing_costs_the_others_nothing(
    alice: httpx.Client, subscribe: Subscribe, tell: Callable[..., Event]
) -> None:
    with listening(subscribe("slow")), listening(alice) as found:
        for _ in range(5):
            tell()
        assert [heard(found)["id"] for _ in range(5)] == ["1", "2", "3", "4", "5"]


def test_one_who_falls_behind_what_is_kept_reads_it_from_the_rows(
    alice: httpx.Client, tell: Callable[..., Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "KEPT", 2)
    monkeypatch.setattr(hub, "MOST", 2)
    with listening(alice) as found:
        for _ in range(9):
            tell()
        assert [heard(found)["id"] for _ in range(9)] == [str(number) for number in range(1, 10)]
    assert [piece["id"] for piece in all_told(alice)] == [str(number) for number in range(1, 10)]


def test_a_server_that_stops_ends_its_streams(environment: dict[str, str], new_subscriber: Callable[..., str]) -> None:
    """It would wait for them for ever."""
    server = Server(uvicorn.Config(make(), host="127.0.0.1", port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    headers = {"authorization": f"Bearer {new_subscriber()}"}
    with httpx.Client(base_url=url, headers=headers, trust_env=False) as client, listening(client) as found:
        server.should_exit = True
        assert [piece for piece in found if "data" in piece] == [], "it ended, and as a whole answer"
    thread.join(20)
    assert not thread.is_alive()


def test_concurrent_writers_and_cuts_lose_and_repeat_nothing(alice: httpx.Client, session: Session) -> None:
    """Writers whose transactions overlap and now and then are rolled back; a reader who is cut off again and again."""
    bank, dice = rows.bank(session), random.Random(7)
    pauses = [[(dice.random() / 50, dice.random() < 0.8) for _ in range(15)] for _ in range(3)]
    committed: set[str] = set()
    with listening(alice) as found:
        writers = [threading.Thread(target=_write, args=(bank, one, committed)) for one in pauses]
        for writer in writers:
            writer.start()
        told = [heard(found)]
    while any(writer.is_alive() for writer in writers):
        with listening(alice, told[-1]["id"]) as found:
            told += [heard(found) for _ in range(dice.randint(1, 3)) if any(one.is_alive() for one in writers)]
    for writer in writers:
        writer.join()
    with listening(alice, told[-1]["id"], follow="false") as found:
        told += [piece for piece in found if "data" in piece]
    assert sorted(json.loads(piece["data"])["data"]["event"]["id"] for piece in told) == sorted(committed)
    assert [int(piece["id"]) for piece in told] == sorted({int(piece["id"]) for piece in told})


def _write(bank: Bank, pauses: list[tuple[float, bool]], committed: set[str]) -> None:
    for pause, keeps in pauses:
        with Session(database.engine(), expire_on_commit=False) as session:
            event = Event(bank_id=bank.id, instrument="loan", status="granted", tech=True, confidence=0.9)
            session.add(event)
            session.flush()
            session.refresh(event)
            session.add(EventVersion(event_id=event.id, version=1, type="event.created", facts=facts(event)))
            session.flush()
            session.add(News(event_id=event.id, version=1))
            session.flush()
            time.sleep(pause)
            if keeps:
                session.commit()
                committed.add(str(event.id))
