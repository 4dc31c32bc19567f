"""How often an address may fail to sign in. A key cannot be guessed; this keeps guessing from costing us anything.

Counted in this process alone: with several, an address may fail so often at each.
"""

import math
import time
from collections import OrderedDict, deque

MOST = 10  # failures of one address within WINDOW
WINDOW = 60.0  # seconds
_ADDRESSES = 10_000  # that are remembered, the last ones


class Failures:
    """The moments at which addresses failed."""

    def __init__(self) -> None:
        self._moments: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, address: str) -> int:
        """Seconds until `address` may try again, 0 for now."""
        moments, now = self._moments.get(address), time.monotonic()
        if moments is None or len(moments) < MOST:
            return 0
        return max(0, math.ceil(moments[0] + WINDOW - now))

    def add(self, address: str) -> None:
        """It failed."""
        moments = self._moments.setdefault(address, deque(maxlen=MOST))
        moments.append(time.monotonic())
        self._moments.move_to_end(address)
        while len(self._moments) > _ADDRESSES:
            self._moments.popitem(last=False)

    def forget(self, address: str) -> None:
        """It succeeded."""
        self._moments.pop(address, None)


failures = Failures()
