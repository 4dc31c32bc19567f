"""`/v1/sources/preview`: asks ingest, and waits for its answer."""

import asyncio
import time
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.concurrency import run_in_threadpool

from api.body import JsonRoute
from api.deps import Operator
from api.errors import MEDIA_TYPE, Invalid
from api.resources.previews import store
from api.resources.previews.schemas import PreviewIn, PreviewOut

PATIENCE = 40.0
"""Seconds to wait: longer than one look takes (ingest/discover.py)."""
_EVERY = 0.25

_NOBODY: dict[int | str, dict[str, Any]] = {
    504: {
        "description": "No ingest service answered",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}

router = APIRouter(prefix="/v1/sources", tags=["sources"], route_class=JsonRoute)


@router.post("/preview", operation_id="preview_source", response_model=PreviewOut, responses=_NOBODY)
async def preview_source(_: Operator, body: PreviewIn) -> Any:
    """What an address would give as a source; nothing is saved."""
    asked = await run_in_threadpool(store.ask, body.url, body.kind or "", body.selector)
    until = time.monotonic() + PATIENCE
    while (answer := await run_in_threadpool(store.answer, asked)) is None:
        if time.monotonic() > until:
            reason = f"no ingest service answered within {PATIENCE:.0f} s: does one run?"
            raise HTTPException(HTTPStatus.GATEWAY_TIMEOUT, reason)
        await asyncio.sleep(_EVERY)
    if "error" in answer:
        raise Invalid.at("body.url", answer["error"])
    return answer
