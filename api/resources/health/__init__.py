"""Whether the process, what it needs, and the whole chain are well."""

from api.resources.health.routes import router

__all__ = ["router"]
