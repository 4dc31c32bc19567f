"""Watchlists: what a subscriber watches, and where to send it."""

from api.resources.watchlists.routes import router

__all__ = ["router"]
