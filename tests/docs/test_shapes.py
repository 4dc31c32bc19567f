"""What the API page shows as answers has the shape that the OpenAPI document tells, field for field."""

from typing import Any

import pytest

from tests.api.document import OPERATIONS
from tests.docs.curl import Call, calls
from tests.docs.shapes import unlike, untold

BY_LABEL = {str(one): one for one in OPERATIONS}
SHOWN = [one for one in calls("docs/api.md") if one.shown is not None]


def test_answers_are_shown() -> None:
    assert len(SHOWN) > 10


@pytest.mark.parametrize("call", SHOWN, ids=lambda one: one.heading)
def test_an_answer_that_is_shown_has_all_fields_and_no_others(call: Call) -> None:
    answers = BY_LABEL[call.heading.strip("`")].told["responses"]
    [schema] = [told["content"]["application/json"]["schema"] for status, told in answers.items() if status[0] == "2"]
    assert not list(untold(call.shown, schema))


@pytest.mark.parametrize(
    ("shown", "real", "places"),
    [
        ({"a": 1}, {"a": 2.5}, []),
        ({"a": 1}, {"a": "1"}, [".a"]),
        ({"a": 1}, {"a": True}, [".a"]),
        ({"a": 1}, {"a": 1, "b": 1}, [".b"]),
        ({"a": 1, "b": 1}, {"a": 1}, [".b"]),
        ({"a": 1, "…": "…"}, {"a": 1, "b": 1}, []),
        ({"a": "…"}, {"a": {"b": 1}}, []),
        ({"a": None}, {"a": 1}, []),
        ([{"a": 1}, {"b": 1}], [{"a": 1}], [".0.a", ".0.b"]),
        ([{"a": 1}], [], []),
    ],
)
def test_shapes_are_told_apart(shown: Any, real: Any, places: list[str]) -> None:
    assert [one.partition(":")[0] for one in unlike(shown, real)] == places
