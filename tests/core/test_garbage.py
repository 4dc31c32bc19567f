"""Garbage is looked for between two pieces of work, once enough is new, and in the order of its age."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from celery import signals

from core import garbage
from core.celery_app import app


class Knot:
    """What only a look finds to be garbage."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _by_hand() -> Iterator[None]:
    """No look but those that the test has made, through nothing but what it makes."""
    before = gc.get_threshold()
    gc.collect()
    gc.set_threshold(1_000_000, 10, 10)
    gc.freeze()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def knots(count: int) -> weakref.ref[Knot]:
    made = [Knot() for _ in range(count)]
    return weakref.ref(made[0])


def test_garbage_goes_once_there_is_enough_that_is_new() -> None:
    few = knots(10)
    garbage.look_between()
    assert few() is not None
    many = knots(5_000)
    garbage.look_between()
    assert (few(), many()) == (None, None)


def test_what_grew_old_before_it_was_garbage_goes_too() -> None:
    kept = [Knot() for _ in range(10)]
    old = weakref.ref(kept[0])
    for _ in range(3):  # it was looked at while it was needed
        knots(5_000)
        garbage.look_between()
    kept.clear()
    for _ in range(200):
        knots(5_000)
        garbage.look_between()
    assert old() is None


def test_workers_look_after_each_task() -> None:
    assert app.main == "yinqi"  # whose module connects it
    left = knots(5_000)
    signals.task_postrun.send(sender=None)
    assert left() is None
