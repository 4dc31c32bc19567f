"""Firms: those of the register and those that an article proved, by any name."""

from api.resources.firms.routes import router

__all__ = ["router"]
