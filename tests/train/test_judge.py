"""The judge is asked only about what it has not learnt."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from extractor import Lexicon
from seeds.registers import read_banks
from train import instruments, judge, learner
from train.known import CORPUS, DATA, Known, articles, corpus, faults, rows

ROOT = Path(__file__).parents[2]
LENT = "{bank}向{firm}发放流动资金贷款{sum}万元，用于采购设备。"
BANKS = ("工商银行", "招商银行", "交通银行", "民生银行", "光大银行", "华夏银行")
FIRMS = ("星禾", "澄砺", "曜石", "微澄", "远岫", "青屿")


def _article(number: int, firm: str = "") -> dict[str, Any]:
    bank, name = BANKS[number], f"深圳{firm or FIRMS[number]}机器人有限公司"
    text = LENT.format(bank=bank, firm=name, sum=1000 + number)
    amount = {"min": (1000 + number) * 10_000, "max": (1000 + number) * 10_000, "currency": "CNY", "qualifier": "exact"}
    event: dict[str, Any] = {
        "bank": bank,
        "branch": None,
        "firm": name,
        "firm_aliases": [],
        "firm_description": None,
        "tech": True,
    }
    event |= {"instrument": "working_capital_loan", "instrument_text": "流动资金贷款", "amount": amount, "date": None}
    event |= {"term_months": None, "tech": True, "status": "granted", "evidence": text}
    told = {"id": f"a{number}", "script": "hans", "title": "", "published": "2026-03-02", "text": text}
    return told | {"events": [event]}


def _file(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.build(read_banks(), ())


def _known(path: Path, lexicon: Lexicon) -> list[Known]:
    return list(articles(_file(path, [_article(number) for number in range(4)]), lexicon))


def _spied(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many examples each model of frames learns from, and after it that of instruments."""
    sizes: list[int] = []

    def learn(data: Sequence[learner.Example], **_: object) -> learner.Model:
        sizes.append(len(data))
        return {}

    monkeypatch.setattr(learner, "learn", learn)
    return sizes


def test_no_model_learns_from_an_article_that_it_is_asked(
    tmp_path: Path, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes, known = _spied(monkeypatch), _known(tmp_path / "gold.jsonl", lexicon)
    parts = [[0, 1, 2], [3]]
    told = judge.unseen(known, [], parts)
    assert list(told.events) == [one.id for one in known]
    frames = [len(one.examples) for one in known]
    kinds = [len(list(instruments.examples(one))) for one in known]
    assert all(kinds)
    assert sizes == [frames[3], kinds[3], sum(frames[:3]), sum(kinds[:3])]


def test_a_further_article_is_learnt_unless_it_tells_of_a_firm_that_is_asked(
    tmp_path: Path, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes, known = _spied(monkeypatch), _known(tmp_path / "gold.jsonl", lexicon)
    _file(tmp_path / "own.jsonl", [_article(4), _article(5, firm=FIRMS[0])])
    stranger, twin = corpus(tmp_path, lexicon)[-2:]
    judge.unseen(known, [stranger, twin], [[0], [1, 2, 3]])
    rest = [sum(len(one.examples) for one in known[1:]), len(known[0].examples)]
    assert stranger.examples and twin.examples
    assert sizes[::2] == [rest[0] + len(stranger.examples), rest[1] + len(stranger.examples) + len(twin.examples)]


def test_cross_validation_prints_figures_and_keeps_its_predictions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = _file(tmp_path / "gold.jsonl", [_article(number) for number in range(6)])
    arguments = ["--data", str(gold), "--corpus", str(tmp_path / "none"), "--predictions", str(tmp_path / "told.jsonl")]
    assert judge.main(arguments) == 0
    printed = capsys.readouterr().out
    assert all(f"\n{measure} " in printed for measure in ("pair", "event", "strict", "role", "slots", "clean", "sure"))
    told = [json.loads(line) for line in (tmp_path / "told.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in told] == [f"a{number}" for number in range(6)]
    assert judge.main(arguments) == 0
    assert capsys.readouterr().out == printed


def test_what_is_learnt_can_be_read_by_the_engine(tmp_path: Path, lexicon: Lexicon) -> None:
    known = _known(tmp_path / "gold.jsonl", lexicon)
    model = judge.learnt(known)
    learner.save(model, tmp_path / "weights.csv")
    lines = (tmp_path / "weights.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "feature,weight"
    assert len(lines) == len(model) + 1


LEARN = """
import sys
from pathlib import Path
from extractor import Lexicon
from seeds.registers import read_banks
from train import instruments, judge, learner
from train.known import articles
known = articles(Path(sys.argv[1]), Lexicon.build(read_banks(), ()))
learner.save(judge.learnt(known), Path(sys.argv[2]))
"""


def test_training_comes_out_alike_whatever_the_hash_seed(tmp_path: Path) -> None:
    gold = _file(tmp_path / "gold.jsonl", list(rows(DATA))[:12])
    for seed in ("1", "2"):
        command = [sys.executable, "-c", LEARN, str(gold), str(tmp_path / seed)]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed})
    learnt = (tmp_path / "1").read_text(encoding="utf-8")
    assert learnt == (tmp_path / "2").read_text(encoding="utf-8")
    assert len(learnt.splitlines()) > 20


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"instrument": "mortgage"}, "instrument"),
        ({"status": "done"}, "status"),
        ({"date": "March"}, "date"),
        ({"evidence": "elsewhere"}, "evidence"),
        ({"firm": "别家公司"}, "别家公司 is not in the text"),
        ({"firm": None}, "firm"),
        ({"amount": {"min": 1, "max": 1, "currency": "CNY", "qualifier": "roughly"}}, "amount"),
    ],
)
def test_a_further_article_that_cannot_be_is_named_with_its_fault(
    tmp_path: Path, lexicon: Lexicon, change: dict[str, Any], fault: str
) -> None:
    row = _article(1)
    assert list(faults(row)) == []
    row["events"][0] |= change
    _file(tmp_path / "own.jsonl", [row])
    with pytest.raises(ValueError, match=f"a1: event 0 {fault}"):
        corpus(tmp_path, lexicon)


def test_an_article_without_its_fields_is_told_so() -> None:
    row = _article(1)
    del row["events"][0]["date"]
    assert list(faults(row)) == ["event 0 without date"]
    del row["script"]
    assert list(faults(row)) == ["without script"]


def test_our_own_articles_are_sound() -> None:
    """The gold's, and the further ones where there are any."""
    files = [DATA, *sorted(CORPUS.glob("*.jsonl"))]
    assert [(path.name, row["id"], fault) for path in files for row in rows(path) for fault in faults(row)] == []
    ids = [row["id"] for path in files for row in rows(path)]
    assert len(ids) == len(set(ids))
