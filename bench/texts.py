"""Made-up articles to measure with: financing stories and other news, distinct and the same at every run.

Sentences and words are data (`data/`); banks come from the shipped register, firms are made up of parts. A seeded
generator fills the gaps, so that two runs read the same text and no two sentences are alike.
"""

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from seeds.registers import read_banks
from seeds.samples import samples

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).parent.parent.parent / "shared"
DAY = date(2026, 6, 15)


@dataclass(frozen=True, slots=True)
class Text:
    """One article to measure with."""

    title: str
    text: str
    published: date = DAY


def size(texts: Iterable[Text]) -> int:
    """UTF-8 bytes of titles and texts."""
    return sum(len((text.title + text.text).encode()) for text in texts)


class Maker:
    """Makes articles from a seed; the same seed makes the same articles."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._firms: set[str] = set()

    def story(self, *, sentences: int = 9, bank: str = "") -> Text:
        """A financing story: one event of `bank` (any, if not given) with a firm told of nowhere else."""
        gaps = self._gaps() | {"firm": self._firm()} | ({"bank": bank} if bank else {})
        middle = [self._fill("background", gaps | self._changing()) for _ in range(sentences - 1)]
        lines = [middle[0], self._fill("grants", gaps), *middle[1:]]
        return Text(f"{gaps['firm']}的这笔钱从哪里来", self._paragraphs(lines))

    def news(self, *, sentences: int = 12) -> Text:
        """Other news; a bank stands in one of five, an event in none."""
        lines = [self._fill("news", self._gaps()) for _ in range(sentences)]
        if self._random.random() < 0.2:
            lines[sentences // 2] = self._fill("asides", self._gaps())
        return Text(lines[0].split("，")[0], self._paragraphs(lines))

    def mixed(self, count: int, *, stories: float = 0.05) -> list[Text]:
        """`count` articles, of which the share `stories` tells an event."""
        return [self.story() if self._random.random() < stories else self.news() for _ in range(count)]

    def long(self, length: int) -> Text:
        """One article of about `length` UTF-8 bytes, stories and news in turns."""
        parts: list[str] = []
        reached = 0
        while reached < length:
            parts.append((self.story() if len(parts) % 4 == 0 else self.news()).text)
            reached += len(parts[-1].encode())
        return Text("一日要闻汇编", "\n\n".join(parts))

    def _fill(self, kind: str, gaps: dict[str, str]) -> str:
        return self._random.choice(_sentences(kind)).format(**gaps)

    def _gaps(self) -> dict[str, str]:
        words = {kind: self._random.choice(known) for kind, known in _words().items()}
        facts = {
            "bank": self._random.choice(banks()),
            "branch": words["city"] + "分行",
            "amount": str(self._random.randint(3, 180) * 100),
            "term": str(self._random.randint(1, 5)),
        }
        return words | self._changing() | facts

    def _firm(self) -> str:
        """A firm's name that was not given before."""
        choose = self._random.choice
        heads, trades, forms = (_words()[f"firm_{part}"] for part in ("head", "trade", "form"))
        while (head := "".join(choose(heads) for _ in range(4))) in self._firms:
            pass  # of 20 ** 4, a few thousand are asked for
        self._firms.add(head)
        return head + choose(trades) + choose(forms)

    def _changing(self) -> dict[str, str]:
        """What differs from sentence to sentence of one article."""
        number = self._random.randint
        return {
            "number": str(number(11, 99999)),
            "number2": str(number(2, 99)),
            "month": str(number(1, 12)),
            "day": str(number(1, 28)),
            "place": self._random.choice(_words()["place"]),
            "trade": self._random.choice(_words()["trade"]),
        }

    def _paragraphs(self, lines: Sequence[str]) -> str:
        return "\n\n".join("".join(lines[at : at + 3]) for at in range(0, len(lines), 3))


def stories(count: int = 60) -> list[Text]:
    """Articles of the seeds' kind: the shipped samples, the shared seeds and the gold's dev set where they lie there,
    and `count` made-up stories."""
    shipped = [Text(sample.title, sample.text, sample.published.date()) for sample in samples(DAY)]
    maker = Maker()
    return [*shipped, *_shared(), *(maker.story() for _ in range(count))]


def _shared() -> list[Text]:
    pages = [Text("", path.read_text()) for path in sorted(SHARED.glob("seeds/*.txt"))]
    gold = SHARED / "gold" / "dev.jsonl"
    rows = [json.loads(line) for line in gold.read_text().splitlines()] if gold.exists() else []
    return pages + [Text(row["title"], row["text"], date.fromisoformat(row["published"][:10])) for row in rows]


@cache
def _sentences(kind: str) -> tuple[str, ...]:
    return tuple(_lines(f"{kind}.txt"))


@cache
def _words() -> dict[str, list[str]]:
    return {kind: known for kind, *known in (line.split() for line in _lines("words.txt"))}


@cache
def banks() -> tuple[str, ...]:
    """The banks that the made-up stories tell of."""
    return tuple(bank.name for bank in read_banks() if bank.kind in ("state", "joint_stock", "city"))


def _lines(name: str) -> list[str]:
    lines = (DATA / name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]
