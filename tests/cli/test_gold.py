"""What was looked at by hand becomes annotated articles that the scorer takes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from cli.gold import gold
from core.models import Article, Bank, Correction, Event, Evidence, Firm
from tests.api import rows
from tests.core.aged import forget

TEXT = "样例银行向青禾智造科技有限公司（青禾智造）发放科创贷3000万元。样例银行还在园区办了讲座。"
QUOTE = TEXT[:33]
VALIDATE = Path(__file__).parents[3] / "shared" / "gold" / "validate.py"


def looked_at(session: Session, verdict: str | None, *, held: dict[str, Any] | None = None, at: int = 0) -> Event:
    bank = session.query(Bank).filter_by(name="样例银行").one_or_none() or rows.bank(session, "样例银行")
    firm = session.query(Firm).first() or rows.firm(session, "青禾智造科技有限公司")
    article = session.query(Article).first() or rows.article(session, text=TEXT)
    event = rows.event(session, bank, firm, state="retracted" if verdict == "rejected" else "live")
    event.verdict, event.held = verdict, held
    told = {"bank": bank.name, "branch": None, "firm": firm.name, "firm_description": None, "tech": True}
    told |= {"instrument": "tech_loan", "instrument_text": "科创贷", "amount": None, "date": None, "term_months": None}
    place = {"position": at, "start": 0, "end": len(QUOTE), "quote": QUOTE}
    names = [firm.name, "青禾智造", "不在文中的名字"]
    session.add(
        Evidence(
            event_id=event.id, article_id=article.id, **place, facts={**told, "status": "granted"}, names=names,
            confidence=0.9,
        )
    )  # fmt: skip
    session.commit()
    return event


def exported(tmp_path: Path, *options: str) -> tuple[list[dict[str, Any]], str]:
    out = tmp_path / "own.jsonl"
    done = CliRunner().invoke(gold, ["export", "-o", str(out), *options])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()], done.output


def test_a_corrected_event_is_written_as_the_operator_left_it(session: Session, tmp_path: Path) -> None:
    amount = {"min": 30000000, "max": 30000000, "currency": "CNY", "qualifier": "exact"}
    looked_at(session, "corrected", held={"amount": amount})
    [[record], told] = exported(tmp_path)
    [event] = record["events"]
    assert (event["firm"], event["firm_aliases"]) == ("青禾智造科技有限公司", ["青禾智造"])
    assert (event["amount"], event["instrument_text"], event["evidence"]) == (amount, "科创贷", QUOTE)
    assert record["text"] == TEXT and record["negatives"] == []
    assert "1 articles" in told


def test_a_rejected_event_is_a_negative_with_its_reason(session: Session, tmp_path: Path) -> None:
    event = looked_at(session, "rejected")
    session.add(Correction(event_id=event.id, verdict="rejected", note="an advertisement", version=2))
    session.commit()
    [[record], _] = exported(tmp_path)
    assert record["events"] == []
    assert record["negatives"] == [{"span": QUOTE, "why": "an advertisement"}]


def test_an_article_of_which_not_all_was_looked_at_is_left_out_and_counted(session: Session, tmp_path: Path) -> None:
    looked_at(session, "confirmed")
    looked_at(session, None, at=1)
    records, told = exported(tmp_path)
    assert records == [] and "1 left out" in told
    [[record], _] = exported(tmp_path, "--partly")
    assert len(record["events"]) == 2


@pytest.mark.skipif(not VALIDATE.exists(), reason="no ../shared/gold here: its validator was NOT run")
def test_the_records_stand_the_validation_of_the_gold_set(session: Session, tmp_path: Path) -> None:
    looked_at(session, "confirmed")
    exported(tmp_path)
    command = [sys.executable, str(VALIDATE), str(tmp_path / "own.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_an_article_whose_text_is_not_kept_any_more_is_left_out(session: Session, tmp_path: Path) -> None:
    looked_at(session, "confirmed")
    forget(session, session.query(Article).one())
    [lines, told] = exported(tmp_path)
    assert lines == []
    assert "1 left out, whose text is not kept any more" in told
