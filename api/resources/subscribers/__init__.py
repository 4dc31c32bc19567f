"""Subscribers: oneself, and (for the operator) all; each can be deleted with all that is private."""

from api.resources.subscribers.routes import router

__all__ = ["router"]
