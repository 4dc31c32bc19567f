"""Hangs the dashboard into the application."""

from fastapi import FastAPI, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.dashboard import assets, problems
from api.dashboard.pages import PAGES


class _LostReaders:
    """ASGI middleware: who looks with a browser for what is not there is told so by a page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and problems.wants_page(request := Request(scope)):
            problems.draw_pages(request)
        await self._app(scope, receive, send)


def install(app: FastAPI) -> None:
    """Serve the pages and what they are made of."""
    app.state.pages = PAGES
    app.add_middleware(_LostReaders)
    app.include_router(assets.router)
    for page in PAGES:
        app.include_router(page.router)
