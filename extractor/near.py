"""The known tellings that may be of the same events as others of one bank: what merging compares them with."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from core.models import Evidence
from core.sql import Asker, record
from extractor import statements


class Near:
    """Known tellings near fresh ones of one bank: asked for at once, read later."""

    def __init__(self, session: Asker, fresh: Sequence[Evidence], within: timedelta, most: int) -> None:
        days = sorted(date.fromisoformat(row.facts["published"]) for row in fresh)
        first, last = (days[0] - within).isoformat(), (days[-1] + within).isoformat()
        self._span: dict[str, Any] = {"first": first, "last": last, "most": most}
        self._keys = {key for row in fresh for key in row.keys}
        self._asked = self._ask(session)

    def _ask(self, session: Asker) -> Any:
        return statements.TELLINGS_NEAR.mappings(session, keys=sorted(self._keys), **self._span)

    def rows(self, session: Asker) -> list[Evidence]:
        """Oldest first. A telling with two names leads on to those that know only the other."""
        while True:
            found = self._asked.fetchall()
            further = {key for row in found for key in row["keys"]} - self._keys
            if not further or len(found) == self._span["most"]:
                return sorted((record(Evidence, **row) for row in found), key=lambda row: row.id)
            self._keys |= further
            self._asked = self._ask(session)
