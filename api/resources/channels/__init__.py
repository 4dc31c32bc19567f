"""Channels: the places that alerts are sent to; their kinds come from the catalogue of the alerts service."""

from api.resources.channels.routes import router

__all__ = ["router"]
