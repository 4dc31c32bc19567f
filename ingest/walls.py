"""Answers that are no success, and whether they are the wall of a challenge rather than a refusal."""

from collections.abc import Awaitable, Callable

from core.errors import YinqiError
from ingest.errors import Challenged
from ingest.fetch import Fetched
from ingest.formats import Body, Parsed

_WALLS = frozenset({401, 403, 405, 412, 418, 429, 503, 521})
"""Statuses with which challenges come: Cloudflare 403 and 503, Ruishu (瑞数) 412, Jiasule (加速乐) 521."""


async def check(fetched: Fetched, body: Body, read: Callable[[Body], Awaitable[Parsed]]) -> None:
    """BadStatus or Gone where the answer is no success; Challenged where it is a page that wants a browser."""
    try:
        fetched.check()
    except YinqiError as error:
        if fetched.response.status not in _WALLS:
            raise
        if fetched.response.headers.get("cf-mitigated", "").lower() == "challenge":  # developers.cloudflare.com
            raise Challenged(f"{body.url}: a challenge page, not the content: cf-mitigated says so") from error
        if await _is_challenge(body, read):
            told = f"{body.url}: a challenge page, not the content (status {fetched.response.status})"
            raise Challenged(told) from error
        raise


async def _is_challenge(body: Body, read: Callable[[Body], Awaitable[Parsed]]) -> bool:
    try:
        await read(body)
    except Challenged:
        return True
    except YinqiError:
        return False
    return False
