"""Sources: where articles come from, and what could not be read there."""

from api.resources.sources.routes import router

__all__ = ["router"]
