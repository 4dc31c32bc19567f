"""Resident memory of each process of the running stack after work, with the default registers."""

from collections.abc import Iterator

import psutil

from bench import stack
from bench.chain import STORIES, work_off
from bench.receiver import Receiver
from bench.report import Row
from bench.texts import Maker, banks

ARTICLES = 200
LONG = 1_000_000  # bytes of one long article among them
MEGABYTE = 1e6
MOST = 400  # MB, what no process may exceed


def run(articles: int = ARTICLES) -> list[Row]:
    """MB resident of every service's process and worker children."""
    maker = Maker(21)
    with stack.running() as chain, Receiver() as receiver:
        chain.watch(receiver.url, banks()[:20])
        work_off(chain, [*maker.mixed(articles, stories=STORIES), maker.long(LONG)], "articles")
        found = list(_resident(chain))
    highest = max(size for _, size in found)
    rows = [Row(name, f"{size:.0f} MB") for name, size in found]
    return [*rows, Row("highest", f"{highest:.0f} MB", f"at most {MOST} MB")]


def _resident(chain: stack.Stack) -> Iterator[tuple[str, float]]:
    for name, pid in chain.children().items():
        process = psutil.Process(pid)
        yield name, process.memory_info().rss / MEGABYTE
        for child in process.children(recursive=True):
            yield f"{name}, worker process", child.memory_info().rss / MEGABYTE
