"""What happens to a row between its claim and the work on it."""

from collections.abc import Callable
from typing import Any

from core import work


def claimed_and_then(happens: Callable[[], object]) -> Callable[..., work.Claim]:
    """How to claim a row, to be given to `core.work.attempt`, so that this happens before the work begins."""

    def claiming(*given: Any, **more: Any) -> work.Claim:
        claimed = work.claiming(*given, **more)

        def answer() -> Any:
            row = claimed()
            happens()
            return row

        return answer

    return claiming
