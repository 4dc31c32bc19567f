"""What `/healthz`, `/readyz` and `/v1/health` answer."""

from typing import Literal

from api.schemas import Moment, Out, examples


class Alive(Out):
    """The process answers."""

    status: Literal["ok"]


class Ready(Out):
    """Each thing that the API needs, `ok` or what is wrong with it."""

    status: Literal["ok", "unavailable"]
    database: str
    broker: str


class StepHealth(Out):
    """One step of the chain: rows that wait, and for how many seconds the oldest that is due has waited.

    `failed` counts the rows of the last day that were given up.
    """

    open: int
    oldest_seconds: float
    failed: int


class CanaryHealth(Out):
    """When a canary article last came through the chain; null where none did or none is sent."""

    seen_at: Moment | None
    age_seconds: float | None


class Health(Out):
    """The state of the chain; red comes with its reasons."""

    model_config = examples(
        {
            "status": "green",
            "reasons": [],
            "canary": {"seen_at": "2026-03-01T16:30:00.000Z", "age_seconds": 12.5},
            "steps": {
                "extract": {"open": 0, "oldest_seconds": 0, "failed": 0},
                "match": {"open": 0, "oldest_seconds": 0, "failed": 0},
                "deliver": {"open": 1, "oldest_seconds": 0, "failed": 0},
            },
        }
    )

    status: Literal["green", "red"]
    reasons: list[str]
    canary: CanaryHealth
    steps: dict[str, StepHealth]
