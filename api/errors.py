"""Every error as an RFC 9457 problem document, and the tree of core.errors put into HTTP's words."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, TypeVar

import structlog
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg.errors import DeadlockDetected
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.routing import Match

from core.errors import PermanentFailure, RejectedInput, TemporaryFailure

M = TypeVar("M", bound=BaseModel)
log = structlog.get_logger(__name__)
MEDIA_TYPE = "application/problem+json"
_SOON = {"retry-after": "5"}
_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


class FieldError(BaseModel):
    """One thing wrong with the request: `field` is where (`body.firms.2`, `query.limit`), `reason` is why."""

    field: str
    reason: str


class Problem(BaseModel):
    """What went wrong (RFC 9457). `errors` names the fields at fault, `request_id` stands in the log."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldError] = Field(default_factory=list)
    request_id: str | None = None


class Invalid(RejectedInput):
    """The request is well formed and makes no sense: 422, with the fields that are at fault."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("; ".join(f"{error.field}: {error.reason}" for error in errors))
        self.errors = list(errors)

    @classmethod
    def at(cls, field: str, reason: str) -> "Invalid":
        """One field at fault."""
        return cls(FieldError(field=field, reason=reason))

    def within(self, name: str) -> "Invalid":
        """The same of a body that stands in the field `name` of the one that was sent."""
        told = [(f"body.{name}{one.field.removeprefix('body')}", one.reason) for one in self.errors]
        return Invalid(*(FieldError(field=field, reason=reason) for field, reason in told))


def not_found(what: str) -> HTTPException:
    """404; the same for what is not there and what belongs to someone else."""
    return HTTPException(HTTPStatus.NOT_FOUND, f"there is no such {what}")


def respond(
    request: Request, status: int, detail: str, *, errors: Iterable[FieldError] = (), headers: Any = None
) -> Response:
    """A problem document as the answer to `request`; a page where one was asked for (api/dashboard/problems.py)."""
    problem = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=list(errors),
        request_id=getattr(request.state, "request_id", None),
    )
    if draw := getattr(request.state, "draw_problem", None):
        page: Response = draw(request, problem, headers)
        return page
    return JSONResponse(problem.model_dump(), status, headers=headers, media_type=MEDIA_TYPE)


def checked(model: type[M], told: Any, *, under: str = "body") -> M:
    """`told` as a `model`; Invalid by its fields, which stand in the field `under` of what was sent."""
    try:
        return model.model_validate(told)
    except ValidationError as error:
        raise Invalid(*_field_errors(error.errors(), under=under)) from None


def _field_errors(errors: Iterable[Any], *, under: str = "") -> list[FieldError]:
    """Pydantic's error list as ours; the values themselves are left out, because they may be secret."""
    found = []
    for error in errors:
        place = ".".join(part for part in (under, *map(str, error["loc"])) if part)
        found.append(FieldError(field=place or "body", reason=_reason(error)))
    return found


def _reason(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "unknown field"
    if error["type"] == "json_invalid":
        return f"not JSON: {error['ctx']['error']}"
    message: str = error["msg"]
    return message.removeprefix("Value error, ")


def _invalid(request: Request, error: RequestValidationError) -> Response:
    errors = _field_errors(error.errors())
    detail = "; ".join(f"{one.field}: {one.reason}" for one in errors[:5])
    return respond(request, HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)


def _http(request: Request, error: StarletteHTTPException) -> Response:
    detail = str(error.detail or HTTPStatus(error.status_code).description)
    if error.status_code == HTTPStatus.NOT_FOUND and detail == HTTPStatus.NOT_FOUND.phrase:
        detail = f"nothing is served at {request.url.path}"
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed(request))
        detail = f"{request.method} is not allowed at {request.url.path}, but {headers['Allow']}"
    return respond(request, error.status_code, detail, headers=headers)


def _allowed(request: Request) -> list[str]:
    """The methods of all routes that serve the path; Starlette tells those of the first alone."""
    asked = [{**request.scope, "method": method} for method in _METHODS]
    return [one["method"] for one in asked if any(route.matches(one)[0] == Match.FULL for route in request.app.routes)]


def _rejected(request: Request, error: RejectedInput) -> Response:
    errors = error.errors if isinstance(error, Invalid) else []
    return respond(request, HTTPStatus.UNPROCESSABLE_ENTITY, str(error), errors=errors)


def _later(request: Request, error: TemporaryFailure) -> Response:
    return respond(request, HTTPStatus.SERVICE_UNAVAILABLE, str(error), headers=_SOON)


def _never(request: Request, error: PermanentFailure) -> Response:
    return respond(request, HTTPStatus.BAD_GATEWAY, str(error))


def _unstorable(request: Request, error: DataError) -> Response:
    log.warning("api.unstorable", error=str(error.orig).splitlines()[0])
    return respond(request, HTTPStatus.UNPROCESSABLE_ENTITY, "the database cannot hold one of these values")


def _conflict(request: Request, error: IntegrityError) -> Response:
    log.info("api.conflict", constraint=str(error.orig).splitlines()[0])
    return respond(request, HTTPStatus.CONFLICT, "another request changed the same thing meanwhile: try again")


def _database_away(request: Request, error: Exception) -> Response:
    """The database is away, or it ended one of two requests that waited for each other (a deadlock)."""
    met = isinstance(getattr(error, "orig", None), DeadlockDetected)
    detail = "two requests waited for each other: try again" if met else "the database does not answer"
    log.warning("api.database_unavailable", error=str(error).splitlines()[0])
    return respond(request, HTTPStatus.SERVICE_UNAVAILABLE, detail, headers=_SOON)


_HANDLERS: tuple[tuple[type[Exception], Any], ...] = (
    (RequestValidationError, _invalid),
    (StarletteHTTPException, _http),
    (RejectedInput, _rejected),
    (TemporaryFailure, _later),
    (PermanentFailure, _never),
    (DataError, _unstorable),
    (IntegrityError, _conflict),
    (OperationalError, _database_away),
    (InterfaceError, _database_away),
    (PoolTimeout, _database_away),
)


def install(app: FastAPI) -> None:
    """Register a handler for each kind of failure; what none of them knows is the frame's to answer."""
    for kind, handler in _HANDLERS:
        app.add_exception_handler(kind, handler)
