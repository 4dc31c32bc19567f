"""Articles in which stands what a watchlist names, past ones too."""

from api.resources.watched.routes import router

__all__ = ["router"]
