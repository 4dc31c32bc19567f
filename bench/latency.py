"""From a pushed article to the webhook's arrival, beside the bare chain of the same hops, taking turns."""

import time
from collections.abc import Iterator
from uuid import uuid4

from sqlalchemy import text

from bench import bare, stack
from bench.receiver import Receiver
from bench.report import Row, median, percentile, say
from bench.texts import Maker
from core import database

PUSHES = 600  # thirty are above the 95th percentile; with ten, of 200, it moves by a tenth from run to run
WARM_UP = 10
REST = 0.03  # seconds before each turn, so that what one leaves to be recorded does not burden the next
BANK = "工商银行"
_Times = list[float]

# Where the time goes, by the moments that the rows themselves keep: each the start of a transaction, which may wait for
# the commit of the one before it.
_HOPS = text("""
    SELECT extract(epoch FROM a.fetched_at), extract(epoch FROM n.created_at), extract(epoch FROM d.created_at)
    FROM article a JOIN notice n ON n.article_id = a.id JOIN delivery d ON d.article_id = a.id
    WHERE a.title = :title AND n.event_id IS NOT NULL ORDER BY d.id LIMIT 1
""")
_HOP_NAMES = (
    "request → article's transaction (API)",
    "→ extraction's transaction (broker)",
    "→ matching's transaction (article's commit, extract, merge beside the broker)",
    "→ webhook arrived (event's commit, match, commit to the disk, sign, connect, POST)",
)


def run(pushes: int = PUSHES) -> list[Row]:
    """Median and 95th percentile of both, their ratio, and where Yinqi's time goes."""
    with stack.running() as chain, Receiver() as receiver, bare.workers(chain.environment):
        chain.watch(receiver.url, [BANK])
        ours, bares, hops = _turns(chain, receiver, pushes)
    missing = pushes - len(ours)
    return [
        Row("push to webhook received, median", _ms(median(ours)), f"95th percentile {_ms(percentile(ours, 0.95))}"),
        Row(
            "bare chain of the same hops, median", _ms(median(bares)), f"95th percentile {_ms(percentile(bares, 0.95))}"
        ),
        Row("ratio of the medians", f"{median(ours) / median(bares):.2f}", "at most 2"),
        Row("ratio of the 95th percentiles", f"{percentile(ours, 0.95) / percentile(bares, 0.95):.2f}", "at most 2"),
        Row("webhooks that did not come", str(missing), f"of {pushes} pushes"),
        *(Row(f"  {name}", _ms(median(times))) for name, times in zip(_HOP_NAMES, hops, strict=True)),
    ]


def _turns(chain: stack.Stack, receiver: Receiver, pushes: int) -> tuple[_Times, _Times, list[_Times]]:
    maker = Maker(7)
    ours: _Times = []
    bares: _Times = []
    hops: list[_Times] = [[] for _ in _HOP_NAMES]
    for turn in range(-WARM_UP, pushes):
        say(f"latency: {max(0, turn)} of {pushes}")
        taken = _bare(receiver)
        spent = list(_push(chain, receiver, maker, f"第{turn + WARM_UP}次推送"))
        if turn < 0:
            if not spent:
                raise stack.Broken(f"no webhook came; the log ends with:\n{chain.log_tail()}")
            continue
        bares.append(taken)
        if spent:
            ours.append(sum(spent))
            for times, part in zip(hops, spent, strict=True):
                times.append(part)
    return ours, bares, hops


def _bare(receiver: Receiver) -> float:
    mark = uuid4().hex
    started = time.time()
    bare.start({"id": mark, "url": receiver.url})
    arrived = receiver.wait(mark)
    time.sleep(REST)
    if arrived is None:
        raise stack.Broken("the bare chain's POST did not arrive")
    return arrived - started


def _push(chain: stack.Stack, receiver: Receiver, maker: Maker, title: str) -> Iterator[float]:
    """Seconds of each hop; none where the webhook did not come."""
    article = maker.story(bank=BANK)
    started = time.time()
    chain.push({"title": title, "text": article.text})
    arrived = receiver.wait(title)
    if arrived is None:
        return
    with database.engine().connect() as connection:
        moments = [float(moment) for moment in connection.execute(_HOPS, {"title": title}).one()]
    time.sleep(REST)
    for before, after in zip([started, *moments], [*moments, arrived], strict=True):
        yield after - before


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
