"""Every member of the catalogue keeps its corpus: what must match, with span and meaning, and what must not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.model import Amount
from extractor.recognisers import RECOGNISERS, Mark
from extractor.recognisers.banks import BankHit
from extractor.recognisers.base import BrandHit
from extractor.recognisers.firms import FirmHit
from extractor.recognisers.short_names import ShortHit
from tests.extractor.readers import page

CORPUS = Path(__file__).parent / "corpus"


def _examples() -> Iterator[tuple[str, str, str]]:
    for path in sorted(CORPUS.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                meaning, text = line.split("\t")
                yield path.stem, meaning, text


def _meaning(mark: Mark, text: str) -> str:
    value = mark.value
    if isinstance(value, Amount):
        return f"{value.min} {value.max} {value.currency} {value.qualifier}"
    if isinstance(value, BankHit):
        return "/".join(part for part in (value.name or "~", value.branch) if part)
    if isinstance(value, FirmHit):
        return value.form
    if isinstance(value, ShortHit):
        return value.brand
    return text[mark.start : mark.end] if isinstance(value, BrandHit | float) else str(value)


def _find(kind: str, text: str) -> list[tuple[str, str]]:
    opened = page(text)
    found = [mark for recogniser in RECOGNISERS if recogniser.kind == kind for mark in recogniser.find(opened)]
    return [(_meaning(mark, opened.text), opened.folded.quote(mark.start, mark.end)) for mark in found]


@pytest.mark.parametrize(("kind", "meaning", "text"), [e for e in _examples() if e[1] != "-"])
def test_what_must_match_matches_with_its_meaning(kind: str, meaning: str, text: str) -> None:
    span = text.split("[[")[1].split("]]")[0]
    assert (meaning, span) in _find(kind, text.replace("[[", "").replace("]]", ""))


@pytest.mark.parametrize(("kind", "text"), [(e[0], e[2]) for e in _examples() if e[1] == "-"])
def test_what_must_not_match_does_not(kind: str, text: str) -> None:
    assert [found for found in _find(kind, text) if found[0] != "~"] == []


_UNITS = ("5万", "5十万", "5百万", "5千万", "5亿", "5十亿", "5百亿", "5千亿", "5万亿")
_CURRENCIES = ("美元", "美金", "港元", "港币", "欧元", "日元", "英镑", "元", "块钱", "人民币")
_HEADS = ("人民币", "美元", "港币", "US$", "HK$", "$", "¥")


@pytest.mark.parametrize(
    "told", [*_UNITS, *(f"2000{word}" for word in _CURRENCIES), *(f"{word}2000" for word in _HEADS)]
)
def test_a_sum_is_found_by_every_unit_and_every_currency(told: str) -> None:
    assert [span for _, span in _find("amount", f"该行放款{told}，已入账")] == [told]


def test_every_member_of_the_catalogue_has_a_corpus_with_both_sides() -> None:
    for kind in {recogniser.kind for recogniser in RECOGNISERS}:
        meanings = {meaning for stem, meaning, _ in _examples() if stem == kind}
        assert "-" in meanings and len(meanings) >= 2, f"tests/extractor/corpus/{kind}.tsv"


def test_a_short_register_name_that_is_an_everyday_word_stands_mid_sentence_unread() -> None:
    assert _find("firm", "展厅里的机器人在跳舞") == [] or all(
        form != "register" for form, _ in _find("firm", "展厅里的机器人在跳舞")
    )
