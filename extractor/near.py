"""The known tellings that may be of the same events as others of one bank: what merging compares them with."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from core.models import Evidence
from core.sql import Asker, record
from extractor import statements
from extractor.cluster import Telling, reached


class Near:
    """Known tellings that may share an event with fresh ones of one bank: asked for at once, read later."""

    def __init__(self, session: Asker, fresh: Sequence[Evidence], within: timedelta, most: int) -> None:
        days = sorted(date.fromisoformat(row.facts["published"]) for row in fresh)
        first, last = (days[0] - within).isoformat(), (days[-1] + within).isoformat()
        self._span: dict[str, Any] = {"first": first, "last": last, "most": most}
        self._fresh = [telling(row) for row in fresh]
        self._keys = {key for row in fresh for key in row.keys}
        self._asked = self._ask(session)

    def _ask(self, session: Asker) -> Any:
        return statements.TELLINGS_NEAR(session, keys=sorted(self._keys), **self._span)

    def rows(self, session: Asker) -> list[Evidence]:
        """Oldest first. One with two names leads on to those that know only the other, where it is related itself:
        related tellings share a key, so that those of others lead nowhere."""
        while True:
            found = self._asked.fetchall()
            rows = {telling(row): row for row in found}
            near = [rows[one] for one in reached(self._fresh, list(rows))]
            further = {key for row in near for key in row.keys} - self._keys
            if not further or len(found) == self._span["most"]:
                return [record(Evidence, **row._asdict()) for row in sorted(near, key=lambda row: row.id)]
            self._keys |= further
            self._asked = self._ask(session)


def telling(row: Any) -> Telling:
    """Evidence as tellings are compared."""
    return Telling(row.article_id, row.facts, tuple(row.names))
