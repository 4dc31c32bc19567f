"""When Python looks for garbage: seldom, never through what was there before the work began, and between two articles
rather than amid one, for which somebody waits."""

import gc

OF_AN_ARTICLE = 20_000
"""Objects that reading an article makes, nearly all of which die by themselves."""
_WORTH_IT = 2_000  # new objects left, from which on they are looked through; an article leaves some 1,200


def look_seldom(after: int) -> None:
    """Look only after so many new objects; what is there by now is no garbage, and is not looked through again."""
    gc.freeze()
    gc.set_threshold(after, 10, 10)


def look_between() -> None:
    """Look through what is new, and as often as Python would by itself through what is older."""
    counts, most = gc.get_count(), gc.get_threshold()
    if counts[0] >= _WORTH_IT:
        gc.collect(next((age for age in (2, 1) if counts[age] > most[age]), 0))
