"""Banks: the register, by any name."""

from api.resources.banks.routes import router

__all__ = ["router"]
