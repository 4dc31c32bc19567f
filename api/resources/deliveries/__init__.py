"""Deliveries: the log of what was sent where, with every attempt."""

from api.resources.deliveries.routes import router

__all__ = ["router"]
