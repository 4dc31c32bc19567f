"""When Python looks for garbage: seldom, and never through what was there before the work began."""

import gc

OF_AN_ARTICLE = 20_000
"""Objects that reading an article makes, nearly all of which die by themselves."""


def look_seldom(after: int) -> None:
    """Look only after so many new objects; what is there by now is no garbage, and is not looked through again."""
    gc.freeze()
    gc.set_threshold(after, 10, 10)
