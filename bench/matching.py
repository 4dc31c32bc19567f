"""Finding the watchlists that want one event among a million watch items, beside the same among a thousand.

Both lie in one real PostgreSQL, each in a database of its own, and are asked in turns. The lists that match are the
same few in both. The many others do not match, and most are hard not to visit: lists on the event's own bank that need
another firm, another sector and region, a larger sum, more confidence, another instrument or trigger. What is timed is
all of the matching that depends on lists: the shapes in use, the index, the judging.
"""

import random
import time
from collections.abc import Iterator
from statistics import median
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg

from alerts import match, wants, watching
from bench.report import Row, microseconds, say
from bench.sides import Side, sides
from core.watching import keys, subjects

FEW, MANY = 1_000, 1_000_000  # watch items
BLOCK, BLOCKS = 300, 12  # events between two looks at the server's CPU time, which counts in hundredths of a second
MATCHING = 5  # lists that want the event
OWNER, CHANNEL = UUID(int=1), UUID(int=2)
FACTS = {"bank": "工商银行", "branch": "苏州分行", "firm": "样例机器人", "tech": True, "instrument": "tech_loan"}
ALIASES = ["工商银行", "工行", "中国工商银行", "icbc"]
_LIST = "id, subscriber_id, name, logic, named, triggers, changed, tech_only, instruments, min_amount, min_confidence"
_KEY = "watchlist_id, hash, asks, tech, shape, level, least"


def run(few: int = FEW, many: int = MANY) -> list[Row]:
    """Microseconds for an event in both, by the server's CPU and by the clock, and their ratios."""
    with sides(_fill, few, many) as (small, large):
        spent: dict[str, list[tuple[float, float]]] = {"few": [], "many": []}
        for turn in range(-1, BLOCKS):
            say(f"matching: {turn + 1} of {BLOCKS}")
            for name, lists in {"few": small, "many": large}.items():
                taken = _match(lists)
                if turn >= 0:
                    spent[name].append(taken)
    (few_cpu, few_clock), (many_cpu, many_clock) = (
        (sum(one[0] for one in spent[name]) / BLOCKS, median(one[1] for one in spent[name])) for name in spent
    )
    return [
        Row(f"one event against {few:,} watch items", microseconds(few_clock), f"server's CPU {microseconds(few_cpu)}"),
        Row(
            f"one event against {many:,} watch items",
            microseconds(many_clock),
            f"server's CPU {microseconds(many_cpu)}",
        ),
        Row("ratio by the clock", f"{many_clock / few_clock:.2f}", "at most 2"),
        Row("ratio of the server's CPU", f"{many_cpu / few_cpu:.2f}", "at most 2"),
    ]


def _fill(connection: psycopg.Connection[Any], size: int) -> None:
    """Lists with so many items in all; each is told of by one channel."""
    say(f"matching: writing {size:,} watch items")
    connection.execute("SET session_replication_role = replica")  # foreign keys hold by construction
    connection.execute("INSERT INTO subscriber (id, name) VALUES (%s, 'bench')", (OWNER,))
    connection.execute(
        "INSERT INTO channel (id, subscriber_id, kind, name, config) VALUES (%s, %s, 'webhook', 'bench', '{}')",
        (CHANNEL, OWNER),
    )
    with connection.cursor().copy(f"COPY watchlist ({_LIST}) FROM STDIN") as copy:
        for number, row in enumerate(_made(size)):
            told = [getattr(row, name) for name in _LIST.split(", ")[3:]]
            copy.write_row((UUID(int=number + 10), OWNER, str(number), *told))
    with connection.cursor().copy("COPY watchlist_channel (watchlist_id, channel_id) FROM STDIN") as copy:
        for number, _ in enumerate(_made(size)):
            copy.write_row((UUID(int=number + 10), CHANNEL))
    with connection.cursor().copy("COPY watch_item (watchlist_id, kind, name, key, branch) FROM STDIN") as copy:
        for number, row in enumerate(_made(size)):
            for item in row.items:
                copy.write_row((UUID(int=number + 10), item.kind, item.key, item.key, item.branch))
    with connection.cursor().copy(f"COPY watch_key ({_KEY}) FROM STDIN") as copy:
        for number, row in enumerate(_made(size)):
            for key in keys(row):
                copy.write_row((UUID(int=number + 10), *(getattr(key, one) for one in _KEY.split(", ")[1:])))
    connection.execute("VACUUM ANALYZE")
    connection.execute("SET plan_cache_mode = force_generic_plan")  # as workers have it


def _made(size: int) -> Iterator[SimpleNamespace]:
    chance, items, number = random.Random(size), 0, 0
    while items < size:
        row = _list([("bank", "工行")]) if number < MATCHING else _other(chance, number)
        items, number = items + len(row.items), number + 1
        yield row


def _other(chance: random.Random, number: int) -> SimpleNamespace:
    """A list that does not want the event, by turns for each of the reasons."""
    own, kind = ("bank", chance.choice(ALIASES)), number % 8
    if kind == 0:
        return _list([("bank", f"第{chance.randrange(600)}银行"), ("firm", f"第{number}企业")])
    if kind == 1:
        return _list([own, ("firm", f"第{number}企业")], logic="all")
    if kind == 2:
        sector = ("sector", f"sector{chance.randrange(40)}")
        return _list([own, sector, ("region", f"地区{chance.randrange(300)}")], logic="all")
    if kind == 3:
        return _list([own], min_amount=chance.randrange(10_000_001, 10**10))
    if kind == 4:
        return _list([own], min_confidence=chance.choice([0.9, 0.95, 1.0]))
    if kind == 5:
        return _list([own], instruments=["bond", "bill"])
    if kind == 6:
        return _list([own], triggers=["updated", "mention"])
    return _list([("bank", "工商银行", "南京分行"), ("word", f"词语{number}")], logic="all")


def _list(items: list[tuple[str, ...]], **more: Any) -> SimpleNamespace:
    made = [SimpleNamespace(kind=kind, key=key, branch=(*rest, None)[0], excludes=False) for kind, key, *rest in items]
    plain = {"logic": "any", "triggers": ["created", "updated"], "changed": ["amount"], "tech_only": True}
    plain |= {"instruments": [], "min_amount": None, "min_confidence": 0.0, "enabled": True}
    return SimpleNamespace(**{**plain, **more}, items=made, named=sorted(subjects(made)))


def _match(lists: Side) -> tuple[float, float]:
    """Seconds for an event: of the server's CPU, the mean of a block, and by the clock, the median."""
    facts = {**FACTS, "amount": {"min": 10_000_000, "max": 10_000_000, "currency": "CNY"}}
    about: dict[str, Any] = {"banks": ALIASES, "firms": ["样例机器人"], "words": ["质押"], "sector": "robotics"}
    offer = wants.of_event("created", facts, **about, regions=["江苏", "苏州"], confidence=0.85)
    before, clocks = lists.spent(), []
    for _ in range(BLOCK):
        started = time.perf_counter()
        found = match.asking(lists.flight, offer, watching.shapes(lists.flight).fetchall())
        clocks.append(time.perf_counter() - started)
        assert len(found) == MATCHING
    return (lists.spent() - before) / BLOCK, median(clocks)
