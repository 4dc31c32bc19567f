"""Regional and sector figures as time series: what a region's banks lend to a class of firms, as articles tell it."""

from api.resources.indicators.routes import router

__all__ = ["router"]
