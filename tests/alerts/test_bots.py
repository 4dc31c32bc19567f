"""The three Chinese bots: signed and split as they ask, refused where the body says so, and paced."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from alerts import channels, gather, markdown, pace
from alerts.channels import Letter, Pace, _bot
from alerts.deliver import deliver
from alerts.loop import run
from alerts.match import match
from core import work
from core.models import Channel, Delivery
from core.secrets import seal
from tests.alerts import samples
from tests.fakes.bots import Bots

SECRET = "SECfakefakefake"
KINDS = ("dingtalk", "feishu", "wecom")


@pytest.fixture(autouse=True)
def _allowed(environment: dict[str, str]) -> None:
    """Loopback may be called."""


def address(bots: Bots, kind: str, *, signed: bool = True) -> str:
    return bots.wecom() if kind == "wecom" else getattr(bots, kind)(SECRET if signed else "")


def config(bots: Bots, kind: str, secret: str | None = SECRET) -> dict[str, Any]:
    return {"url": address(bots, kind)} | ({} if kind == "wecom" else {"secret": secret})


def body(subject_firm: str = "青禾智造", quotes: int = 1, quote: str = "昨日，北海银行向青禾智造放款。") -> str:
    evidence = {"quote": quote, "title": "北海银行放款", "url": "https://news.example.cn/1"}
    event = {
        "id": "0", "bank": {"name": "北海银行"}, "firm": {"name": subject_firm}, "firm_description": None,
        "branch": None, "instrument": "loan", "instrument_text": None, "shared_amount": False, "date": None,
        "term_months": None, "status": "granted", "confidence": 0.9, "evidence": [evidence] * quotes,
        "amount": {"min": 8_000_000, "max": 8_000_000, "currency": "CNY", "qualifier": "exact"},
    }  # fmt: skip
    return json.dumps({"type": "event.created", "data": {"event": event, "previous": None, "watchlists": ["城商行"]}})


def letter(kind: str, given: dict[str, Any], told: str, *, in_doubt: bool = False) -> Letter:
    one = channels.find(kind)
    return Letter(id="1", body=told, config=one.public(given), secret=one.private(given), in_doubt=in_doubt)


def text_of(kind: str, taken: dict[str, Any]) -> str:
    if kind == "feishu":
        return str(taken["card"]["header"]["title"]["content"] + "\n" + taken["card"]["elements"][0]["content"])
    said = taken["markdown"]
    return str(said["text"] if kind == "dingtalk" else said["content"])


@pytest.mark.parametrize("kind", KINDS)
def test_an_alert_is_taken_with_its_facts_and_the_sentence_that_proves_it(kind: str) -> None:
    with Bots() as bots:
        outcome = run(channels.find(kind).send(letter(kind, config(bots, kind), body())))
        assert (outcome.kind, outcome.status_code) == ("delivered", 200)
        [taken] = bots.taken[kind]
    text = text_of(kind, taken)
    for told in (
        "北海银行 → 青禾智造",
        "800万元",
        "昨日，北海银行向青禾智造放款。",
        "https://news.example.cn/1",
        "城商行",
    ):
        assert told in text


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
@pytest.mark.parametrize("secret", ["wrong", None])
def test_a_wrong_signature_is_no_success_although_the_status_is_200(kind: str, secret: str | None) -> None:
    with Bots() as bots:
        outcome = run(channels.find(kind).send(letter(kind, config(bots, kind, secret), body())))
        assert (outcome.kind, outcome.status_code) == ("later", 200)
        assert "sign" in outcome.reason
        assert bots.taken[kind] == []


def test_signatures_are_those_that_the_services_document() -> None:
    # worked by hand with `openssl dgst -sha256 -hmac`: the key is the secret (DingTalk), or time and secret (Feishu)
    from alerts.channels import dingtalk, feishu

    assert dingtalk.signature("SECabc", 1_700_000_000.123) == (
        "timestamp=1700000000123&sign=IqXBU%2FaLfwMA3S%2FtDcfRmHx5vWHw9Y1aOgFLBr1Ti9w%3D"
    )
    assert feishu.signature("SECabc", 1_700_000_000.9) == {
        "timestamp": "1700000000",
        "sign": "XprR1de+0SSBnwWyU/4k6x2TL+Q2SJlM5NNEdAv7MWg=",
    }


@pytest.mark.parametrize(
    ("kind", "answer", "expected", "wait"),
    [
        ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, "later", 600),
        ("dingtalk", {"errcode": 430102, "errmsg": "bad words"}, "refused", None),
        ("dingtalk", {"errcode": 400013, "errmsg": "group dissolved"}, "gone", None),
        ("dingtalk", {"errcode": 987654, "errmsg": "unheard of"}, "later", None),
        ("dingtalk", {"errmsg": "no code"}, "later", None),
        ("feishu", {"code": 11232, "msg": "frequency limited"}, "later", 60),
        ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, "later", None),
        ("feishu", {"StatusCode": 19002, "StatusMessage": "params error"}, "refused", None),
        ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, "later", 60),
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, "gone", None),
    ],
)
def test_the_code_in_the_body_decides(kind: str, answer: dict[str, Any], expected: str, wait: float | None) -> None:
    with Bots(answers=[answer]) as bots:
        outcome = run(channels.find(kind).send(letter(kind, config(bots, kind), body())))
    assert (outcome.kind, outcome.retry_after) == (expected, wait)
    message = next((str(answer[name]) for name in ("errmsg", "msg", "StatusMessage") if name in answer), "")
    assert message in outcome.reason or "no code" in outcome.reason


def test_feishus_older_answer_is_success_too() -> None:
    with Bots(answers=[{"StatusCode": 0, "StatusMessage": "success"}]) as bots:
        assert run(channels.find("feishu").send(letter("feishu", config(bots, "feishu"), body()))).kind == "delivered"


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_alert_comes_in_parts_within_the_limit_and_cuts_no_character(kind: str) -> None:
    long = "".join(chr(0x4E00 + number % 5000) for number in range(7000))
    with Bots() as bots:
        outcome = run(channels.find(kind).send(letter(kind, config(bots, kind), body(quote=long, quotes=3))))
        assert outcome.kind == "delivered"
        taken = bots.taken[kind]
    assert len(taken) > 1
    assert all("\ufffd" not in text_of(kind, one) for one in taken)
    assert [f"（{number}/{len(taken)}）" in text_of(kind, one) for number, one in enumerate(taken, 1)] == [True] * len(
        taken
    )


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_in_an_article_is_no_markup(kind: str) -> None:
    evil = "<at id=all></at> <@all> **粗** [点我](https://evil.example) # 题"
    with Bots() as bots:
        run(channels.find(kind).send(letter(kind, config(bots, kind), body(subject_firm=evil, quote=evil))))
        text = text_of(kind, bots.taken[kind][0])
    assert "<at" not in text and "<@" not in text and "](https://evil" not in text and "**粗" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_in_doubt_is_marked(kind: str) -> None:
    with Bots() as bots:
        run(channels.find(kind).send(letter(kind, config(bots, kind), body(), in_doubt=True)))
        assert "【可能重复】" in text_of(kind, bots.taken[kind][0])


@pytest.mark.parametrize("kind", KINDS)
def test_neither_config_nor_errors_show_what_gives_access(kind: str) -> None:
    one = channels.find(kind)
    with Bots() as bots:
        given = config(bots, kind)
    shown = one.public(given)
    token = given["url"][-32:]
    assert token not in json.dumps(shown) and SECRET not in json.dumps(shown)
    outcome = run(one.send(letter(kind, given, body())))  # nobody listens there any more
    assert outcome.kind == "later"
    assert token not in outcome.reason and SECRET not in outcome.reason


@given(st.text(max_size=400), st.integers(4, 60))
def test_pieces_are_whole_characters_and_together_the_text(text: str, limit: int) -> None:
    text = text.encode("utf-8", "ignore").decode().replace("\n", " ")
    found = list(markdown.pieces(text, limit))
    assert "".join(found) == text
    assert all(len(one.encode()) <= limit for one in found)


MOMENT = datetime(2026, 3, 1, tzinfo=UTC)


@given(
    st.lists(st.floats(0, 200), max_size=60).map(sorted),
    st.integers(1, 3),
    st.sampled_from([Pace(18), Pace(90, per_second=4), Pace(3)]),
)
def test_no_minute_and_no_second_ever_holds_more_than_the_pace(
    arrivals: list[float], messages: int, limit: Pace
) -> None:
    sent: list[float] = []
    recent: list[datetime] = []
    clock = 0.0
    for arrival in arrivals:
        clock = max(clock, arrival)
        while (pause := pace.wait(recent, limit, MOMENT + timedelta(seconds=clock), messages)) > 0:
            clock += pause
        recent = pace.kept(recent, MOMENT + timedelta(seconds=clock), messages, limit)
        sent += [clock] * messages
    for one in sent:
        assert sum(one <= other < one + 59.999 for other in sent) <= limit.per_minute
        if limit.per_second:
            assert sum(one <= other < one + 0.999 for other in sent) <= limit.per_second


def bot_channel(session: Session, bots: Bots, kind: str) -> Channel:
    owner = samples.webhook(session, "https://hooks.example.com/")
    given = config(bots, kind)
    one = channels.find(kind)
    channel = Channel(
        subscriber_id=owner.subscriber_id, kind=kind, name=kind,
        config=one.public(given), secret=seal(one.private(given) or ""),
    )  # fmt: skip
    session.add(channel)
    session.flush()
    return channel


def waiting(session: Session, channel: Channel, count: int) -> list[Delivery]:
    """Deliveries of one event's versions, as many as asked for."""
    event, notice = samples.event(session)
    made = []
    for version in range(1, count + 1):
        made.append(
            Delivery(
                subscriber_id=channel.subscriber_id, channel_id=channel.id, type="event.created", event_id=event.id,
                version=version, article_id=notice.article_id, body=body(subject_firm=f"第{version}家公司"),
            )
        )  # fmt: skip
    session.add_all(made)
    session.commit()
    return made


