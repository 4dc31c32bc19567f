"""Answers that are sent only once: each has an ETag, and whoever names it again gets 304 until something changed."""

from collections.abc import Callable, Coroutine
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response

from api.body import JsonRoute

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Nothing changed since the answer whose ETag stands in If-None-Match"}
}
_TAG = 32  # hexadecimal digits: 128 bits
_KEEP = "private, no-cache"  # may be kept by whoever asked, and is asked for again before it is used


class TaggedRoute(JsonRoute):
    """A route whose answers to GET have an ETag, made of what they hold."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        """As a route is made; the document tells of 304 where one gets something."""
        if "GET" in (given.get("methods") or {"GET"}):
            given["responses"] = {**NOT_MODIFIED, **(given.get("responses") or {})}
        super().__init__(path, endpoint, **given)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with the tag on its answers."""
        handle = super().get_route_handler()

        async def tagged(request: Request) -> Response:
            answer = await handle(request)
            if request.method == "GET" and answer.status_code == HTTPStatus.OK and getattr(answer, "body", None):
                return _tagged(request, answer)
            return answer

        return tagged


def _tagged(request: Request, answer: Response) -> Response:
    tag = f'"{sha256(answer.body).hexdigest()[:_TAG]}"'  # by far the fastest where the processor knows it, as most do
    headers = {"etag": tag, "cache-control": _KEEP}
    if _holds(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    answer.headers.update(headers)
    return answer


def _holds(told: str, tag: str) -> bool:
    """Whether If-None-Match (RFC 9110, 13.1.2) names the tag, compared weakly, or is *."""
    named = [one.strip().removeprefix("W/") for one in told.split(",")]
    return tag in named or "*" in named
