"""The three Chinese bots: signed and split as they ask, and refused where the body says so."""

import json
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts import channels, gather, markdown
from alerts.channels import Letter, _bot
from alerts.deliver import deliver
from alerts.loop import run
from alerts.match import match
from core import work
from core.models import Delivery
from tests.alerts import samples
from tests.alerts.bots import KINDS, SECRET, body, bot_channel, config, letter, text_of
from tests.fakes.bots import Bots


@pytest.fixture(autouse=True)
def _allowed(environment: dict[str, str]) -> None:
    """Loopback may be called."""


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


def test_an_event_reaches_a_bot_through_match_and_deliver(session: Session) -> None:
    with Bots() as bots:
        channel = bot_channel(session, bots, "feishu")
        samples.watch(session, channel, banks=["北海银行"])
        _, notice = samples.event(session)
        work.attempt(work.MATCH, notice.id, match)
        [row] = session.scalars(select(Delivery)).all()
        assert deliver(row.id)
        assert "北海银行 → 青禾智造" in text_of("feishu", bots.taken["feishu"][0])
