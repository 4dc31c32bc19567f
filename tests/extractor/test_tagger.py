"""The tagger of firms' names: what it promises on its own, whatever the model says."""

import itertools
import math
import random

import pytest

np = pytest.importorskip("numpy", reason="the tagger needs numpy")

from extractor.tagger import DocumentHints, Span, Tagger  # noqa: E402
from extractor.tagger.decode import NEVER, Links, best, candidates, probable  # noqa: E402
from extractor.tagger.tagger import MODEL, Model, batches  # noqa: E402

NEWS = "昨日，星桥银行滨江支行向杭州穹曜智能科技有限公司发放了3000万元贷款。"
LINKS = Links(short=-0.3, long=0.2, inner=0.1, name=-0.5)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    if not MODEL.exists():
        pytest.skip("no model was trained")
    return Tagger.load()


def names(tagger: Tagger, sentence: str, **options: float) -> list[str]:
    return [sentence[span.start : span.end] for span in tagger.tag([sentence], **options)[0]]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        (NEWS, "杭州穹曜智能科技有限公司"),
        ("该行还与烁澜生物签署了合作协议，授信额度2亿元。", "烁澜生物"),
        ("获得这笔贷款的凌樾微电子，主要做车规级芯片。", "凌樾微电子"),
    ],
)
def test_firms_nobody_has_heard_of_are_found(tagger: Tagger, sentence: str, name: str) -> None:
    assert name in names(tagger, sentence, threshold=0.3)


@pytest.mark.parametrize(
    "sentence",
    [
        "全市科技型企业贷款余额比年初增长了一成。",
        "财政部门与人民银行联合印发了实施意见。",
        "他表示，下一步将继续加大信贷投放力度。",
    ],
)
def test_sentences_without_a_firm_stay_empty(tagger: Tagger, sentence: str) -> None:
    assert names(tagger, sentence) == []


def test_spans_stand_in_order_without_overlap_and_above_the_threshold(tagger: Tagger) -> None:
    sentences = [NEWS, "", "烁澜生物、凌樾微电子和珩初科技三家企业同时拿到了贷款。"]
    for threshold in (0.02, 0.3, 0.9):
        for spans in tagger.tag(sentences, threshold=threshold):
            assert all(threshold <= span.score <= 1 for span in spans)
            assert all(left.end <= right.start for left, right in itertools.pairwise(spans))


def test_a_name_is_found_alike_in_a_lot_and_alone(tagger: Tagger) -> None:
    document = DocumentHints.of(NEWS)
    alone = tagger.tag([NEWS], document=document)[0]
    among = tagger.tag(["天气晴。", NEWS, "记者获悉。"], document=document)[1]
    assert [(s.start, s.end) for s in alone] == [(s.start, s.end) for s in among]


@pytest.mark.parametrize("cuts", [(), (16, 34), (14, 34), (9, 16, 20)])
def test_a_sentence_is_read_alike_whether_its_place_in_the_article_is_known_or_not(tagger: Tagger, cuts) -> None:
    told = "穹曜智能科技有限公司是一家企业。昨日，星桥银行向穹曜智能发放了贷款。穹曜智能科技将用于研发，称穹曜智能"
    starts, ends = (0, *cuts), (*cuts, len(told))
    sentences = [told[start:end] for start, end in zip(starts, ends, strict=True)]
    document = DocumentHints.of(told)
    known = tagger.tag(sentences, document=document, threshold=0.02, starts=starts)
    assert known == tagger.tag(sentences, document=document, threshold=0.02)
    assert any(known)


@pytest.mark.parametrize(
    "bad", ["", "\n", " ", "\x00\x01", "\ud800银行", "9" * 500, "公司" * 400, "𠮷" * 9, "银行\r\n\u2028贷款"]
)
def test_any_text_is_answered(tagger: Tagger, bad: str) -> None:
    found = tagger.tag([bad, NEWS], document=DocumentHints.of(bad + NEWS))
    assert len(found) == 2
    assert all(0 <= span.start < span.end <= len(bad) for span in found[0])


