"""The network of banks and firms: who financed whom, and who recommended whom, as nodes and edges."""

from api.resources.network.routes import router

__all__ = ["router"]
