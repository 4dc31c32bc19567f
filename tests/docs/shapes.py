"""Whether what a page shows has the shape of what is answered, and of what the OpenAPI document tells."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from tests.api.document import resolved

ELLIPSIS = "…"  # as a value: anything; as a key: there are more
MAPS = {"facts", "previous", "before", "after", "statuses"}  # their keys are values: what changed, what was counted


def unlike(shown: Any, real: Any, place: str = "") -> Iterator[str]:
    """Where the two differ in their keys or in the kind of a value; null and an empty list may stand for anything."""
    if shown in (None, ELLIPSIS) or real is None or place.rpartition(".")[2] in MAPS:
        return
    if _kind(shown) is not _kind(real):
        yield f"{place}: {shown!r} is shown, {real!r} is answered"
    elif isinstance(shown, dict):
        yield from _keys(shown, real, place)
        for name in shown.keys() & real.keys():
            yield from unlike(shown[name], real[name], f"{place}.{name}")
    elif isinstance(shown, list) and real:
        for one in shown:
            yield from unlike(one, real[0], f"{place}.0")


def untold(shown: Any, schema: Any, place: str = "") -> Iterator[str]:
    """Where what is shown lacks a field that the schema has, has another, or a value that is none of its kind."""
    schema = resolved(schema)
    if shown == ELLIPSIS:
        return
    if "anyOf" in schema:
        yield from min((list(untold(shown, one, place)) for one in schema["anyOf"]), key=len)
    elif isinstance(shown, dict) and "properties" in schema:
        yield from _keys(shown, schema["properties"], place)
        for name in shown.keys() & schema["properties"].keys():
            yield from untold(shown[name], schema["properties"][name], f"{place}.{name}")
    elif isinstance(shown, list) and schema.get("type") == "array":
        for one in shown:
            yield from untold(one, schema.get("items", {}), f"{place}.0")
    elif not jsonschema_rs.is_valid({**schema, "additionalProperties": True}, shown):
        yield f"{place}: {shown!r} is shown, {schema} is told"


def _keys(shown: dict[str, Any], told: dict[str, Any], place: str) -> Iterator[str]:
    more = {} if ELLIPSIS in shown else told
    yield from (f"{place}.{name}: is not shown" for name in more if name not in shown)
    yield from (f"{place}.{name}: there is none" for name in shown if name not in told and name != ELLIPSIS)


def _kind(value: Any) -> type:
    return float if type(value) is int else type(value)
