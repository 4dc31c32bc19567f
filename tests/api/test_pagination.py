"""Cursors: only ours are taken, and pages stand still while rows are added."""

import base64
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from api import pagination
from api.errors import Invalid
from api.pagination import Position
from core import secrets
from core.settings import settings
from tests.api import rows

HERE = Position(rows.NOON + timedelta(microseconds=123), uuid4())


def test_a_cursor_is_read_back_to_the_microsecond(environment: dict[str, str]) -> None:
    assert pagination.decode("events", pagination.encode("events", HERE)) == HERE


@trials(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(position=st.integers(0, 39), bit=st.integers(0, 7))
def test_no_bit_of_a_cursor_can_be_changed(environment: dict[str, str], position: int, bit: int) -> None:
    cursor = pagination.encode("events", HERE)
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=="))
    raw[position] ^= 1 << bit
    with pytest.raises(Invalid):
        pagination.decode("events", base64.urlsafe_b64encode(raw).rstrip(b"=").decode())


@trials(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(max_size=80))
def test_no_other_text_is_taken_for_a_cursor(environment: dict[str, str], text: str) -> None:
    with pytest.raises(Invalid):
        pagination.decode("events", text)


def test_a_cursor_of_another_list_is_refused(environment: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        pagination.decode("articles", pagination.encode("events", HERE))


def test_a_cursor_outlives_the_rotation_of_the_key(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cursor, [old] = pagination.encode("events", HERE), secrets.keys(settings())
    monkeypatch.setenv("YINQI_ENCRYPTION_KEY", f"{Fernet.generate_key().decode()},{old.decode()}")
    settings.cache_clear()
    assert pagination.decode("events", cursor) == HERE
    monkeypatch.setenv("YINQI_ENCRYPTION_KEY", Fernet.generate_key().decode())
    settings.cache_clear()
    with pytest.raises(Invalid):
        pagination.decode("events", cursor)


def test_a_tampered_cursor_is_a_422_that_names_it(alice: httpx.Client) -> None:
    for cursor in ("", "abc", "!!!", "A" * 54, "é"):
        answer = alice.get("/v1/events", params={"cursor": cursor})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "query.cursor"


def test_rows_added_meanwhile_neither_shift_nor_repeat_a_page(alice: httpx.Client, session: Session) -> None:
    bank = rows.bank(session)
    made = [rows.event(session, bank, first_seen=rows.NOON) for _ in range(6)]  # one moment: the id decides
    first = alice.get("/v1/events", params={"limit": 3}).json()
    rows.event(session, bank, first_seen=rows.NOON + timedelta(days=1))
    second = alice.get("/v1/events", params={"limit": 3, "cursor": first["next"]}).json()
    seen = [item["id"] for item in first["items"] + second["items"]]
    assert seen == sorted((str(event.id) for event in made), reverse=True)
    assert second["next"] is None
