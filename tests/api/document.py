"""The served OpenAPI document, as tests read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import jsonschema_rs

from api.app import app

DOCUMENT = app.openapi()
SCHEMAS = DOCUMENT["components"]["schemas"]
NO_PROBLEMS = {
    ("/readyz", "503"),  # no error, but what does not answer, told in full
    ("/v1/confirm/{ticket}", "410"),  # a page, for the reader of a mail
}
Place = tuple[str, ...]  # the fields that lead to a value; "0" stands for each item of a list, "*" for each key


@dataclass(frozen=True)
class Operation:
    """A method of a path, and what the document tells of it."""

    method: str
    path: str
    told: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def body(self) -> dict[str, Any] | None:
        """The schema of what is sent."""
        found: dict[str, Any] | None = self.told.get("requestBody", {}).get("content", {}).get("application/json")
        return found["schema"] if found else None

    def example(self) -> Any:
        """A body that is taken, None where none is."""
        if self.body is None:
            return None
        content = self.told["requestBody"]["content"]["application/json"]
        told = [one["value"] for one in content.get("examples", {}).values()]
        return (told or resolved(self.body)["examples"])[0]

    def parameters(self, where: str) -> dict[str, dict[str, Any]]:
        """The schemas of those in the `path`, `query` or `header`, by their names."""
        return {one["name"]: one["schema"] for one in self.told.get("parameters", []) if one["in"] == where}

    def fields(self) -> Iterator[tuple[Place, dict[str, Any]]]:
        """Every value in query, header and body with its schema; a place begins with one of these three words."""
        for where in ("query", "header"):
            for name, schema in self.parameters(where).items():
                yield from leaves(schema, (where, name))
        if self.body is not None:
            yield from leaves(self.body, ("body",))


OPERATIONS = [
    Operation(method.upper(), path, told) for path, found in DOCUMENT["paths"].items() for method, told in found.items()
]


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema that a reference means."""
    found: dict[str, Any] = SCHEMAS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found


def leaves(schema: dict[str, Any], place: Place, within: Place = ()) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every place in such a value that holds no further ones, once for each alternative of its schema."""
    if "$ref" in schema:
        if schema["$ref"] in within:
            return
        within, schema = (*within, schema["$ref"]), resolved(schema)
    below = [(one, place) for each in ("anyOf", "oneOf", "allOf") for one in schema.get(each, [])]
    below += [(schema[each], (*place, sign)) for each, sign in _MANY.items() if isinstance(schema.get(each), dict)]
    below += [(one, (*place, name)) for name, one in schema.get("properties", {}).items()]
    for one, there in below:
        yield from leaves(one, there, within)
    if not below:
        yield place, schema


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem document that was answered, which is as the document tells it, and fits the answer's head."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    _PROBLEM.validate(told)
    assert told["status"] == status
    assert told["detail"]
    assert told["request_id"] == answer.headers["x-request-id"]
    return told


_PROBLEM = jsonschema_rs.validator_for(
    {"$ref": "#/components/schemas/Problem", "components": DOCUMENT["components"], "unevaluatedProperties": False}
)
_MANY = {"items": "0", "additionalProperties": "*"}
