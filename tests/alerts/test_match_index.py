"""What watchlists ask is what they are told of; the index finds exactly those lists that a look at every list finds."""

import random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts import match, store, wants, watching
from alerts.wants import Item, Offer
from core import work
from core.models import Delivery, Mention, WatchItem, WatchKey, Watchlist
from core.names import fold
from core.views import facts
from tests.alerts import samples

EVENT = {"branch": "苏州分行园区支行", "sector": "robotics", "regions": ["江苏", "苏州"]}
AFTER = ["created", "updated"]


def watch(session: Session, asks: dict[str, Any], channel: Any, name: str = "list") -> Watchlist:
    """A list by kinds: {"bank": ["北海银行 苏州分行"], "-word": ["展期"], "logic": "all"}; - excludes."""
    asks = dict(asks)
    kinds = ("bank", "firm", "sector", "region", "word", "instrument")
    items = []
    for kind in (*kinds, *(f"-{one}" for one in kinds)):
        for told in asks.pop(kind, ()):
            key, _, branch = told.partition(" ")
            excludes, own = kind.startswith("-"), kind.removeprefix("-")
            items.append(WatchItem(kind=own, name=key, key=fold(key), branch=branch or None, excludes=excludes))
    row = Watchlist(subscriber_id=channel.subscriber_id, name=name, **{"triggers": AFTER, "tech_only": False, **asks})
    row.items, row.channels = items, [channel]
    session.add(row)
    session.flush()
    return row


def told(session: Session, asks: dict[str, Any], **event: Any) -> int:
    """How many deliveries an event makes for one list."""
    watch(session, asks, samples.webhook(session, "http://127.0.0.1:9/"))
    _, notice = samples.event(session, **{**EVENT, **event})
    assert work.attempt(work.MATCH, notice.id, match.match) == "done"
    return len(session.scalars(select(Delivery)).all())


@pytest.mark.parametrize(
    ("asks", "count"),
    [
        ({"bank": ["北海银行 苏州分行"]}, 1),
        ({"bank": ["北海银行 园区支行"]}, 1),
        ({"bank": ["北海银行 南京分行"]}, 0),
        ({"bank": ["北海银行 总行"]}, 0),
        ({"bank": ["南湖银行 苏州分行"]}, 0),
        ({"sector": ["robotics"]}, 1),
        ({"sector": ["semiconductor"]}, 0),
        ({"region": ["江苏"]}, 1),
        ({"region": ["江苏/苏州"]}, 1),
        ({"region": ["江苏/南京"]}, 0),
        ({"bank": ["南湖银行"], "sector": ["robotics"]}, 1),
        ({"bank": ["南湖银行"], "sector": ["robotics"], "logic": "all"}, 0),
        ({"bank": ["南湖银行", "北海银行"], "sector": ["ai", "robotics"], "logic": "all"}, 1),
        ({"bank": ["北海银行"], "-firm": ["青禾智造"]}, 0),
        ({"bank": ["北海银行"], "-bank": ["北海银行 苏州分行"]}, 0),
        ({"bank": ["北海银行"], "-bank": ["北海银行 南京分行"]}, 1),
        ({"bank": ["北海银行"], "-instrument": ["working_capital_loan"]}, 0),
        ({"bank": ["北海银行"], "-region": ["江苏"]}, 0),
        ({"instruments": ["working_capital_loan"]}, 1),
        ({"instruments": ["bond"]}, 0),
        ({"min_amount": 8_000_000}, 1),
        ({"min_amount": 8_000_001}, 0),
        ({"sector": ["robotics"], "logic": "all", "instruments": ["bond"]}, 0),
        ({"bank": ["北海银行"], "triggers": ["updated", "mention"]}, 0),
    ],
)
def test_a_list_is_told_of_what_it_asks_for(session: Session, asks: dict[str, Any], count: int) -> None:
    assert told(session, asks) == count


def test_the_head_office_is_told_of_where_no_branch_is_told(session: Session) -> None:
    assert told(session, {"bank": ["北海银行 总行"]}, branch=None) == 1


@pytest.mark.parametrize(("place", "count"), [(("title", 0, 4), 1), (("text", 4, 8), 1), (("text", 0, 2), 0)])
def test_a_word_counts_in_the_title_and_in_the_evidence_alone(
    session: Session, place: tuple[str, int, int], count: int
) -> None:
    where, start, end = place
    watch(session, {"word": ["展期"]}, samples.webhook(session, "http://127.0.0.1:9/"))
    _, notice = samples.event(session)
    word = Mention(article_id=notice.article_id, kind="word", name="展期", start=start, end=end, where=where)
    session.add(word)
    session.commit()
    work.attempt(work.MATCH, notice.id, match.match)
    assert len(session.scalars(select(Delivery)).all()) == count


@pytest.mark.parametrize(
    ("changed", "asks", "wanted"),
    [
        ({"amount"}, ["amount", "status"], True),
        ({"date"}, ["amount", "status"], False),
        ({"date"}, ["date"], True),
        ({"date"}, [], True),
    ],
)
def test_an_update_is_told_where_a_field_changed_that_the_list_asks_for(
    session: Session, changed: set[str], asks: list[str], wanted: bool
) -> None:
    watch(session, {"bank": ["北海银行"], "changed": asks}, samples.webhook(session, "http://127.0.0.1:9/"))
    event, _ = samples.event(session)
    offer = _offer(facts(event), "updated", changed=changed)
    assert bool(match.asking(session, offer, watching.shapes(session).fetchall())) is wanted


