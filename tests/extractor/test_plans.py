"""What merging asks of the registers is found through indexes, also before the planner knows how large they are."""

import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core import database, sql
from extractor import statements

FIRMS = """
    WITH made AS (
        INSERT INTO firm (name) SELECT '样例' || n || '有限公司' FROM generate_series(1, 5000) n RETURNING id, name
    )
    INSERT INTO firm_alias (key, alias, stem, firm_id) SELECT name, name, name, id FROM made
"""
BANKS = """
    WITH made AS (
        INSERT INTO bank (name, kind) SELECT '样例银行' || n, 'other' FROM generate_series(1, 3000) n RETURNING id, name
    )
    INSERT INTO bank_alias (key, alias, bank_id) SELECT name, name, id FROM made
"""
QUERIES = ("BANKS", "FIRMS_LIKE", "LEARN_FIRM", "ADD_ALIASES", "TELL_MENTIONS", "EVENTS")


@pytest.fixture
def worker(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """This process's connections as a worker has them."""
    monkeypatch.setattr(database, "_server_settings", dict(database._server_settings))
    database.serve_hints()
    database.forget()


@pytest.mark.parametrize("name", QUERIES)
def test_no_register_is_read_whole(worker: None, session: Session, name: str) -> None:
    with database.at_once() as flight:
        connection = sql.driver(flight)
        for made in (FIRMS, BANKS):
            connection.execute(made)
        rows: Any = connection.execute(b"EXPLAIN (GENERIC_PLAN) " + getattr(statements, name)._rendered[0])
        plan = "\n".join(row[0] for row in rows)
    assert not re.search(r"Seq Scan on (firm|bank)", plan), plan
