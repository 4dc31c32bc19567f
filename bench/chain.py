"""Articles per second through the whole embedded chain, beside extraction alone over the same articles."""

import time
from collections.abc import Sequence

from sqlalchemy import text

from bench import stack
from bench.receiver import Receiver
from bench.report import Row, say
from bench.texts import Maker, Text, banks
from core import database
from extractor import Lexicon, extract
from seeds.registers import read_banks, read_firms

ARTICLES = 400
STORIES = 0.25  # share that tells an event; each is matched and sent to one webhook
BATCH = 50
LIMIT = 300.0  # seconds
WATCHED = 20

_OPEN = text(
    "SELECT (SELECT count(*) FROM article WHERE state = 'open') + (SELECT count(*) FROM notice WHERE state = 'open') "
    "+ (SELECT count(*) FROM delivery WHERE state = 'open')"
)
_SENT = text("SELECT count(*) FROM delivery WHERE state = 'done'")


def run(articles: int = ARTICLES) -> list[Row]:
    """Throughput of both, and how much of the chain's time is extraction."""
    texts = Maker(11).mixed(articles, stories=STORIES)
    alone = _alone(texts)
    with stack.running() as chain, Receiver() as receiver:
        chain.watch(receiver.url, banks()[:WATCHED])
        work_off(chain, Maker(12).mixed(BATCH, stories=STORIES), "warm-up")
        before = _ask(_SENT)
        spent = work_off(chain, texts, "articles")
        sent = _ask(_SENT) - before
    return [
        Row("through the whole chain", f"{articles / spent:.0f} articles/s", f"{articles} articles, {sent} webhooks"),
        Row("extraction alone, one core", f"{articles / alone:.0f} articles/s"),
        Row("the chain takes", f"{spent / alone:.1f} times as long", "as extraction alone"),
    ]


def _alone(texts: Sequence[Text]) -> float:
    """Seconds of the clock for extracting `texts` in this thread."""
    lexicon = Lexicon.build(read_banks(), read_firms())
    started = time.perf_counter()
    for article in texts:
        extract(title=article.title, text=article.text, published=article.published, lexicon=lexicon)
    return time.perf_counter() - started


def work_off(chain: stack.Stack, texts: Sequence[Text], name: str) -> float:
    """Seconds from the first push until nothing is open any more."""
    started = time.perf_counter()
    for at in range(0, len(texts), BATCH):
        chain.push(*({"title": article.title, "text": article.text} for article in texts[at : at + BATCH]))
    while left := _ask(_OPEN):
        say(f"chain: {name}, {left} rows open")
        if time.perf_counter() - started > LIMIT:
            raise stack.Broken(f"{left} rows are still open after {LIMIT:.0f} s; the log ends:\n{chain.log_tail()}")
        time.sleep(0.05)
    return time.perf_counter() - started


def _ask(question: object) -> int:
    with database.engine().connect() as connection:
        return int(connection.scalar(question) or 0)  # type: ignore[call-overload]
