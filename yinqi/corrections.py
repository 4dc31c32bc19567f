"""Corrections: what the operator says of events that were looked at by hand."""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from yinqi import models
from yinqi.base import Answer

Id = UUID | str


class Correction(Answer):
    """One look at an event: `verdict` is corrected, confirmed, rejected or released, `version` the event's after it."""

    id: UUID
    event_id: UUID
    verdict: str
    facts: dict[str, Any] | None
    previous: dict[str, Any] | None
    note: str | None
    version: int
    at: datetime


class _Asks(Protocol):
    """What the client has that asks."""

    def _call(self, method: str, path: str, *, params: Any = None, json: Any = None) -> Any: ...


class Corrections:
    """The part of the client that corrects; all but `corrections` needs the scope for the operator."""

    def correct(self: _Asks, event_id: Id, **fields: Any) -> models.Event:
        """Set contract fields of an event; `version` and `note` besides."""
        return models.Event.model_validate(self._call("PATCH", f"/v1/events/{event_id}", json=fields))

    def confirm(self: _Asks, event_id: Id, **said: Any) -> models.Event:
        """The event is right as it stands."""
        return models.Event.model_validate(self._call("POST", f"/v1/events/{event_id}/confirm", json=said))

    def reject(self: _Asks, event_id: Id, **said: Any) -> models.Event:
        """There was no such event."""
        return models.Event.model_validate(self._call("POST", f"/v1/events/{event_id}/reject", json=said))

    def release(self: _Asks, event_id: Id, **said: Any) -> models.Event:
        """The machine's again, as before the first correction."""
        return models.Event.model_validate(self._call("POST", f"/v1/events/{event_id}/release", json=said))

    def corrections(self: _Asks, event_id: Id) -> list[Correction]:
        """Every look at an event by hand, oldest first."""
        found = self._call("GET", f"/v1/events/{event_id}/corrections")
        return [Correction.model_validate(item) for item in found["items"]]
