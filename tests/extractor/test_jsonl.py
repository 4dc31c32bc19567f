"""Lines of JSON in: a bad one is told by input and line, and stops nothing."""

from __future__ import annotations

import json

from extractor.jsonl import Article, LineError, output_line, read_articles
from tests.extractor.readers import told

GOOD = b'{"id": "a", "title": "t", "published": "2025-03-01", "text": "x"}'


def _read(*lines: bytes) -> list[Article | LineError]:
    return list(read_articles(lines, "news.jsonl"))


def test_a_bad_line_is_named_and_the_next_is_read() -> None:
    bad, good = _read(b"{nonsense\n", GOOD)
    assert isinstance(bad, LineError) and str(bad).startswith("news.jsonl, line 1: not JSON")
    assert isinstance(good, Article) and (good.id, good.line) == ("a", 2)


def test_every_kind_of_fault_has_its_words() -> None:
    faults = [
        (b'"\xff"', "not UTF-8"),
        (b"[1]", "not a JSON object"),
        (b'{"id": "a"}', "text is missing"),
        (b'{"id": 1, "text": "x"}', "id is missing"),
        (b'{"id": "a", "text": "x", "published": "yesterday"}', "is no date"),
        (b'{"id": "a", "text": "x", "title": 3}', "title is no text"),
    ]
    for line, words in faults:
        (error,) = _read(line)
        assert isinstance(error, LineError) and error.dropped and words in error.reason


def test_an_unknown_field_is_told_and_the_article_is_read_all_the_same() -> None:
    error, article = _read(b'{"id": "a", "text": "x", "colour": 1}')
    assert isinstance(error, LineError) and not error.dropped and "'colour'" in error.reason
    assert isinstance(article, Article)


def test_the_golds_own_fields_pass_without_a_word() -> None:
    line = b'{"id":"a","text":"x","kind":"news","script":"hans","source":"s","events":[],"negatives":[]}'
    (article,) = _read(line, b"\n")
    assert isinstance(article, Article)


def test_an_id_told_twice_is_named_and_nothing_is_lost() -> None:
    first, error, second = _read(GOOD, GOOD)
    assert isinstance(first, Article) and isinstance(second, Article)
    assert isinstance(error, LineError) and "line 1 too" in error.reason and not error.dropped


def test_an_output_line_holds_the_events_in_the_golds_fields() -> None:
    events = told("3月1日，工商银行向上海星禾智能科技有限公司发放500万元贷款。").events
    row = json.loads(output_line("a", events))
    assert row["id"] == "a" and row["events"][0]["amount"]["min"] == 5_000_000
