"""API keys: their owners' to make, with no more than they may do themselves, and to revoke."""

from api.resources.keys.routes import router

__all__ = ["router"]
