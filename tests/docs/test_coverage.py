"""Whatever a user can meet has its place in docs/: a new one without it fails here."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from alerts.channels import CHANNELS
from api.app import app
from api.resources.channels.schemas import ChannelCreated, ChannelIn
from api.resources.deliveries.schemas import AttemptOut, DeliveryDetail
from api.resources.events.schemas import EventOut, EvidenceOut
from api.resources.watchlists.schemas import WatchlistIn
from cli.main import app as command
from core.instruments import INSTRUMENTS, QUALIFIERS, STATUSES
from core.keys import SCOPES
from core.settings import Settings
from core.views import CONTRACT
from ingest.formats import KINDS
from tests.docs import pages
from tests.docs.pages import ROOT


def commands(group: Any, path: str = "yinqi") -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its whole name; groups may load theirs when asked."""
    context = typer.Context(group, info_name=path)
    for name in group.list_commands(context):
        one = group.get_command(context, name)
        if hasattr(one, "list_commands"):
            yield from commands(one, f"{path} {name}")
        elif not one.hidden:
            yield f"{path} {name}", one


SERVICES = ("core", "ingest", "extractor", "alerts")
COMMANDS = dict(commands(typer.main.get_command(command)))
ENDPOINTS = {
    f"{method.upper()} {path}": told
    for path, methods in app.openapi()["paths"].items()
    for method, told in methods.items()
}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_told_with_all_of_its_options(name: str) -> None:
    text = pages.section("docs/commands.md", f"`{name}`")
    options = {option for one in COMMANDS[name].params for option in one.opts if option.startswith("--")}
    assert {option for option in options if f"`{option}" not in text} == set()


def test_every_command_that_is_told_exists() -> None:
    told = {heading.text.strip("`") for heading in pages.headings("docs/commands.md") if "`yinqi" in heading.text}
    assert told == set(COMMANDS)


def test_every_target_of_make_is_told() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", pages.read("Makefile"), re.MULTILINE))
    told = {name.removeprefix("make ") for name in pages.named(pages.section("docs/commands.md", "`make`"))}
    assert told == targets


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_endpoint_is_told_with_an_example_and_all_of_its_parameters(endpoint: str) -> None:
    text = pages.section("docs/api.md", f"`{endpoint}`")
    assert any("curl " in code for code in pages.fences(text, "sh"))
    given = {one["name"] for one in ENDPOINTS[endpoint].get("parameters", ()) if one["in"] == "query"}
    assert {name for name in given if f"`{name}`" not in text} == set()


def test_every_endpoint_that_is_told_exists() -> None:
    told = {heading.text.strip("`") for heading in pages.headings("docs/api.md") if heading.text.startswith("`")}
    assert told == set(ENDPOINTS)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_source_is_told(name: str) -> None:
    assert pages.section("docs/sources.md", f"`{name}`").strip()


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda one: one.name)
def test_every_channel_is_told_with_its_config(channel: Any) -> None:
    text = pages.section("docs/alerts.md", f"`{channel.name}`")
    assert {name for name in channel.Config.model_fields if f'"{name}"' not in text} == set()


def test_the_contract_is_told_field_by_field() -> None:
    assert pages.named(pages.section("docs/events.md", "The contract fields")) == set(CONTRACT)


def test_every_other_field_of_an_event_is_told() -> None:
    told = pages.named(pages.section("docs/events.md", "What an event has besides"))
    assert told == set(EventOut.model_fields) - set(CONTRACT)
    assert pages.named(pages.section("docs/events.md", "Evidence")) == set(EvidenceOut.model_fields)


@pytest.mark.parametrize(
    ("heading", "values"), [("Instruments", INSTRUMENTS), ("Statuses", STATUSES), ("Amounts", QUALIFIERS)]
)
def test_every_value_of_a_field_is_told(heading: str, values: tuple[str, ...]) -> None:
    assert pages.named(pages.section("docs/events.md", heading)) == set(values)


@pytest.mark.parametrize(
    ("heading", "fields"),
    [
        ("Watchlists", WatchlistIn.model_fields),
        ("Deliveries", {**DeliveryDetail.model_fields, **AttemptOut.model_fields}),
    ],
)
def test_every_field_of_watchlists_deliveries_and_attempts_is_told(heading: str, fields: dict[str, Any]) -> None:
    assert pages.named(pages.section("docs/alerts.md", heading)) == set(fields)


def test_every_field_of_a_channel_and_every_scope_is_told() -> None:
    told = pages.named(pages.section("docs/alerts.md", "Channels"))
    assert {*ChannelIn.model_fields, *ChannelCreated.model_fields} - told <= {"id", "created_at"}
    assert pages.named(pages.section("docs/alerts.md", "Subscribers and keys")) == set(SCOPES)


def test_every_metric_is_told_and_every_rule_asks_for_one_that_exists() -> None:
    made = set(re.findall(r'"(yinqi_\w+)"', pages.read("core/metrics.py")))
    assert made
    assert pages.named(pages.section("docs/operations.md", "Metrics")) == made
    asked = set(re.findall(r"\byinqi_\w+", pages.read("docs/alert-rules.yml")))
    assert asked and asked <= made


def test_every_setting_with_a_number_has_its_unit() -> None:
    told = "\n".join(row[1] for row in pages.rows(pages.section("docs/settings.md", "Units")))
    numbers = {f"YINQI_{name.upper()}" for name, one in Settings.model_fields.items() if one.annotation in (int, float)}
    assert set(re.findall(r"`(YINQI_\w+)`", told)) == numbers


def test_every_log_event_that_is_told_is_logged() -> None:
    told = {name for row in pages.rows(pages.section("docs/operations.md", "Logs")) for name in _quoted(row[0])}
    code = [
        path.read_text("utf-8") for folder in ("core", "ingest", "extractor", "alerts") for path in _modules(folder)
    ]
    logged = set(re.findall(r'\blog(?:\.\w+\(|,)\s*"([\w.]+)"', "\n".join(code)))
    assert {name for name in told if "." in name and not name.startswith("scheduler.sweep.")} <= logged


def _quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def _modules(folder: str) -> Iterator[Path]:
    return (ROOT / folder).rglob("*.py")
