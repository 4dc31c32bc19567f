"""Errors as pages, for people: what api/errors.py answers programs as problem documents."""

from http import HTTPStatus
from typing import Any

from fastapi import Request, Response

from api.dashboard import refusals
from api.dashboard.deps import visitor
from api.dashboard.rendering import render
from api.dashboard.wording import language_of, words
from api.errors import Problem

_TOLD = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 503)
_API = ("/v1/", "/healthz", "/readyz", "/metrics", "/static/")


def draw_pages(request: Request) -> None:
    """Let whatever goes wrong with this request be answered by a page."""
    request.scope.setdefault("state", {})["draw_problem"] = draw


def wants_page(request: Request) -> bool:
    """Whether a person asks, at an address where no page is: then the answer is one all the same."""
    return not request.scope["path"].startswith(_API) and "text/html" in request.headers.get("accept", "")


def draw(request: Request, problem: Problem, headers: Any) -> Response:
    """The page of a problem; the way on is a header of it (a redirect)."""
    if headers and {"location", "hx-redirect"} & set(headers):
        return Response(status_code=problem.status, headers=headers)
    if not hasattr(request.state, "visitor") and problem.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        visitor(request)  # no route asked who it is, for where there is no page there is none
    told = problem.status if problem.status in _TOLD else 500
    t = words(language_of(request))
    given: dict[str, Any] = {"problem": problem, "told": told, "detail": refusals.known(t, problem.detail)}
    given["errors"] = [(one.field, refusals.said(t, one)) for one in problem.errors]
    return render(request, "problem.html", status=problem.status, headers=headers, **given)
