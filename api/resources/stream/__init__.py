"""The live stream: each version of an event that is told as news, to everyone who listens, as it is told.

The rows of `news` (core/news.py) are the truth, and a number of theirs is where a listener stands. `hub` looks at them
for all listeners of this process at once and keeps the latest; `wanted` says who wants which; `send` is one listener's
connection. A page of the dashboard listens by an `EventStream` of its own, with a gate and a rendering of its own.
"""

from api.resources.stream.hub import close_all
from api.resources.stream.routes import router
from api.resources.stream.send import EventStream
from api.resources.stream.wanted import Wanted

__all__ = ["EventStream", "Wanted", "close_all", "router"]
