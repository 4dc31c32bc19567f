"""Articles: what was collected, what was read in each, and the way in for pushed text."""

from api.resources.articles.routes import router

__all__ = ["router"]
