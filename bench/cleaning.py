"""Web pages into clean articles, beside trafilatura alone on the same pages, taking turns.

The pages are made from those that the tests read, each with other names and numbers and of other lengths, in their own
charsets. Yinqi gets bytes and finds text, title, time, author and source. Trafilatura gets the text that the bytes
hold, which spares it the charset, and finds the text alone, with the settings of `extract()` as they are. CPU time of
one thread, page by page in turns.
"""

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import trafilatura

from bench.report import Row, say
from bench.stack import Broken
from ingest.charset import decode
from ingest.formats import Body, read

SAMPLES = Path(__file__).parent.parent / "tests" / "ingest" / "samples" / "page"
PAGES = 1_000
_MEGABYTE = 1e6
_NAMES = ("样例", "虚构", "示范", "云栖", "青杉", "曜石", "明澈", "北湖", "西岭", "临江")
_NAME = re.compile("|".join(_NAMES))
_NUMBER = re.compile(r"\d+(?=(?:\.\d+)?(?:万|亿|家|个月|%|个基点))")
_PARAGRAPH = re.compile(r"<p\b[^>]*>(?:(?!</?p\b).)*</p>", re.IGNORECASE | re.DOTALL)
_REPEATED = (1, 2, 4, 8)  # how often a page's paragraphs stand in it


@dataclass(frozen=True, slots=True)
class Page:
    """One page to measure with: as it came, and as text."""

    body: Body
    text: str


def run(pages: int = PAGES) -> list[Row]:
    """Time a page, and how many times trafilatura's time cleaning takes; 1.3 is the target."""
    made = make(pages)
    readers: dict[str, Callable[[Page], object]] = {
        "cleaning": lambda page: read(page.body),
        "trafilatura alone": lambda page: trafilatura.extract(page.text),
        "trafilatura with its metadata": lambda page: trafilatura.extract(page.text, with_metadata=True),
        "trafilatura without its fallbacks": lambda page: trafilatura.extract(page.text, fast=True),
    }
    for one in readers.values():
        one(made[0])  # what is loaded or compiled once is no part of a page's time
    spent = dict.fromkeys(readers, 0.0)
    for number, page in enumerate(made):
        say(f"cleaning: page {number + 1} of {pages}")
        for name, one in readers.items():
            spent[name] += _cpu(page, one)
    size = sum(len(page.body.content) for page in made) / _MEGABYTE
    return [_row(name, took, spent["cleaning"], pages, f"{pages} pages, {size:.1f} MB") for name, took in spent.items()]


def make(count: int, seed: int = 1) -> list[Page]:
    """`count` pages, the same at every run, no two alike."""
    samples = sorted(SAMPLES.glob("*.html"))
    if not samples:
        raise Broken(f"no pages in {SAMPLES}")
    chosen = random.Random(seed)
    sources = [(path, _charset(path)) for path in samples]
    return [_page(*sources[n % len(sources)], n, chosen) for n in range(count)]


def _page(path: Path, charset: str, number: int, chosen: random.Random) -> Page:
    source = path.read_bytes().decode(charset)
    names = dict(zip(_NAMES, chosen.sample(_NAMES, len(_NAMES)), strict=True))
    repeated = chosen.choice(_REPEATED)
    source = _PARAGRAPH.sub(lambda found: found[0] * repeated, source)
    source = _NAME.sub(lambda found: names[found[0]], source)
    source = _NUMBER.sub(lambda _: str(chosen.randint(2, 9_000)), source)
    content = source.encode(charset, "xmlcharrefreplace")
    return Page(Body(content, url=f"https://news.example.cn/{number}.html", kind="page"), content.decode(charset))


def _charset(path: Path) -> str:
    """The charset that a sample really is in."""
    content = path.read_bytes()
    text = decode(content)
    return next(one for one in ("utf-8", "gb18030", "big5") if _is(content, text, one))


def _is(content: bytes, text: str, charset: str) -> bool:
    try:
        return content.decode(charset) == text
    except UnicodeDecodeError:
        return False


def _cpu(page: Page, one: Callable[[Page], object]) -> float:
    started = time.thread_time()
    one(page)
    return time.thread_time() - started


def _row(name: str, spent: float, own: float, pages: int, told: str) -> Row:
    beside = told if name == "cleaning" else f"cleaning takes {own / spent:.2f} times as long"
    return Row(name, f"{spent / pages * 1000:.1f} ms a page", beside)
