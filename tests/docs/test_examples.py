"""The examples do what the pages say: calls of the API, what is shown as their answers, the README's alert."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from api.resources.events.schemas import EventOut
from extractor import Lexicon, extract
from seeds.registers import read_banks, read_firms
from tests.docs import pages
from tests.docs.curl import ask, calls
from tests.docs.shapes import unlike


def test_every_example_of_the_api_page_is_answered(ids: dict[str, str]) -> None:
    # what is deleted is missed by the examples after it, most of all who asks
    last = ("DELETE", "/subscriber`")
    for heading, call, shown in sorted(calls("docs/api.md"), key=lambda one: [what in one.heading for what in last]):
        answer = ask(call, ids)
        assert answer.is_success, f"{heading}: {call} answers {answer.status_code}: {answer.text}"
        method, _, path = heading.strip("`").partition(" ")
        assert answer.request.method == method
        assert re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), answer.request.url.path), (heading, call)
        if shown is not None:
            assert not list(unlike(shown, answer.json())), f"{heading} shows what it does not answer: {answer.text}"


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/sources.md", "docs/operations.md"])
def test_every_example_of_another_page_is_answered(page: str, ids: dict[str, str]) -> None:
    for heading, call, _ in calls(page):
        answer = ask(call.split("\nCHANNEL=")[0].split("  #")[0].split("\nyinqi ")[0], ids)
        assert answer.is_success, f"{heading}: {call} answers {answer.status_code}: {answer.text}"


def test_the_first_watchlist_of_the_readme_takes_its_article_in(ids: dict[str, str]) -> None:
    [pushed] = [call for _, call, _ in calls("README.md") if "/v1/articles" in call]
    assert ask(pushed, ids).json()["stored"] == 1


def test_the_alert_of_the_readme_is_what_comes_of_its_article() -> None:
    [article] = [call.partition("-d '")[2] for _, call, _ in calls("README.md") if "/v1/articles" in call]
    [alert] = [json.loads(code)["data"]["event"] for code in pages.fences(pages.read("README.md"), "json")]
    given = json.loads(re.sub(r"'\$\(.*?\)'", "2026-03-13", article).rpartition("'")[0])
    lexicon = Lexicon.build(read_banks(), read_firms())
    found = extract(title=given["title"], text=given["text"], published=date(2026, 3, 13), lexicon=lexicon)
    [event] = [one.as_gold() for one in found.events]
    same = ("branch", "instrument", "instrument_text", "amount", "date", "term_months", "status")
    assert {name: alert[name] for name in same} == {name: event[name] for name in same}
    assert (alert["bank"]["name"], alert["firm"]["name"]) == (event["bank"], event["firm"])
    assert alert["firm"]["aliases"] == event["firm_aliases"]
    assert alert["evidence"][0]["quote"] == event["evidence"]


def test_the_examples_of_the_python_client_run(
    ids: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for code in pages.fences(pages.read("docs/api.md"), "python"):
        exec(code, {"YINQI": ids["YINQI"], "KEY": ids["AUTH"].rpartition(" ")[2]})
    assert list(tmp_path.glob("*.xlsx"))
    assert "苏州明远机器人股份有限公司" in capsys.readouterr().out


@pytest.mark.parametrize("page", ["docs/webhooks.md", "docs/events.md"])
def test_the_event_of_the_example_has_every_field_and_no_other(page: str) -> None:
    shown = [json.loads(code) for code in pages.fences(pages.read(page), "json")]
    others = ("mentions", "source", "items")  # alerts of these have no event
    events = [one.get("data", one).get("event", one) for one in shown if not {*others} & set(one.get("data", {}))]
    assert events
    for event in events:
        assert set(event) == set(EventOut.model_fields)
        EventOut.model_validate(event)
        [telling] = event["evidence"]
        assert len(telling["quote"]) == telling["end"] - telling["start"]


@pytest.mark.parametrize("page", ["README.md", "docs/api.md", "docs/operations.md"])
def test_every_json_example_is_json(page: str) -> None:
    for code in pages.fences(pages.read(page), "json"):
        json.loads(code)
