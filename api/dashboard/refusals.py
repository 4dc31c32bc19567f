"""What the API refuses, told at the fields of a form and in the reader's language."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path

from api.dashboard.wording import Words
from api.errors import FieldError, Invalid


def at_fields(t: Words, refused: Invalid, field_of: Callable[[str], str]) -> dict[str, list[str]]:
    """The reasons by the form's fields; `field_of` tells where on the form what the API calls so stands ("": all)."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for error in refused.errors:
        told = said(t, error)
        if told not in (known := found[field_of(error.field)]):
            known.append(told)
    return dict(found)


def said(t: Words, error: FieldError) -> str:
    """One reason in words; one that nobody put into words stands as the API tells it."""
    return known(t, error.reason) or t("refusal.other", reason=error.reason)


def known(t: Words, reason: str) -> str | None:
    """A reason in words; None where nobody put it into words."""
    for slug, pattern in _known():
        if match := pattern.search(reason):
            return t(f"refusal.{slug}", **{name: value or "" for name, value in match.groupdict().items()})
    return None


@cache
def _known() -> list[tuple[str, re.Pattern[str]]]:
    path = Path(__file__).parent / "data" / "refusals.toml"
    rows = tomllib.loads(path.read_text("utf-8"))["refusal"]
    return [(row["slug"], re.compile(row["pattern"], re.DOTALL)) for row in rows]
