"""When a source is asked again: a table of cases, and what holds for all."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.schedule import Limits, Wishes, after_failure, after_success, first_rhythm, interval, new_rhythm

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
USUAL = Limits(shortest=2 * MINUTE, longest=6 * HOUR)
DAILY = Limits(shortest=2 * MINUTE, longest=6 * HOUR, fixed=DAY)
TENTH = 0.1001  # jitter

seconds = st.floats(0, 1e7)
limits = st.builds(Limits, shortest=st.floats(1, 1e5), longest=st.floats(1, 1e6), fixed=st.none() | st.floats(1, 1e6))
wishes = st.builds(Wishes, ttl=seconds, retry_after=seconds, max_age=seconds, expires=seconds)


@pytest.mark.parametrize(
    ("rhythm", "silence", "expected"),
    [
        (None, 0, 2 * MINUTE),  # nothing is known yet
        (30, 0, 2 * MINUTE),  # more often than it may be asked
        (20 * MINUTE, 0, 10 * MINUTE),  # twice for each article
        (20 * MINUTE, 60 * MINUTE, 10 * MINUTE),
        (20 * MINUTE, 8 * HOUR, HOUR),  # a night: an eighth of the silence
        (20 * MINUTE, 30 * DAY, 6 * HOUR),
        (7 * DAY, 0, 6 * HOUR),  # a weekly is asked four times a day
    ],
)
def test_the_interval_follows_the_rhythm_within_its_limits(
    rhythm: float | None, silence: float, expected: float
) -> None:
    assert interval(USUAL, rhythm, silence) == expected
    assert interval(DAILY, rhythm, silence) == DAY  # a fixed one overrules


@pytest.mark.parametrize(
    ("wishes", "least"),
    [
        (Wishes(), 2 * MINUTE * (1 - TENTH)),
        (Wishes(ttl=HOUR), HOUR),
        (Wishes(ttl=HOUR, retry_after=2 * HOUR, max_age=3 * HOUR, expires=4 * HOUR), 4 * HOUR),
        (Wishes(max_age=3 * HOUR, expires=MINUTE), 3 * HOUR),
        (Wishes(retry_after=DAY), 6 * HOUR),  # at most the longest interval
    ],
)
def test_the_next_check_is_the_largest_of_what_is_asked_for(wishes: Wishes, least: float) -> None:
    for _ in range(20):
        assert least <= after_success(USUAL, wishes) <= max(least * 1.25, 6 * HOUR * (least > 5 * HOUR))


def test_a_fixed_interval_overrules_all_but_a_wish_to_be_left_alone() -> None:
    fixed = Limits(shortest=2 * MINUTE, longest=6 * HOUR, fixed=10 * MINUTE)
    assert after_success(fixed, Wishes(ttl=5 * HOUR, max_age=5 * HOUR, expires=5 * HOUR)) <= 11 * MINUTE
    assert after_success(fixed, Wishes(retry_after=HOUR)) >= HOUR


@given(limits, wishes, st.none() | seconds, seconds)
def test_no_pause_is_shorter_than_the_shortest_or_longer_than_the_longest(
    limits: Limits, wishes: Wishes, rhythm: float | None, silence: float
) -> None:
    pause = after_success(limits, wishes, rhythm=rhythm, silence=silence)
    assert (limits.fixed or limits.shortest) * (1 - TENTH) <= pause <= limits.most


@given(limits, wishes)
def test_what_a_source_asks_for_is_never_undercut(limits: Limits, wishes: Wishes) -> None:
    asked = wishes.retry_after if limits.fixed else max(wishes.ttl, wishes.retry_after, wishes.max_age, wishes.expires)
    assert after_success(limits, wishes) >= min(asked, limits.most)
    assert after_failure(limits, failures=1, retry_after=asked) >= min(asked, limits.most)


@given(limits, st.integers(1, 10_000))
def test_failures_are_asked_ever_less_often_and_never_given_up(limits: Limits, failures: int) -> None:
    base = limits.fixed or limits.shortest
    pause = after_failure(limits, failures=failures)
    assert min(base * 2.0 ** min(failures - 1, 16), limits.most) * (1 - TENTH) <= pause <= limits.most


def test_sources_that_were_added_together_do_not_stay_together() -> None:
    assert len({after_success(USUAL, rhythm=HOUR) for _ in range(50)}) > 40


@given(st.none() | st.floats(1, 1e6), st.integers(1, 500), st.floats(1, 1e7))
def test_the_rhythm_moves_towards_what_was_seen_and_not_beyond(
    rhythm: float | None, articles: int, elapsed: float
) -> None:
    seen = elapsed / articles
    now = new_rhythm(rhythm, articles=articles, elapsed=elapsed)
    assert now is not None
    before = seen if rhythm is None else rhythm
    assert min(before, seen) * 0.999 <= now <= max(before, seen) * 1.001


def test_the_rhythm_of_a_steady_source_is_found_and_a_pause_does_not_end_it() -> None:
    rhythm = None
    for _ in range(30):
        rhythm = new_rhythm(rhythm, articles=2, elapsed=20 * MINUTE)
    assert rhythm == pytest.approx(10 * MINUTE)
    assert new_rhythm(rhythm, articles=0, elapsed=8 * HOUR) == rhythm
    after_the_night = new_rhythm(rhythm, articles=3, elapsed=8 * HOUR)
    assert after_the_night is not None
    for _ in range(20):
        after_the_night = new_rhythm(after_the_night, articles=1, elapsed=10 * MINUTE)
    assert after_the_night == pytest.approx(10 * MINUTE, rel=0.2)


def test_a_first_body_tells_its_rhythm_by_its_times() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    hourly = [noon - timedelta(hours=hours) for hours in (0, 1, 2, 3, 30)]
    assert first_rhythm(hourly) == HOUR
    assert first_rhythm(hourly[:2]) is None  # two tell nothing
    assert first_rhythm([noon] * 5) is None  # nor do times that are all the same


def test_the_errors_of_a_source_end_with_its_first_answer() -> None:
    assert after_failure(USUAL, failures=9) > 5 * HOUR
    assert after_success(USUAL) < 3 * MINUTE
