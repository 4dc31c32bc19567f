"""The activity index: how lively the financing of each strategic emerging industry is, quarter by quarter.

docs/index.md tells the method.
"""

from api.resources.index.routes import router

__all__ = ["router"]