def test_what_is_too_much_for_a_bot_is_gathered_in_one_message(session: Session) -> None:
    with Bots() as bots:
        channel = bot_channel(session, bots, "dingtalk")
        rows = waiting(session, channel, 50)
        for row in rows:
            deliver(row.id)
        session.expire_all()
        states = [row.state for row in session.scalars(select(Delivery).order_by(Delivery.version))]
        assert states == ["done"] * 50
        assert len(bots.taken["dingtalk"]) <= 18
        assert bots.refused == []
        told = "\n".join(text_of("dingtalk", one) for one in bots.taken["dingtalk"])
    assert [told.count(f"第{number}家公司：") for number in range(1, 51)] == [1] * 50
    assert {len(row.tries) for row in rows} == {1}


@pytest.mark.parametrize("kind", KINDS)
def test_no_alert_falls_off_a_gathered_message_however_long_they_are(kind: str) -> None:
    limit = channels.find(kind).limit  # type: ignore[attr-defined]
    for title, address in ((20, 30), (80, 30), (300, 100), (2000, 30), (20, 1900)):
        letters = [_mention(number, "题" * title, "x" * address) for number in range(gather.MOST)]
        parts = _bot.composed(letters, limit)
        assert len(parts) <= _bot.MOST_PARTS
        assert all(len(f"### {head}\n\n{text}".encode()) <= limit for head, text in parts)
        told = "\n".join(text for _, text in parts)
        assert [told.count(f"提及 第{number}银行：") for number in range(gather.MOST)] == [1] * gather.MOST
        links = [f"https://news.example.com/{number}/{'x' * address}" in told for number in range(gather.MOST)]
        assert all(links) or address > 1000


