"""When a list may be told and when its digests are due, whatever the zone and however its clocks are put."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.hours import Window, is_open, opens
from alerts.rhythm import end_of_day, end_of_hour, end_of_week
from alerts.wall import reached, zone_of

ZONES = [
    ZoneInfo(name)
    for name in (
        "Asia/Shanghai",
        "Asia/Kolkata",  # half an hour off
        "America/New_York",
        "Europe/Berlin",
        "Australia/Lord_Howe",  # clocks are put by half an hour
        "America/Santiago",  # clocks are put forward at midnight: a day without 00:00
        "Pacific/Apia",
    )
]
few = settings(max_examples=30, deadline=None)
MINUTE = timedelta(minutes=1)
zones = st.sampled_from(ZONES)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
days = st.integers(1, 7)
windows = st.builds(
    lambda days, begins, until: {"days": sorted(days), "from": f"{begins:%H:%M}", "until": until},
    st.sets(days, min_size=1),
    times,
    times.map(lambda at: f"{at:%H:%M}") | st.just("24:00"),
).filter(lambda window: window["from"] != window["until"])
hours = st.lists(windows, min_size=1, max_size=3)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@few
@given(moments, zones)
def test_an_hourly_digest_is_due_at_the_next_full_hour_of_the_clock(moment: datetime, zone: ZoneInfo) -> None:
    end = end_of_hour(moment, zone)
    assert moment < end <= moment + timedelta(minutes=90)  # 90 where the clock is put by half an hour
    assert end.astimezone(zone).minute == end.astimezone(zone).second == 0
    assert end_of_hour(end - timedelta(microseconds=1), zone) == end


@few
@given(moments, zones, times)
def test_every_moment_has_one_daily_digest_and_every_day_of_the_clock_has_one(
    moment: datetime, zone: ZoneInfo, due: time
) -> None:
    ends = [end_of_day(moment, zone, due)]
    while len(ends) < 200:
        ends.append(end_of_day(ends[-1], zone, due))
    assert moment < ends[0]
    assert end_of_day(ends[1] - timedelta(microseconds=1), zone, due) == ends[1]
    gaps = {after - before for before, after in pairwise(ends)}
    assert gaps <= {timedelta(minutes=minutes) for minutes in range(22 * 60, 26 * 60 + 1)}
    shown = [end.astimezone(zone) for end in ends]
    assert len({one.date() for one in shown}) == len(ends)  # no day twice; and no gap holds a whole day
    assert sum(one.time() != due for one in shown) <= 2  # on the day on which the clock is put forward over it


@few
@given(moments, zones, times, days)
def test_a_weekly_digest_comes_once_a_week_on_its_day(moment: datetime, zone: ZoneInfo, due: time, day: int) -> None:
    end = end_of_week(moment, zone, due, day)
    assert moment < end <= moment + timedelta(days=7, hours=1)
    assert end.astimezone(zone).isoweekday() == day
    daily = [end_of_day(moment, zone, due)]
    while daily[-1] < end:
        daily.append(end_of_day(daily[-1], zone, due))
    assert daily[-1] == end and len(daily) <= 8


@few
@given(moments, zones, hours)
def test_what_waits_for_the_hours_goes_out_at_the_first_moment_of_them(
    moment: datetime, zone: ZoneInfo, windows: list[Window]
) -> None:
    moment = moment.replace(second=0, microsecond=0)
    first = opens(windows, zone, moment)
    assert first >= moment and is_open(windows, zone, first)
    looked = max(moment, first - timedelta(hours=8))
    while looked < first:
        assert not is_open(windows, zone, looked)
        looked += MINUTE


@pytest.mark.parametrize(
    ("local", "open_"),
    [
        ("2026-03-02T08:29:59", False),  # a Monday
        ("2026-03-02T08:30", True),
        ("2026-03-02T17:59:59", True),
        ("2026-03-02T18:00", False),
        ("2026-03-07T12:00", False),
    ],
)
def test_working_hours_end_where_they_say(local: str, open_: bool) -> None:
    window = {"days": [1, 2, 3, 4, 5], "from": "08:30", "until": "18:00"}
    assert is_open([window], ZONES[0], at(local, "Asia/Shanghai")) is open_


def test_a_window_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    friday_night = [{"days": [5], "from": "22:00", "until": "06:00"}]
    for local, open_ in (("2026-03-06T21:59", 0), ("2026-03-06T22:00", 1), ("2026-03-07T05:59", 1), ("2026-03-07T06:00", 0), ("2026-03-06T03:00", 0)):  # fmt: skip # noqa: E501
        assert is_open(friday_night, ZONES[0], at(local, "Asia/Shanghai")) is bool(open_)
    assert opens(friday_night, ZONES[0], at("2026-03-07T06:00", "Asia/Shanghai")) == at("2026-03-13T14:00")


def test_a_whole_day_ends_at_24_00() -> None:
    weekend = [{"days": [6, 7], "from": "00:00", "until": "24:00"}]
    assert is_open(weekend, ZONES[0], at("2026-03-08T23:59:59", "Asia/Shanghai"))
    assert not is_open(weekend, ZONES[0], at("2026-03-09T00:00", "Asia/Shanghai"))


def test_without_hours_a_list_is_always_told() -> None:
    moment = at("2026-03-02T03:00")
    assert is_open(None, ZONES[0], moment) and opens(None, ZONES[0], moment) == moment


def test_a_time_that_the_clock_skips_is_reached_when_it_is_put_forward() -> None:
    skipped = at("2026-03-08T07:00")  # 02:00 in New York becomes 03:00
    new_york = ZoneInfo("America/New_York")
    assert reached(datetime(2026, 3, 8).date(), time(2, 30), new_york) == skipped
    assert end_of_day(at("2026-03-08T06:00"), new_york, time(2, 30)) == skipped
    assert end_of_day(skipped, new_york, time(2, 30)) == at("2026-03-09T06:30")


def test_a_time_that_the_clock_shows_twice_is_one_digest() -> None:
    new_york = ZoneInfo("America/New_York")
    first = end_of_day(at("2026-11-01T04:00"), new_york, time(1, 30))
    assert first == at("2026-11-01T05:30")
    assert end_of_day(first, new_york, time(1, 30)) == at("2026-11-02T06:30")


@pytest.mark.parametrize("name", ["Asia/Peking", "", "../../etc/passwd", "UTC\0", "Asia"])
def test_an_unknown_zone_is_named(name: str) -> None:
    with pytest.raises(ValueError, match="no time zone is called"):
        zone_of(name)
