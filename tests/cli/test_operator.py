"""The operator's small commands: subscribers, retries."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import keys
from core.models import ApiKey, Article
from tests.cli.conftest import Yinqi
from tests.core.aged import forget


def test_a_key_is_printed_once_and_only_its_hash_is_kept(yinqi: Yinqi, session: Session) -> None:
    result = yinqi("subscriber", "add", "desk", "--scopes", "read")
    key = result.stdout.strip()
    assert re.fullmatch(r"yq_[\w-]{43}", key)
    row = session.scalars(select(ApiKey)).one()
    assert (row.hash, row.scopes) == (keys.hash_key(key), ["read"])
    assert key.startswith(row.prefix)
    assert len(row.prefix) < 12
    listed = yinqi("subscriber", "list").output
    assert "desk" in listed
    assert row.prefix in listed
    assert key not in listed


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("desk",), "already"),
        (("other", "--scopes", "read,root"), "'root'"),
        ((" ",), "name"),
        (("x", "--scopes", ""), "scope"),
    ],
)
def test_a_wrong_subscriber_is_refused_with_the_reason(yinqi: Yinqi, arguments: tuple[str, ...], told: str) -> None:
    yinqi("subscriber", "add", "desk")
    result = yinqi("subscriber", "add", *arguments)
    assert result.exit_code == 2
    assert told in result.stderr


def _failed(session: Session, count: int) -> list[Article]:
    made = [
        Article(title="t", text="x", content_hash=f"h{n}", state="failed", attempts=5, reason="poison")
        for n in range(count)
    ]
    session.add_all(made)
    session.commit()
    return made


def test_failed_work_is_opened_again_with_fresh_attempts(yinqi: Yinqi, session: Session) -> None:
    first, second = _failed(session, 2)
    assert "1 extract" in yinqi("retry", str(first.id)).output
    session.expire_all()
    assert [(row.state, row.attempts) for row in (first, second)] == [("open", 0), ("failed", 5)]
    assert "1 extract" in yinqi("retry", "--all", "--step", "extract").output
    session.expire_all()
    assert second.state == "open"


def test_a_retry_of_what_did_not_fail_says_so(yinqi: Yinqi) -> None:
    missing = str(uuid4())
    result = yinqi("retry", missing)
    assert result.exit_code == 2
    assert missing in result.stderr


def test_a_retry_names_one_or_all(yinqi: Yinqi) -> None:
    assert yinqi("retry").exit_code == 2
    assert yinqi("retry", str(uuid4()), "--all").exit_code == 2


def test_a_retry_of_an_article_whose_text_is_gone_says_so(yinqi: Yinqi, session: Session) -> None:
    [article] = _failed(session, 1)
    forget(session, article)
    result = yinqi("retry", str(article.id))
    assert result.exit_code == 2
    assert "not kept any more" in result.stderr
    assert "0 extract" in yinqi("retry", "--all").output


def test_a_subscriber_is_deleted_when_the_name_is_told_once_more(yinqi: Yinqi, session: Session) -> None:
    yinqi("subscriber", "add", "desk")
    refused = yinqi("subscriber", "delete", "desk", input="dusk\n")
    assert refused.exit_code == 2 and "nothing was deleted" in refused.stderr
    assert "no subscriber is called 'dusk'" in yinqi("subscriber", "delete", "dusk").stderr
    assert yinqi("subscriber", "delete", "desk", input="desk\n").exit_code == 0
    assert session.scalars(select(ApiKey)).all() == []
    yinqi("subscriber", "add", "desk")
    assert yinqi("subscriber", "delete", "desk", "--yes").exit_code == 0
    assert "desk" not in yinqi("subscriber", "list").output
