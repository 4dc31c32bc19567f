"""Which banks stand behind firms, as the API answers it, and the part of the client that asks for it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import httpx

from yinqi.base import Answer
from yinqi.found import Chain
from yinqi.models import Amount, Evidence, Party
from yinqi.problems import plain, problem


class DossierRow(Answer):
    """What one bank did for the firm; `planned`: nothing granted yet; a shared sum is to be counted once."""

    event_id: UUID
    branch: str | None
    instrument: str
    instrument_text: str | None
    amount: Amount | None
    shared_amount: bool
    date: str | None
    term_months: int | None
    status: str
    planned: bool
    confidence: float
    evidence: list[Evidence]


class DossierBank(Answer):
    """One bank's rows, the earliest first."""

    bank: Party
    rows: list[DossierRow]


class DossierFirm(Answer):
    """One firm with its banks, and the recommendations in which it stands.

    `asked` are the names that meant it, `events` is 0 where nothing is known of it.
    """

    asked: list[str]
    meant_by: str
    firm: Party
    stock_code: str | None
    events: int
    banks: list[DossierBank]
    chains: list[Chain]


class NotMeant(Answer):
    """A name that means no one firm, with what may have been meant."""

    asked: str
    reason: str
    suggestions: list[Party]


class Dossier(Answer):
    """Firm → bank → what it did. `truncated`: only the latest events are there."""

    made_at: datetime
    firms: list[DossierFirm]
    not_meant: list[NotMeant]
    events: int
    truncated: bool


class Dossiers:
    """The part of the client that asks for dossiers."""

    _http: httpx.Client

    def dossier(self, firms: Iterable[str], **filters: Any) -> Dossier:
        """Which banks stand behind these firms, by any of their names; filters as of `events`."""
        return Dossier.model_validate(self._made(firms, filters).json())

    def dossier_document(
        self, firms: Iterable[str], format: Literal["md", "docx", "xlsx"], *, lang: str = "zh", **filters: Any
    ) -> bytes:
        """The same as a document, in Chinese (zh) or English (en)."""
        return self._made(firms, filters | {"format": format, "lang": lang}).content

    def _made(self, firms: Iterable[str], asked: dict[str, Any]) -> httpx.Response:
        given = {name: value for name, value in plain(asked).items() if value is not None}
        answer = self._http.post("/v1/dossier", json={"firm": list(firms), **given})
        if not answer.is_success:
            raise problem(answer)
        return answer