def _offer(told_: dict[str, Any], trigger: str, **more: Any) -> Offer:
    given = {"banks": [], "firms": [], "words": [], "regions": [], "sector": None, "confidence": 0.9, **more}
    return wants.of_event(trigger, told_, **given)


def test_a_retraction_is_told_to_lists_that_ask_for_it(session: Session) -> None:
    hook = samples.webhook(session, "http://127.0.0.1:9/")
    watch(session, {"bank": ["北海银行"], "triggers": ["created"]}, hook, "keeps quiet")
    watch(
        session, {"bank": ["北海银行"], "triggers": ["event"]}, samples.email(session, "a@example.com", like=hook), "b"
    )
    event, notice = samples.event(session)
    work.attempt(work.MATCH, notice.id, match.match)
    told_ = [(row.channel_id, row.name) for row in store.told(session, event.id)]
    assert [name for _, name in told_] == ["b"]


def test_the_index_follows_its_list(session: Session) -> None:
    row = watch(session, {"bank": ["北海银行"]}, samples.webhook(session, "http://127.0.0.1:9/"))
    [first] = session.scalars(select(WatchKey.hash))
    row.items = [WatchItem(kind="bank", name="南湖银行", key="南湖银行")]
    session.flush()
    [second] = session.scalars(select(WatchKey.hash))
    assert first != second
    row.enabled = False
    session.flush()
    assert session.scalars(select(WatchKey.hash)).all() == []


def _some(chance: random.Random, names: list[str], most: int) -> list[str]:
    return chance.sample(names, chance.randint(0, min(most, len(names))))


NAMES = {
    "bank": ["甲银行", "乙银行", "甲银行 苏州分行", "乙银行 总行"],
    "firm": ["一科技", "二科技", "三科技"],
    "sector": ["ai", "robotics"],
    "region": ["江苏", "江苏/苏州", "浙江"],
    "word": ["展期", "质押"],
}
INSTRUMENTS = ["loan", "bond", "bill"]


def _asks(chance: random.Random) -> dict[str, Any]:
    asks: dict[str, Any] = {
        kind: _some(chance, names, 2) if chance.random() < 0.4 else [] for kind, names in NAMES.items()
    }
    asks |= {f"-{kind}": _some(chance, names, 1) if chance.random() < 0.1 else [] for kind, names in NAMES.items()}
    return asks | {
        "logic": chance.choice(["any", "all"]),
        "triggers": chance.sample(["created", "updated", "evidence", "mention"], chance.randint(1, 4)),
        "changed": _some(chance, ["amount", "status", "date", "branch"], 3),
        "tech_only": chance.random() < 0.5,
        "instruments": _some(chance, INSTRUMENTS, 2),
        "min_amount": chance.choice([None, None, 100, 500.5]),
        "min_confidence": chance.choice([0, 0, 0.57, 0.8]),
        "enabled": chance.random() < 0.9,
    }


def _offered(chance: random.Random) -> Offer:
    if chance.random() < 0.3:
        return wants.of_article(
            f"{kind}:{name}" for kind in ("bank", "firm", "word") for name in _some(chance, NAMES[kind], 3)
        )
    amount = chance.choice(
        [None, {"min": 500.5, "max": None, "currency": "CNY"}, {"min": 1, "max": 100, "currency": "USD"}]
    )
    told_ = {
        "bank": chance.choice(["甲银行", "乙银行"]),
        "branch": chance.choice([None, "苏州分行", "苏州分行园区支行"]),
        "firm": chance.choice([None, "一科技", "二科技"]),
        "tech": chance.random() < 0.5,
        "instrument": chance.choice(INSTRUMENTS),
        "amount": amount,
    }
    return _offer(
        told_,
        chance.choice(["created", "updated", "evidence"]),
        words=_some(chance, NAMES["word"], 2),
        regions=chance.choice([[], ["江苏"], ["江苏", "苏州"]]),
        sector=chance.choice([None, "ai"]),
        confidence=chance.choice([0.5, 0.57, 0.9]),
        changed=_some(chance, ["amount", "status", "date", "branch"], 2),
    )


def _wanting(lists: list[Watchlist], offer: Offer) -> set[str]:
    """By a look at every list."""
    found = set()
    for row in lists:
        items = [Item(one.kind, one.key, one.branch, bool(one.excludes)) for one in row.items]
        if row.enabled and wants.refusal(row, wants.hits(items, offer), offer) is None:
            found.add(row.name)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_the_index_finds_what_a_look_at_every_list_finds(session: Session, seed: int) -> None:
    chance = random.Random(seed)
    channel = samples.webhook(session, "http://127.0.0.1:9/")
    lists = [watch(session, _asks(chance), channel, str(number)) for number in range(120)]
    shapes = watching.shapes(session).fetchall()
    counts = 0
    for _ in range(60):
        offer = _offered(chance)
        found = {row.name for row in match.asking(session, offer, shapes)}
        assert found == _wanting(lists, offer)
        counts += len(found)
    assert counts > 100, "few lists matched: the test says little"
