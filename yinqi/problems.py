"""How the API's refusals and a program's values are told."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx

from yinqi import models


class ProblemError(Exception):
    """The API refused or failed: `status`, `detail`, and `errors` with the fields at fault (RFC 9457)."""

    def __init__(self, status: int, detail: str, errors: list[models.FieldError], request_id: str | None) -> None:
        super().__init__(f"{status}: {detail}")
        self.status, self.detail, self.errors, self.request_id = status, detail, errors, request_id


def plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON and query texts know them."""
    return {name: _plain_value(value) for name, value in given.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, list | tuple | set):
        return [_plain_value(one) for one in value]
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def problem(answer: httpx.Response) -> ProblemError:
    """What an answer that is no success tells."""
    try:
        told = answer.json()
        errors = [models.FieldError.model_validate(error) for error in told.get("errors", [])]
        return ProblemError(answer.status_code, told["detail"], errors, told.get("request_id"))
    except (ValueError, KeyError, AttributeError, TypeError):
        return ProblemError(answer.status_code, answer.text[:500] or answer.reason_phrase, [], None)
