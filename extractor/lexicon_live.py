"""The running worker's lexicon: read from the registers, and anew within seconds when they or watchlists change."""

import time
from dataclasses import dataclass

import structlog
from sqlalchemy.orm import Session

from extractor import store
from extractor.lexicon import Lexicon

log = structlog.get_logger(__name__)
CHECK_EVERY = 1.0  # seconds between two looks whether something changed


@dataclass
class _Held:
    change: int
    checked: float
    lexicon: Lexicon


_held: _Held | None = None


def current(session: Session) -> Lexicon:
    """The lexicon in force, at most `CHECK_EVERY` seconds behind the registers."""
    global _held
    moment = time.monotonic()
    if _held and moment - _held.checked < CHECK_EVERY:
        return _held.lexicon
    change = store.lexicon_change(session)
    if _held is None or _held.change != change:
        banks, firms, watched = store.registers(session)
        _held = _Held(change, moment, Lexicon.build(banks, firms, watched))
        log.info("lexicon.loaded", banks=len(banks), firms=len(firms), milliseconds=_since(moment))
    _held.checked = moment
    return _held.lexicon


def forget() -> None:
    """Read the registers anew at the next article."""
    global _held
    _held = None


def _since(moment: float) -> int:
    return int((time.monotonic() - moment) * 1000)
