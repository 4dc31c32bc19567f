"""What is bound to a statement reaches the database as it is."""

from typing import Any

import pytest
from sqlalchemy import BigInteger, SmallInteger, Text, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from core import database, sql

TEXTS = ["", "NULL", "null", '"', "\\", '\\"', "{a,b}", " a\tb\r\n", "工商银行，\u3000", "'", "%s", None, "😀"]


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (ARRAY(Text), TEXTS),
        (ARRAY(Text), []),
        (ARRAY(Text), None),
        (ARRAY(BigInteger), [0, -(2**63), 2**63 - 1, None]),
        (ARRAY(SmallInteger), []),
        (JSONB, {"a": TEXTS, "b": [0.1, 12345678901, -1.5e30, True], "银行": {}}),
        (JSONB, [[]]),
        (JSONB, [10**20]),
        (JSONB, None),
    ],
)
def test_a_value_comes_back_as_it_was_sent(environment: dict[str, str], type_: Any, value: Any) -> None:
    echo = sql.Query(select(bindparam("told", type_=type_).label("told")))
    with database.at_once() as flight:
        [row] = echo(flight, told=value)
    assert row.told == value
