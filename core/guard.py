"""A round of the scheduler's work that may fail without stopping what comes after it."""

from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger(__name__)


def guarded(duty: str, act: Callable[[], int]) -> int:
    """How much `act` did (0 where it failed): whatever it raises is told under the duty's name and met again later."""
    try:
        return act()
    except SQLAlchemyError as error:
        log.warning("scheduler.database_unreachable", duty=duty, error=str(error).splitlines()[0])
    except Exception:
        log.exception("scheduler.error", duty=duty)
    return 0
