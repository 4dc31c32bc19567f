"""Registers of a million names: what a name table takes to build, to open and to search, and when a new name counts.

The names are made up of places, three characters, a trade and a legal form, as Chinese firms' are; they are copied into
a real PostgreSQL. The worker is a fresh process, as `yinqi up` starts it.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice

from sqlalchemy import Engine, text

from bench.report import Row, say
from bench.stack import servers
from bench.texts import Maker, size
from core import database, migrate
from core.names import fold
from extractor.data import table
from extractor.lexicon import Lexicon
from seeds.registers import read_banks, read_firms

NAMES = 1_000_000
MEGABYTE = 1e6
_NEWEST = "穹天航芯"
_TRADES = ("科技", "电子", "智能", "生物", "新材料", "机械", "软件", "能源")
_FORMS = ("有限公司", "股份有限公司", "有限责任公司")


def run(names: int = NAMES) -> list[Row]:
    """What the shipped registers and `names` made-up ones cost."""
    rows = _shipped()
    with servers() as (folder, running):
        engine = database.connect(running.database_url)
        migrate.migrate(engine)
        say(f"lexicon: copying {names} names into PostgreSQL")
        _fill(engine, names)
        environment = {"YINQI_HOME": str(folder), "YINQI_DATABASE_URL": running.database_url}
        rows += _large(engine, names, environment)
        engine.dispose()
    return rows


def _shipped() -> list[Row]:
    started = time.thread_time()
    lexicon = Lexicon.build(read_banks(), read_firms())
    built = time.thread_time() - started
    return [Row("shipped registers: automaton built", f"{built:.2f} s"), _searched("shipped registers", lexicon)]


def _searched(what: str, lexicon: Lexicon) -> Row:
    texts = Maker(2).mixed(400)
    best = min(_pass(lexicon, [text.text for text in texts]) for _ in range(3))
    return Row(f"{what}: searched", f"{size(texts) / MEGABYTE / best:.0f} MB/s", "mixed news, CPU time of one thread")


def _pass(lexicon: Lexicon, texts: list[str]) -> float:
    started = time.thread_time()
    for told in texts:
        for _ in lexicon.find(told):
            pass
    return time.thread_time() - started


def _large(engine: Engine, names: int, environment: dict[str, str]) -> list[Row]:
    what = f"{names:,} names"
    say("lexicon: building the name table")
    built = _child("build", environment)
    say("lexicon: starting a worker, adding a name")
    worker = _child("start", environment, engine)
    return [
        Row(
            f"{what}: table built",
            f"{built['seconds']:.1f} s",
            f"highest {built['megabytes']:.0f} MB, in the background",
        ),
        Row(f"{what}: worker reads its lexicon", f"{worker['lexicon']:.2f} s"),
        Row(f"{what}: worker starts, its modules included", f"{worker['seconds']:.2f} s", "at most 2 s"),
        Row(f"{what}: worker's memory", f"{worker['megabytes']:.0f} MB", "at most 1000 MB"),
        Row(f"{what}: searched", f"{worker['speed']:.0f} MB/s", "mixed news, CPU time of one thread"),
        Row(f"{what}: a new name counts after", f"{worker['new']:.2f} s", "from its commit; at most 5 s"),
    ]


def _child(task: str, environment: dict[str, str], engine: Engine | None = None) -> dict[str, float]:
    """What a fresh process measures; for `start` a name is added as soon as it says that it is ready."""
    child = subprocess.Popen(
        [sys.executable, "-m", "bench.lexicon_worker", task],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    for line in child.stdout:
        if line.startswith("ready") and engine is not None:
            _add_newest(engine)
        elif line.startswith("{"):
            child.wait()
            return dict(json.loads(line))
    raise RuntimeError(f"the {task} process of the bench ended without a figure")


def _add_newest(engine: Engine) -> None:
    with engine.begin() as connection:
        new = connection.execute(
            text("INSERT INTO firm (name, origin) VALUES ('穹天航芯', 'operator') RETURNING id")
        ).scalar()
        row = {"key": fold("穹天航芯"), "alias": "穹天航芯", "id": new}
        connection.execute(text("INSERT INTO firm_alias (key, alias, firm_id) VALUES (:key, :alias, :id)"), row)
        connection.execute(text("INSERT INTO lexicon_change (what) VALUES ('firm')"))


def _fill(engine: Engine, names: int) -> None:
    """Half as many firms as names: each has its full name and a short one."""
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        firms = list(islice(_firms(), names // 2))
        with cursor.copy("COPY firm (name, origin, created_at) FROM STDIN") as copy:  # type: ignore[attr-defined]
            for short, _ in firms:
                copy.write_row((short, "seed", "2026-01-01T00:00:00Z"))
        cursor.execute("SELECT name, id FROM firm")
        ids = dict(cursor.fetchall())
        with cursor.copy("COPY firm_alias (key, alias, firm_id) FROM STDIN") as copy:  # type: ignore[attr-defined]
            for short, full in firms:
                copy.write_row((fold(short), short, ids[short]))
                copy.write_row((fold(full), full, ids[short]))
        raw.commit()
    finally:
        raw.close()


def _firms() -> Iterator[tuple[str, str]]:
    """Made-up firms, no two alike: short name and full name."""
    choose = random.Random(7)
    signs = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]
    places = list(table("places", "name", "kind"))
    seen: set[str] = set()
    while True:
        short = "".join(choose.choices(signs, k=3)) + choose.choice(_TRADES)
        if fold(short) not in seen:
            seen.add(fold(short))
            yield short, choose.choice(places) + short + choose.choice(_FORMS)
