"""Finding near-duplicates among many articles, beside the same among few: what a look-up costs as the history grows.

Both histories lie in one real PostgreSQL, each in a database of its own, and are asked in turns. Their sketches are
made up: most bands belong to one article alone, as texts do that share no template; one in twenty is a template's,
which thousands share. What is looked up are sketches of the same kind, new ones and such as share bands with stored
ones. It is the statement that keeps every article, in transactions that are rolled back.
"""

import random
import time
from itertools import count
from statistics import mean
from typing import Any
from uuid import UUID

import psycopg

from bench.report import Row, microseconds, say
from bench.sides import Side, sides
from bench.texts import Maker
from ingest.draft import Draft, draft
from ingest.same import store
from ingest.same.judge import Text, is_reprint
from ingest.same.sketch import SHINGLES, sketch

FEW, MANY = 10_000, 1_000_000
BLOCK, BLOCKS = 500, 12  # look-ups between two looks at the server's CPU time, which counts in hundredths of a second
TEMPLATES = 50  # whose bands one in twenty is
_BANDS = SHINGLES + 1
_COPY = "COPY article_band (band, article_id) FROM STDIN (FORMAT BINARY)"
_ARTICLES = """
    INSERT INTO article (id, title, text, content_hash, state)
    SELECT id, '一则消息', repeat('样例银行向样例企业发放贷款。', 20) || n, 'bench' || n, 'done'
    FROM unnest(%s::uuid[]) WITH ORDINALITY AS made (id, n)
"""


def run(few: int = FEW, many: int = MANY) -> list[Row]:
    """Microseconds for an article in both, their ratio, and what a sketch and a comparison cost."""
    with sides(_fill, few, many) as (small, large):
        taken: dict[str, list[float]] = {"few": [], "many": []}
        for turn in range(-1, BLOCKS):
            say(f"duplicates: {turn + 1} of {BLOCKS}")
            for name, history in {"few": small, "many": large}.items():
                spent = _look_up(history, turn)
                if turn >= 0:
                    taken[name].append(spent)
    ratio = mean(taken["many"]) / mean(taken["few"])
    return [
        Row(
            f"look-up among {few:,} articles",
            microseconds(mean(taken["few"])),
            "server's CPU; the statement that keeps an article",
        ),
        Row(f"look-up among {many:,} articles", microseconds(mean(taken["many"]))),
        Row("ratio", f"{ratio:.2f}", "at most 2"),
        *_pure(),
    ]


def _fill(connection: psycopg.Connection[Any], size: int) -> list[list[int]]:
    """Sketches of so many articles, the last of which have rows; the sketches of those."""
    say(f"duplicates: copying {size:,} sketches")
    chance, kept, ids = random.Random(size), [], []
    connection.execute("ALTER TABLE article_band DROP CONSTRAINT pk_article_band")
    with connection.cursor().copy(_COPY) as copy:
        copy.set_types(["int8", "uuid"])
        for number in range(size):
            article_id = UUID(int=(number + 1) << 64)  # they grow, as those of PostgreSQL do
            bands = _bands(chance)
            for band in bands:
                copy.write_row((band, article_id))
            if number >= size - 5_000:
                kept.append(bands)
                ids.append(article_id)
    connection.execute("ALTER TABLE article_band ADD CONSTRAINT pk_article_band PRIMARY KEY (band, article_id)")
    connection.execute(_ARTICLES, (ids,))
    connection.execute("ANALYZE")
    return kept


def _bands(chance: random.Random) -> list[int]:
    """A sketch: bands of its own, and one in twenty of a template."""
    made = (chance.randrange(TEMPLATES) if chance.random() < 0.05 else chance.getrandbits(63) for _ in range(_BANDS))
    return list(dict.fromkeys(made))


_numbers = count()


def _look_up(history: Side, turn: int) -> float:
    """Seconds of the server's CPU for keeping an article, the mean of a block; every other shares three bands with a
    stored one. The server's CPU, as the clock would tell how busy the machine is."""
    chance = random.Random(turn)
    given = [(_draft(next(_numbers)), _shared(chance, history.told, number % 2)) for number in range(BLOCK)]
    history.connection.execute("BEGIN")
    before = history.spent()
    for new, bands in given:
        store.keep(history.flight, new, bands, source_id=None, quiet=False, later=False, announced=True)
    spent = history.spent() - before
    history.connection.execute("ROLLBACK")
    return spent / BLOCK


def _shared(chance: random.Random, known: list[list[int]], shares: int) -> list[int]:
    bands = _bands(chance)
    if shares:
        bands[:3] = chance.choice(known)[:3]
    return list(dict.fromkeys(bands))


def _draft(number: int) -> Draft:
    return draft(
        title=f"第{number}则消息", text=f"样例银行向第{number}家样例企业发放贷款。", url=f"https://example.com/{number}"
    )


def _pure() -> list[Row]:
    """CPU time of one thread: a sketch, and a comparison of two articles that are told in much the same words."""
    maker = Maker(7)
    stories = [maker.story(bank="工商银行") for _ in range(200)]
    sketch(stories[0].text)
    started = time.thread_time()
    for story in stories:
        sketch(story.text)
    sketched = (time.thread_time() - started) / len(stories)
    started = time.thread_time()
    for story in stories:
        is_reprint(Text(story.title, f"来源：样例日报\n{story.text}"), Text(story.title, story.text))
    compared = (time.thread_time() - started) / len(stories)
    signs = sum(len(story.text) for story in stories) / len(stories)
    return [
        Row("a sketch", microseconds(sketched), f"CPU time; texts of {signs:.0f} characters"),
        Row("a reprint compared with its article", microseconds(compared), "CPU time"),
    ]
