"""Banks and firms: what the client asks of the registers, and how the operator edits them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel

from yinqi import models
from yinqi.base import Answer

M = TypeVar("M", bound=BaseModel)
Id = UUID | str


class Edit(Answer):
    """One edit by the operator's hand: `what` was done, `before` and `after` it, `by` whom, `via` what."""

    id: UUID
    what: Literal["alias_added", "alias_removed", "changed", "merged"]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    by: str | None
    via: str
    at: datetime


class BankMerged(Answer):
    """The bank that stands for both, and how many events of the other were events of its own."""

    bank: models.Bank
    events_merged: int


class FirmMerged(Answer):
    """The firm that stands for both, and how many events of the other were events of its own."""

    firm: models.Firm
    events_merged: int


class _Asks(Protocol):
    """What the client has that asks."""

    def _pages(self, path: str, model: type[M], limit: int, filters: Mapping[str, Any]) -> Iterator[M]: ...

    def _call(self, method: str, path: str, *, params: Mapping[str, Any] | None = None, json: Any = None) -> Any: ...


class Registers:
    """The part of the client that speaks of banks and firms. Edits need the operator's scope."""

    def banks(self: _Asks, *, limit: int = 50, **filters: Any) -> Iterator[models.Bank]:
        """Banks; filters: q (the beginning of a name, pinyin, a code), kind, region, has_events, tech, sector."""
        return self._pages("/v1/banks", models.Bank, limit, filters)

    def bank(self: _Asks, bank_id: Id) -> models.Bank:
        """One bank with all of its names."""
        return models.Bank.model_validate(self._call("GET", f"/v1/banks/{bank_id}"))

    def update_bank(self: _Asks, bank_id: Id, **changes: Any) -> models.Bank:
        """Set name, kind, parent, stock_code or region by hand."""
        return models.Bank.model_validate(self._call("PATCH", f"/v1/banks/{bank_id}", json=changes))

    def add_bank_alias(self: _Asks, bank_id: Id, alias: str) -> models.Bank:
        """Call a bank by one more name."""
        return models.Bank.model_validate(self._call("POST", f"/v1/banks/{bank_id}/aliases", json={"alias": alias}))

    def remove_bank_alias(self: _Asks, bank_id: Id, alias: str) -> models.Bank:
        """Take a name from a bank."""
        return models.Bank.model_validate(self._call("DELETE", f"/v1/banks/{bank_id}/aliases", params={"alias": alias}))

    def merge_bank(self: _Asks, bank_id: Id, into: Id) -> BankMerged:
        """Let another bank stand for this one."""
        told = self._call("POST", f"/v1/banks/{bank_id}/merge", json={"into": str(into)})
        return BankMerged.model_validate(told)

    def bank_edits(self: _Asks, bank_id: Id, *, limit: int = 50) -> Iterator[Edit]:
        """What was done to a bank by hand, the last first."""
        return self._pages(f"/v1/banks/{bank_id}/edits", Edit, limit, {})

    def firms(self: _Asks, *, limit: int = 50, **filters: Any) -> Iterator[models.Firm]:
        """Firms; filters: q (as of banks), sector, tech, region, has_events."""
        return self._pages("/v1/firms", models.Firm, limit, filters)

    def firm(self: _Asks, firm_id: Id) -> models.Firm:
        """One firm with all of its names."""
        return models.Firm.model_validate(self._call("GET", f"/v1/firms/{firm_id}"))

    def update_firm(self: _Asks, firm_id: Id, **changes: Any) -> models.Firm:
        """Set name, stock_code, sector, tech or region by hand."""
        return models.Firm.model_validate(self._call("PATCH", f"/v1/firms/{firm_id}", json=changes))

    def add_firm_alias(self: _Asks, firm_id: Id, alias: str) -> models.Firm:
        """Call a firm by one more name."""
        return models.Firm.model_validate(self._call("POST", f"/v1/firms/{firm_id}/aliases", json={"alias": alias}))

    def remove_firm_alias(self: _Asks, firm_id: Id, alias: str) -> models.Firm:
        """Take a name from a firm."""
        return models.Firm.model_validate(self._call("DELETE", f"/v1/firms/{firm_id}/aliases", params={"alias": alias}))

    def merge_firm(self: _Asks, firm_id: Id, into: Id) -> FirmMerged:
        """Let another firm stand for this one."""
        told = self._call("POST", f"/v1/firms/{firm_id}/merge", json={"into": str(into)})
        return FirmMerged.model_validate(told)

    def firm_edits(self: _Asks, firm_id: Id, *, limit: int = 50) -> Iterator[Edit]:
        """What was done to a firm by hand, the last first."""
        return self._pages(f"/v1/firms/{firm_id}/edits", Edit, limit, {})
