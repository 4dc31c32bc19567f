"""The door: `uvicorn api.app:app`."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api import errors, openapi
from api.dashboard import door as dashboard
from api.frame import Frame
from api.limits import Limits
from api.resources import ROUTERS
from core import database, garbage, logging

SUMMARY = "Which bank financed which tech firm, with what instrument, how much and when: history and alerts"


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Logs in our form from the first line; no connection is left behind."""
    logging.configure("api")
    database.serve_questions()
    gc.collect()
    garbage.look_seldom(10_000)  # what a request makes dies with it, nearly all of it by itself
    yield
    if database.engine.cache_info().currsize:
        database.engine().dispose()


def _written() -> list[str]:
    """The paths in which nothing varies (api/body.py)."""
    return [route.path for router in ROUTERS for route in router.routes if "{" not in route.path]  # type: ignore[attr-defined]


def make() -> FastAPI:
    """The application."""
    made = FastAPI(
        title="Yinqi",
        version="0.1.0",
        summary=SUMMARY,
        lifespan=lifespan,
        redirect_slashes=False,
        responses=openapi.PROBLEMS,
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
    )
    for router in ROUTERS:  # before the dashboard's pages: programs ask more often, and routes are tried in their order
        made.include_router(router)
    made.add_middleware(Limits)
    dashboard.install(made)
    made.add_middleware(Frame)  # what is added last is met first
    errors.install(made)
    made.state.written = frozenset(_written())
    openapi.install(made)
    return made


app = make()