def test_a_sentence_longer_than_a_lot_is_read_to_its_end(tagger: Tagger) -> None:
    long = "好" * 45_000 + "。" + NEWS
    assert "杭州穹曜智能科技有限公司" in names(tagger, long, threshold=0.3)


def test_lots_hold_every_character_once_and_in_order() -> None:
    sentences = ["甲" * 30_000, "", "乙" * 5, "丙" * 19_999]
    lots = list(batches(sentences))
    told = {n: "".join(p.text for lot in lots for p in lot if p.sentence == n) for n in range(4)}
    assert [told[n] for n in range(4)] == sentences
    assert all(sum(len(piece.text) for piece in lot) <= 20_000 for lot in lots)


def test_a_model_comes_back_from_its_file_as_it_was(tmp_path) -> None:
    chance = np.random.default_rng(3)
    model = Model(
        table=chance.integers(-127, 128, (256, 4)).astype(np.int8),
        scale=0.25,
        links=(0.5, -0.25, 0.125, -1.0),
        signs=chance.integers(0, 8, (3, 0x9FFF - 0x4E00)).astype(np.uint8),
        judge=np.zeros(0),
    )
    first, second = tmp_path / "first.npz", tmp_path / "second.npz"
    model.save(first)
    again = Model.load(first)
    again.save(second)
    assert first.read_bytes() == second.read_bytes()
    assert again.links == model.links
    assert again.scale == model.scale
    assert (again.table == model.table).all()


def test_a_file_that_is_no_model_is_refused(tmp_path) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(b"no model")
    with pytest.raises((ValueError, OSError)):
        Model.load(path)


def test_probabilities_agree_with_counting_every_way() -> None:
    """Six characters, all ways to lay names on them counted one by one, against the sums of `decode`."""
    chance = random.Random(5)
    scores = np.array([[chance.gauss(0, 2) for _ in range(3)] for _ in range(6)])
    counted, total = _counted(scores)
    found = {(s.start, s.end): s.score for s in probable(candidates(scores, LINKS))}
    assert total > 1
    for spot, weight in counted.items():
        if weight / total > 0.05:
            assert found[spot] == pytest.approx(weight / total, abs=0.05)


def _counted(scores) -> tuple[dict[tuple[int, int], float], float]:
    """The weight of all ways in which each span is a name, and of all ways together."""
    counted: dict[tuple[int, int], float] = {}
    total = 0.0
    for way in _ways(0, len(scores)):
        weight = math.exp(sum(_odds(scores, *spot) for spot in way))
        total += weight
        for spot in way:
            counted[spot] = counted.get(spot, 0.0) + weight
    return counted, total


def _ways(at: int, end: int):
    if at >= end:
        yield []
        return
    yield from _ways(at + 1, end)
    for stop in range(at + 2, end + 1):
        yield from ([(at, stop), *rest] for rest in _ways(stop, end))


def _odds(scores, start: int, stop: int) -> float:
    inner = stop - start - 2
    joined = LINKS.short if not inner else LINKS.long + (inner - 1) * LINKS.inner
    return float(scores[start][0] + scores[start + 1 : stop - 1, 1].sum() + scores[stop - 1][2]) + LINKS.name + joined


def test_no_name_holds_a_shut_character() -> None:
    scores = np.full((7, 3), 4.0)
    scores[3] = NEVER
    found = candidates(scores, LINKS)
    assert found
    assert all(end <= 3 or start > 3 for start, end, _ in found)


def test_of_overlapping_spans_the_most_probable_stays() -> None:
    spans = [Span(0, 4, 0.6), Span(2, 6, 0.9), Span(6, 8, 0.4), Span(7, 9, 0.2)]
    assert best(spans, 0.3) == [Span(2, 6, 0.9), Span(6, 8, 0.4)]
