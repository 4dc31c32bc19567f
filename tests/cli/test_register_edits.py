"""Banks and firms edited in the terminal."""

import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Firm, RegisterEdit
from tests.api import rows
from tests.cli.conftest import Yinqi

NAME = "明曜机器人股份有限公司"


@pytest.fixture
def firm(session: Session) -> Firm:
    return rows.firm(session, NAME, "明曜机器人", origin="learnt")


def log(session: Session) -> list[tuple[str, str]]:
    session.expire_all()
    return [(one.what, one.via) for one in session.scalars(select(RegisterEdit).order_by(RegisterEdit.id))]


def test_a_firm_is_edited_and_named_by_any_of_its_names(yinqi: Yinqi, session: Session, firm: Firm) -> None:
    done = yinqi("registers", "edit", "firm", "明曜机器人", "--set", "region=江苏", "--set", "tech=yes", "--json")
    assert done.exit_code == 0, done.output
    assert {"region": "江苏", "tech": True}.items() <= json.loads(done.stdout).items()
    assert yinqi("registers", "name", "firm", NAME, "明曜智造").exit_code == 0
    assert "明曜智造" not in yinqi("registers", "take", "firm", str(firm.id), "明曜智造").stdout
    told = [json.loads(line) for line in yinqi("registers", "log", "firm", NAME, "--json").stdout.splitlines()]
    assert [one["what"] for one in told] == ["alias_removed", "alias_added", "changed"]
    assert log(session) == [("changed", "terminal"), ("alias_added", "terminal"), ("alias_removed", "terminal")]


def test_a_merge_shows_what_follows_and_asks(yinqi: Yinqi, session: Session, firm: Firm) -> None:
    other = rows.firm(session, "明曜工业科技有限公司", origin="learnt")
    asked = yinqi("registers", "merge", "firm", other.name, NAME, input="n\n")
    assert asked.exit_code == 2 and "明曜工业科技有限公司" in asked.output and "nothing was merged" in asked.output
    assert log(session) == []
    done = yinqi("registers", "merge", "firm", "明曜工业科技有限公司", NAME, "--yes", "--json")
    assert done.exit_code == 0, done.output
    assert "明曜工业科技有限公司" in json.loads(done.stdout)["aliases"]
    session.expire_all()
    assert session.get_one(Firm, other.id).merged_into == firm.id


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("edit", "firm", "无此企业", "--set", "region=江苏"), "无此企业"),
        (("edit", "firm", NAME, "--set", "region"), "region"),
        (("edit", "firm", NAME, "--set", "region=火星"), "火星"),
        (("edit", "firm", NAME, "--set", "colour=red"), "colour"),
        (("take", "firm", NAME, "从未叫过"), "name"),
        (("name", "firm", NAME, "公司"), "generic"),
    ],
)
def test_what_makes_no_sense_is_one_line(
    yinqi: Yinqi, session: Session, firm: Firm, arguments: tuple[str, ...], told: str
) -> None:
    done = yinqi("registers", *arguments)
    assert done.exit_code == 2 and told in done.output and len(done.output.strip().splitlines()) == 1
    assert log(session) == []
