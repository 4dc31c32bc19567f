"""Events: who financed whom, filtered, paged, and with each version."""

from api.resources.events.routes import router

__all__ = ["router"]