def _mention(number: int, title: str, address: str) -> Letter:
    article = {"id": str(uuid4()), "title": title, "url": f"https://news.example.com/{number}/{address}"}
    mention = {"kind": "bank", "name": f"第{number}银行", "quote": "…"}
    data = {"article": article | {"published": None}, "mentions": [mention], "watchlists": ["单"]}
    told = {"type": "mention.created", "timestamp": "2026-03-13T01:05:16.930Z", "data": data}
    return Letter(id=str(number), body=json.dumps(told), config={}, secret=None)


def test_a_channel_that_is_at_its_pace_waits_and_counts_no_attempt(session: Session) -> None:
    with Bots() as bots:
        channel = bot_channel(session, bots, "wecom")
        channel.recent = [datetime.now(UTC)] * 18
        session.commit()
        [row] = waiting(session, channel, 1)
        assert not deliver(row.id)
        session.refresh(row)
        assert (row.state, row.attempts, row.lease_until, row.tries) == ("open", 0, None, [])
        pause = row.due_at - datetime.now(UTC)
        assert timedelta(seconds=50) < pause <= timedelta(seconds=60)
        session.execute(update(Channel).values(recent=[datetime.now(UTC) - timedelta(seconds=61)] * 18))
        session.execute(update(Delivery).values(due_at=func.now()))
        session.commit()
        assert deliver(row.id)
        assert len(bots.taken["wecom"]) == 1


def test_a_gathered_message_that_fails_puts_all_its_alerts_off(session: Session) -> None:
    with Bots(answers=[{"errcode": 130101, "errmsg": "send too fast"}]) as bots:
        channel = bot_channel(session, bots, "dingtalk")
        channel.recent = [datetime.now(UTC)] * 17
        session.commit()
        rows = waiting(session, channel, 3)
        assert deliver(rows[0].id)
        for row in rows:
            session.refresh(row)
            assert (row.state, row.attempts, [one.outcome for one in row.tries]) == ("open", 1, ["later"])
            assert row.due_at > datetime.now(UTC) + timedelta(seconds=590)
        assert bots.taken["dingtalk"] == []


def test_a_gathered_message_that_fails_is_one_failure_of_its_channel(session: Session) -> None:
    with Bots(answers=[{"errcode": 310000, "errmsg": "sign not match"}]) as bots:
        channel = bot_channel(session, bots, "dingtalk")
        channel.recent = [datetime.now(UTC)] * 17
        session.commit()
        rows = waiting(session, channel, 5)
        assert deliver(rows[0].id)
        session.refresh(channel)
        assert (channel.failures, channel.probe_at) == (1, None)
        for row in rows:
            session.refresh(row)
            assert [one.outcome for one in row.tries] == ["later"]
            assert row.due_at < datetime.now(UTC) + timedelta(seconds=7)  # the first gap of the schedule


def test_an_event_reaches_a_bot_through_match_and_deliver(session: Session) -> None:
    with Bots() as bots:
        channel = bot_channel(session, bots, "feishu")
        samples.watch(session, channel, banks=["北海银行"])
        _, notice = samples.event(session)
        work.attempt(work.MATCH, notice.id, match)
        [row] = session.scalars(select(Delivery)).all()
        assert deliver(row.id)
        assert "北海银行 → 青禾智造" in text_of("feishu", bots.taken["feishu"][0])
