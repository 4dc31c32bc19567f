"""`yinqi indicators`."""

import json

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from cli.main import app
from tests.api import rows
from tests.api.test_indicators import figure, series

run = CliRunner()


@pytest.fixture
def known(session: Session) -> str:
    """The id of a series with one point."""
    row = series(session, region=["江苏"])
    figure(session, row, rows.article(session, "江苏省科技贷款余额2.1万亿元"), value=2_100_000_000_000, growth=15)
    return str(row.id)


def test_series_and_points_are_shown_as_tables(known: str) -> None:
    listed = run.invoke(app, ["indicators", "--region", "江苏"])
    assert listed.exit_code == 0, listed.output
    assert known in listed.stdout
    points = run.invoke(app, ["indicators", known])
    assert "2,100,000,000,000" in points.stdout
    assert "15" in points.stdout


def test_json_is_one_object_a_line(known: str) -> None:
    [listed] = run.invoke(app, ["indicators", "--json"]).stdout.splitlines()
    assert json.loads(listed)["id"] == known
    [point] = run.invoke(app, ["indicators", known, "--json"]).stdout.splitlines()
    assert json.loads(point)["value"] == 2_100_000_000_000


def test_what_makes_no_sense_is_named(known: str) -> None:
    wrong = run.invoke(app, ["indicators", "--kind", "gdp"])
    assert wrong.exit_code == 2
    assert "gdp" in wrong.output
    nobody = run.invoke(app, ["indicators", "--bank", "没有的银行"])
    assert nobody.exit_code == 2
    assert "没有的银行" in nobody.output
    assert run.invoke(app, ["indicators", known.replace(known[0], "f" if known[0] != "f" else "e")]).exit_code == 2
