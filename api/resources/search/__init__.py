"""Search: articles and events by any piece of their text."""

from api.resources.search.routes import router

__all__ = ["router"]
