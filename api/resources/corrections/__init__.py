"""Corrections: what the operator found when an event was looked at by hand; the machine leaves it alone."""

from api.resources.corrections.routes import router

__all__ = ["router"]
