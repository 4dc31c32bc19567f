"""`make score` prints every figure, shows errors where they may be seen, and says why where they may not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.quality import report
from tests.quality.breakdown import by, instruments, slots
from tests.quality.intervals import intervals
from tests.quality.measure import count
from tests.quality.merging import merging
from tests.quality.sets import HERE, folder, sets

ROOT = HERE.parents[1]
SUM = {"min": 10_000_000, "max": 10_000_000, "currency": "CNY", "qualifier": "exact"}


def event(bank: str, firm: str, **more: Any) -> dict[str, Any]:
    blank: dict[str, Any] = {"branch": None, "date": None, "term_months": None, "tech": True, "status": "granted"}
    told: dict[str, Any] = {
        "firm_aliases": [],
        "firm_description": None,
        "amount": SUM,
        "instrument": "loan",
        "evidence": bank,
    }
    return {"bank": bank, "firm": firm, "instrument_text": None, **blank, **told, **more}


def article(key: str, *events: dict[str, Any], **more: Any) -> dict[str, Any]:
    text = "".join(f"{e['bank']}向{e['firm']}发放贷款1000万元。" for e in events) or "天气很好。"
    row = {"id": key, "title": f"第{key}篇", "published": "2026-03-02", "text": text, "events": list(events)}
    return {"kind": "news", "script": "hans", **row, **more}


FIRMS = ("深圳星禾机器人有限公司", "苏州澄砺智能科技有限公司", "常州曜石新能源科技有限公司")
DEV = [
    article("d1", event("工商银行", FIRMS[0])),
    article("d2", event("招商银行", FIRMS[1]), kind="flash"),
    article("d3"),
]
CHECK = [article("c1", event("工商银行", FIRMS[0])), article("c2", event("交通银行", FIRMS[2], date="2026"))]


def write(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    write(tmp_path / "dev.jsonl", DEV)
    write(tmp_path / "check.jsonl", CHECK)
    (tmp_path / "same.jsonl").write_text('[["d1", 0], ["c1", 0]]\n')
    return tmp_path


def test_every_figure_of_every_set_is_printed(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report.main(["--gold", str(gold)]) == 0
    out = capsys.readouterr().out
    for told in (
        "dev: 3 articles, 2 events",
        "check: 2 articles, 2 events",
        "firms not in dev",
        "firms not in the register",
        "by kind of article",
        "by script",
        "by instrument",
        "slots of events",
        "calibration error (ECE)",
        "at ≥ 0.8 precision",
        "merging over dev and check",
        "gold events",
        "own events",
        "clean",
        "95 % of draws",
    ):
        assert told in out, told


def test_errors_are_listed_with_their_article(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = write(
        gold / "told.jsonl", [{"id": "d1", "events": [event("工商银行", FIRMS[0], date="2025", confidence=0.9)]}]
    )
    assert report.main(["dev", "--gold", str(gold), "--predicted", str(told), "--errors", "9"]) == 0
    listed = capsys.readouterr().out.split("errors in dev")[1]
    assert "d1 (news) 第d1篇\n  slots date\n    gold 工商银行" in listed
    assert "d2 (flash) 第d2篇\n  missed\n    gold 招商银行" in listed
    assert "d3" not in listed


def test_no_more_articles_than_asked_are_listed(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nothing = write(gold / "told.jsonl", [])
    report.main(["dev", "--gold", str(gold), "--predicted", str(nothing), "--errors", "1"])
    listed = capsys.readouterr().out.split("errors in dev")[1]
    assert "d1" in listed and "d2" not in listed


def test_errors_of_check_are_refused_with_the_reason(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report.main(["check", "--gold", str(gold), "--errors", "1"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "the errors of check are not shown" in printed.err


def test_errors_of_all_sets_are_those_that_may_be_seen(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report.main(["--gold", str(gold), "--errors", "9"]) == 0
    out = capsys.readouterr().out
    assert "errors in dev" in out
    assert "check" not in out
    assert not any(row["id"] in out for row in CHECK)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (["seeds"], "there is no seeds here"),
        (["--predicted", "x"], "name it"),
        (["dev", "--predicted", "x"], "no such"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    gold: Path, capsys: pytest.CaptureFixture[str], asked: list[str], reason: str
) -> None:
    assert report.main([*asked, "--gold", str(gold)]) == 2
    assert reason in capsys.readouterr().err


def test_predictions_of_other_articles_are_refused(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = write(gold / "told.jsonl", [{"id": "elsewhere", "events": []}])
    assert report.main(["dev", "--gold", str(gold), "--predicted", str(told)]) == 2
    assert "elsewhere" in capsys.readouterr().err


def test_a_clone_alone_scores_our_own_articles() -> None:
    assert [one.name for one in sets(HERE)] == ["dev"]
    assert folder(HERE) == HERE


def test_the_command_hands_on_what_it_is_asked_and_how_it_ended(gold: Path) -> None:
    def run(*asked: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cli", "score", *asked, "--gold", str(gold)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert json.loads(run("dev", "--json").stdout)["dev"]["articles"] == 3
    refused = run("check", "--errors", "1")
    assert (refused.returncode, refused.stdout) == (2, "")


def test_parts_of_few_articles_go_together() -> None:
    rows = [article(str(n), kind="news") for n in range(5)] + [article("x", kind="a"), article("y", kind="b")]
    assert {name: one["articles"] for name, one in by("kind", rows, {}).items()} == {"news": 5, "2 others": 2}


def test_an_instrument_counts_what_was_found_and_how_it_was_named() -> None:
    told = {"d1": [event("工商银行", FIRMS[0], instrument="bond")], "d2": [event("中国银行", FIRMS[1])]}
    found = instruments(DEV, told)
    loan, bond = found["loan"], found["bond"]
    assert (loan.gold, loan.found, loan.event, loan.named, loan.told, loan.right) == (2, 1, 1, 0, 1, 0)
    assert (bond.gold, bond.told, bond.right) == (0, 1, 0)


def test_a_slot_is_right_empty_made_up_or_another() -> None:
    rows = [article("x", event("工商银行", FIRMS[0], branch="甲支行", term_months=36))]
    told = {"x": [event("工商银行", FIRMS[0], branch=None, term_months=24, date="2026")]}
    found = slots(rows, told)
    assert (found["branch"].missing, found["term_months"].other, found["date"].made_up) == (1, 1, 1)
    assert found["amount"].right == 1


def test_an_interval_holds_its_figure_and_is_the_same_in_every_run() -> None:
    right = count(DEV[0]["events"], DEV[0]["events"])
    wrong = count(DEV[1]["events"], [])
    spread = intervals([right, wrong] * 20, draws=200)
    assert spread == intervals([right, wrong] * 20, draws=200)
    assert spread["pair"] is not None and spread["pair"][0] < 2 / 3 < spread["pair"][1]
    assert spread["clean"] is None


def test_merging_is_measured_with_the_golds_events_and_with_our_own() -> None:
    told = {"d1": [event("工商银行", FIRMS[0], confidence=0.9)], "c1": []}
    found = merging([*DEV, *CHECK], told, [[("d1", 0), ("c1", 0)]])
    assert found["gold events"]["events"] == 4
    assert found["gold events"]["recall"] == 1
    assert found["own events"]["events"] == 1
