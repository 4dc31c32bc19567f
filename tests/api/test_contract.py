"""What nobody thought of is asked too: requests made from the served OpenAPI document, sensible and senseless ones.

Every check of schemathesis holds for every answer: no 5xx, no status, media type, header or body that the document does
not tell, nothing taken that it refuses, nothing answered without a key. YINQI_TEST_EXAMPLES sets how many requests of
each sort are made for each operation (the same ones each time).

schemathesis speaks to the application in this process by an adapter of its own, not through the one of `requests` that
alerts/channels/_requests.py puts out of use.
"""

import os
import re
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as trials
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import GenerationConfig, SchemathesisConfig
from schemathesis.core.failures import AcceptedNegativeData, FailureGroup
from schemathesis.core.parameters import ParameterLocation
from sqlalchemy import text

from api.app import app
from core import database
from core.settings import settings
from tests.api import document
from tests.api.test_privacy import ids

__all__ = ["ids"]

# schemathesis loads most of itself with the first document, and pytest parses what it loads. Here no other thread runs:
# beside one of a server, CPython 3.11 loses count of how deep it is (SystemError, gh-106905).
schemathesis.openapi.from_dict({"openapi": "3.1.0", "info": {"title": "none", "version": "0"}, "paths": {}})

EXAMPLES = int(os.environ.get("YINQI_TEST_EXAMPLES", "3"))
OPERATIONS = [str(one) for one in document.OPERATIONS]
RESOURCES = sorted({one.split("/")[2 if " /v1" in one else 1].split("{")[0] for one in OPERATIONS})
_BOTH = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
_MADE = GenerationConfig(modes=_BOTH, allow_x00=False)
_LIMITS = trials(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
_CONFIG = {
    "checks": {
        # 422 is no refusal of the check but its bound: a schema cannot say that a bank is known, that one date lies
        # before another or that a cursor is ours. That such an answer names the field is asked below.
        "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "422"]},
        "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx"]},
    },
    # no column of text can hold U+0000, and test_errors.py shows that it is refused with 400 wherever it stands
    "generation": {"allow-x00": False},
}
# Articles are pushed in lists that are judged one by one: a bad one is told in the answer, and the good ones are kept.
JUDGED_ONE_BY_ONE = "POST /v1/articles"


async def _served(scope: Any, receive: Any, send: Any) -> None:
    """The application without its lifespan, which would take over the logs and the garbage of this process."""
    assert scope["type"] == "http"
    await app(scope, receive, send)


@pytest.fixture(scope="module")
def operations() -> dict[str, Any]:
    """Every operation of the served document by its label."""
    config = SchemathesisConfig.from_dict(_CONFIG)
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", _served, config=config)
    every: Any = schema.get_all_operations()
    return {found.ok().label: found.ok() for found in every}


@pytest.fixture
def there(alice: httpx.Client, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The key of one who may do everything, and of each kind that stands in the path a thing that is there."""
    monkeypatch.setenv("YINQI_LIMIT_PER_KEY", "0")
    monkeypatch.setenv("YINQI_LIMIT_PER_ADDRESS", "0")
    settings.cache_clear()
    monkeypatch.setattr("api.resources.channels.config.system_resolve", lambda host, port: ["93.184.215.14"])
    return {"": alice.headers["authorization"]} | ids


@pytest.fixture
def refusing(environment: dict[str, str]) -> Iterator[None]:
    """Answers each question what an address would give as an ingest process does that cannot reach it."""
    refuse = text("""UPDATE preview SET answer = '{"error": "cannot be reached"}' WHERE answer IS NULL""")
    stop = threading.Event()

    def answer() -> None:
        while not stop.wait(0.2):
            with database.transaction() as session:
                session.execute(refuse)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join()


def _spread(cases: list[Any], most: int) -> list[Any]:
    """At most so many of them, from all over."""
    return [cases[number * len(cases) // most] for number in range(most)] if len(cases) > most else cases


def _aimed(case: Any, there: dict[str, str]) -> Any:
    """The request at things that are there, where its path is not what is wrong with it; and a stream that ends."""
    if not case.meta.is_negative_at(ParameterLocation.PATH):
        case.path_parameters |= {name: there[name] for name in case.path_parameters if name in there}
    if case.operation.label == "GET /v1/stream":
        case.query = {**case.query, "follow": "false"}
    return case


def _faults(case: Any, key: str) -> list[str]:
    """What the checks say of the answer, and what is missing in a 422."""
    answer = case.call(headers={"Authorization": key})
    told = []
    try:
        case.validate_response(answer, headers={"Authorization": key})
    except FailureGroup as group:
        told = [f"{one}\n{case.as_curl_command()}" for one in group.exceptions if not _is_told(case, answer, one)]
    if answer.status_code == 422 and not answer.json()["errors"]:
        told.append(f"names no field: {answer.text}\n{case.as_curl_command()}")
    return told


def _is_told(case: Any, answer: Any, failure: Exception) -> bool:
    """Whether what was taken against the document was refused within the answer."""
    taken = isinstance(failure, AcceptedNegativeData) and case.operation.label == JUDGED_ONE_BY_ONE
    return taken and answer.json()["rejected"] > 0


def _ask_all(asked: Any, there: dict[str, str]) -> list[str]:
    """What is wrong with the answers to requests at the borders of the document and to others."""
    faults: list[str] = []
    borders = asked.schema.iter_coverage_cases(asked, generation_modes=_BOTH, generation_config=_MADE)
    for case in _spread(list(borders), 2 * EXAMPLES):
        faults += _faults(_aimed(case, there), there[""])

    @_LIMITS
    @given(case=st.one_of([asked.as_strategy(mode) for mode in _BOTH]))
    def ask(case: Any) -> None:
        faults.extend(_faults(_aimed(case, there), there[""]))

    ask()
    return faults


@pytest.mark.parametrize("resource", RESOURCES)
def test_nothing_that_is_asked_is_answered_outside_of_the_contract(
    operations: dict[str, Any], resource: str, there: dict[str, str], refusing: None
) -> None:
    own = [one for one in OPERATIONS if re.search(rf" (/v1)?/{resource}(/|$)", one)]
    assert own
    faults = [fault for one in sorted(own, key=_last) for fault in _ask_all(operations[one], there)]
    assert not faults, "\n\n".join(faults)


def _last(operation: str) -> int:
    """What takes a thing away comes after all that is asked about it."""
    return ("DELETE" in operation) + ("/merge" in operation)
