"""The state of the chain, asked of the rows themselves: what /metrics shows and /v1/health judges.

Nothing is counted in memory: any process can tell, and a restart forgets nothing. Open rows are found through their
partial indexes, recent ones by the primary key (a UUIDv7 begins with its time), so that history costs nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import extract, false, func, literal_column, not_, select, text
from sqlalchemy.orm import Session

from core import database
from core.clock import first_id, now
from core.models import Article, Notice, Retention
from core.work import STEPS, Step

OUTCOME_WINDOW = timedelta(hours=1)
LAG_WINDOW = timedelta(minutes=15)
QUANTILES = (0.5, 0.95)

# What a canary adds to a step's rows: it tells whether the step moves, but it is no news and is not counted.
_CANARY = {"extract": Article.canary, "match": Notice.kind == "canary", "digest": false(), "deliver": false()}


@dataclass(frozen=True)
class StepState:
    """One step: open rows that are no canaries, and the age in seconds of the oldest that is due (0: none is)."""

    open: int
    oldest: float


def step_state(session: Session, step: Step) -> StepState:
    """How much waits at `step`, and for how long."""
    rows, is_open = step.rows, step.rows.state == literal_column("'open'")  # as the partial index says it
    waiting = select(func.count()).select_from(rows).where(is_open, not_(_CANARY[step.name]))
    age = select(extract("epoch", func.now() - func.min(rows.due_at))).where(is_open)
    row = session.execute(select(waiting.scalar_subquery(), age.scalar_subquery())).one()
    return StepState(int(row[0]), max(0.0, float(row[1] or 0)))


def outcomes(session: Session, step: Step, window: timedelta = OUTCOME_WINDOW) -> dict[str, int]:
    """Rows of `step` made within `window`, canaries left out, counted by state (open, done, failed)."""
    rows = step.rows
    recent = (rows.id >= first_id(now() - window)) & not_(_CANARY[step.name])
    counted = session.execute(select(rows.state, func.count()).where(recent).group_by(rows.state))
    return {"open": 0, "done": 0, "failed": 0} | {str(row[0]): int(row[1]) for row in counted}


def events_seen(session: Session, window: timedelta = OUTCOME_WINDOW) -> int:
    """Events first seen within `window`."""
    found = session.scalar(text("SELECT count(*) FROM event WHERE first_seen >= :since"), {"since": now() - window})
    return int(found or 0)


def delivery_lags(session: Session, window: timedelta = LAG_WINDOW) -> list[float]:
    """Seconds from collecting an article to its alert's arrival, at QUANTILES, for alerts made within `window`.

    Empty where none arrived.
    """
    found = session.scalar(
        text(
            "SELECT percentile_cont(CAST(:quantiles AS float8[])) WITHIN GROUP "
            "(ORDER BY extract(epoch FROM d.delivered_at - a.fetched_at)) "
            "FROM delivery d JOIN article a ON a.id = d.article_id WHERE d.id >= :first AND d.delivered_at IS NOT NULL"
        ),
        {"quantiles": list(QUANTILES), "first": first_id(now() - window)},
    )
    return [float(value) for value in found] if found else []


def canary_seen(session: Session) -> datetime | None:
    """When a canary article last reached the end of the chain."""
    found: datetime | None = session.scalar(
        text(
            "SELECT max(n.done_at) FROM article a JOIN notice n ON n.article_id = a.id AND n.event_id IS NULL "
            "WHERE a.canary AND n.kind = 'canary' AND n.state = 'done'"
        )
    )
    return found


def sources(session: Session) -> list[Any]:
    """Rows (id, name, age of the last success in seconds or None, failures in a row) of the sources in use."""
    return list(
        session.execute(
            text(
                "SELECT id, name, extract(epoch FROM now() - coalesce(last_success_at, created_at)), failures "
                "FROM source WHERE enabled ORDER BY created_at"
            )
        )
    )


class Chain(Collector):
    """A Prometheus collector that asks the database at each scrape."""

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: registering asks no database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """All metrics of the chain; a database that is away leaves only `yinqi_database_up 0`."""
        up = GaugeMetricFamily("yinqi_database_up", "Whether the database answered this scrape")
        try:
            with Session(database.engine()) as session:
                found = [*_work(session), *_events(session), *_arrivals(session), *_sources(session)]
                found += _retention(session)
        except Exception:  # a scrape must answer in any case; what is wrong shows as the metric
            found = []
        up.add_metric([], 1 if found else 0)
        yield up
        yield from found


def _work(session: Session) -> Iterator[Metric]:
    waiting = GaugeMetricFamily("yinqi_open_rows", "Rows that wait to be worked off", labels=["step"])
    oldest = GaugeMetricFamily(
        "yinqi_oldest_open_seconds", "Time since the oldest open row of a step was due", labels=["step"]
    )
    recent = GaugeMetricFamily(
        "yinqi_rows_last_hour", "Rows made in the last hour, by what became of them", labels=["step", "state"]
    )
    for step in STEPS:
        state = step_state(session, step)
        waiting.add_metric([step.name], state.open)
        oldest.add_metric([step.name], state.oldest)
        for outcome, count in outcomes(session, step).items():
            recent.add_metric([step.name, outcome], count)
    yield from (waiting, oldest, recent)


def _events(session: Session) -> Iterator[Metric]:
    yield GaugeMetricFamily("yinqi_events_last_hour", "Events first seen in the last hour", value=events_seen(session))


def _arrivals(session: Session) -> Iterator[Metric]:
    lag = GaugeMetricFamily(
        "yinqi_delivery_lag_seconds",
        "Time from collecting an article to its alert's arrival, over the last 15 minutes",
        labels=["quantile"],
    )
    for quantile, value in zip(QUANTILES, delivery_lags(session), strict=False):
        lag.add_metric([str(quantile)], value)
    canary = GaugeMetricFamily("yinqi_canary_age_seconds", "Time since a canary last reached the end of the chain")
    seen = canary_seen(session)
    if seen is not None:
        canary.add_metric([], (now() - seen).total_seconds())
    yield from (lag, canary)


def _sources(session: Session) -> Iterator[Metric]:
    labels = ["source", "name"]
    age = GaugeMetricFamily("yinqi_source_age_seconds", "Time since a source was last read", labels=labels)
    failures = GaugeMetricFamily("yinqi_source_failures", "Polls of a source that failed in a row", labels=labels)
    for source_id, name, seconds, failed in sources(session):
        age.add_metric([str(source_id), name], max(0.0, float(seconds)))
        failures.add_metric([str(source_id), name], failed)
    yield from (age, failures)


def _retention(session: Session) -> Iterator[Metric]:
    gone = CounterMetricFamily("yinqi_forgotten_rows_total", "Rows that went after their time", labels=["kind"])
    age = GaugeMetricFamily(
        "yinqi_retention_age_seconds", "Time since nothing of a kind of row was over its time", labels=["kind"]
    )
    for row in session.scalars(select(Retention).order_by(Retention.kind)):
        gone.add_metric([row.kind], row.gone)
        age.add_metric([row.kind], max(0.0, (now() - (row.settled_at or row.begun_at)).total_seconds()))
    yield from (gone, age)


def registry() -> CollectorRegistry:
    """The chain's metrics and this process's own (memory, time, files, garbage)."""
    made = CollectorRegistry(auto_describe=False)
    made.register(Chain())
    ProcessCollector(registry=made)
    GCCollector(registry=made)
    return made


def exposition() -> bytes:
    """Everything in Prometheus' text format."""
    return generate_latest(_REGISTRY)


_REGISTRY = registry()
