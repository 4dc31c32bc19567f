"""Previews: what an address would give as a source, found by ingest, which alone reaches outside."""

from api.resources.previews.routes import router

__all__ = ["router"]
