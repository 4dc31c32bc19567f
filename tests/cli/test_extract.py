"""`yinqi extract` reads what it can, names what it cannot, and loses nothing."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.main import app

TEXT = "据悉，工商银行向深圳星河机器人有限公司发放流动资金贷款1000万元，用于采购设备。"
EVENT = {"bank": "工商银行", "firm": "深圳星河机器人有限公司", "instrument": "working_capital_loan"}


def extract(*arguments: str, input: str | bytes = "") -> Result:
    return CliRunner().invoke(app, ["extract", *arguments], input=input)


def answers(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def line(**fields: object) -> str:
    return json.dumps({"id": "a", "title": "", "published": "2026-03-02", "text": TEXT, **fields}, ensure_ascii=False)


def test_a_line_in_is_a_line_out_in_order() -> None:
    result = extract(input="\n".join([line(id=1), "", line(id="two")]))
    assert result.exit_code == 0, result.stderr
    assert [answer["id"] for answer in answers(result)] == [1, "two"]
    for answer in answers(result):
        (event,) = answer["events"]  # type: ignore[misc]
        assert EVENT.items() <= event.items()
        assert event["amount"] == {"min": 10_000_000, "max": 10_000_000, "currency": "CNY", "qualifier": "exact"}


def test_a_dash_is_standard_input() -> None:
    assert len(answers(extract("-", input=line()))) == 1


@pytest.mark.parametrize("name", ["one.txt", "one.md"])
def test_a_file_is_an_article_named_after_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TEXT, encoding="utf-8")
    (answer,) = answers(extract(str(tmp_path / name), "--published", "2026-03-02"))
    assert answer["id"] == name
    assert len(answer["events"]) == 1  # type: ignore[arg-type]


def test_a_bare_file_is_read_as_of_the_day_given(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("今年3月，" + TEXT.removeprefix("据悉，"), encoding="utf-8")
    for year in ("2024", "2025"):
        (answer,) = answers(extract(str(tmp_path / "one.txt"), "--published", f"{year}-06-30"))
        assert [event["date"] for event in answer["events"]] == [f"{year}-03"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("{not json", "not JSON"),
        ("[1, 2]", "not a JSON object"),
        ("[" * 100_000, "nested too deeply"),
        (line(text=""), "empty"),
        (line(text=None), "empty"),
        (line(text=7), "'text'"),
        (line(text="字" * 5_000_001), "5,000,001 characters"),
        (line(published="2026-13-01"), "'2026-13-01'"),
        (line(published="gestern"), "'gestern'"),
        (json.dumps({"text": TEXT}), "'id'"),
        (line().encode().replace("据悉".encode(), b"\xb0\xa1"), "not UTF-8"),
    ],
)
def test_a_bad_line_is_named_and_stops_no_other(bad: str | bytes, told: str) -> None:
    raw = bad if isinstance(bad, bytes) else bad.encode()
    result = extract(input=b"\n".join([line(id="before").encode(), raw, line(id="after").encode()]))
    assert result.exit_code == 1
    assert [answer["id"] for answer in answers(result)] == ["before", "after"]
    (error,) = result.stderr.splitlines()
    assert "standard input, line 2" in error
    assert told in error


def test_an_unknown_field_is_told_and_its_article_still_read() -> None:
    result = extract(input=line(colour="red"))
    assert result.exit_code == 1
    assert len(answers(result)) == 1
    assert "standard input, line 1: unknown field 'colour'" in result.stderr


def test_what_annotated_articles_hold_besides_is_no_mistake() -> None:
    result = extract(input=line(kind="feature", script="hans", source="x", events=[], negatives=[]))
    assert result.exit_code == 0
    assert result.stderr == ""


def test_a_bad_file_is_named_and_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "latin.txt").write_bytes("贷款".encode("gbk"))
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "page.pdf").write_bytes(b"%PDF")
    names = ["latin.txt", "empty.txt", "page.pdf", "missing.txt", "good.txt"]
    result = extract(*(str(tmp_path / name) for name in names))
    assert result.exit_code == 1
    assert [answer["id"] for answer in answers(result)] == ["good.txt"]
    for name, error in zip(names[:4], result.stderr.splitlines(), strict=True):
        assert name in error


def test_a_day_that_is_none_is_refused_at_once() -> None:
    result = extract("--published", "someday", input=line())
    assert result.exit_code == 2
    assert "'someday'" in result.stderr
    assert result.stdout == ""


def test_nothing_but_results_stands_on_standard_output() -> None:
    """No progress, log or notice of a library: the output is piped on."""
    assert all(out.startswith("{") for out in extract(input=line()).stdout.splitlines())
