"""What the demo shows: a progress line while work goes on, then a table of the alerts."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from rich.table import Table

from alerts import wording


class Progress(NamedTuple):
    """How far the chain is."""

    articles: int
    of_articles: int
    events: int
    webhooks: int
    mails: int
    of_alerts: int

    def __str__(self) -> str:
        return (
            f"articles {self.articles}/{self.of_articles} · events {self.events} · "
            f"webhooks {self.webhooks}/{self.of_alerts} · e-mails {self.mails}/{self.of_alerts}"
        )


def table(events: Iterable[Mapping[str, Any]]) -> Table:
    """The events as a reader wants them."""
    shown = Table(title="Alerts", show_lines=False, expand=True)
    for name, ratio in (
        ("银行", 3),
        ("企业", 4),
        ("工具", 3),
        ("金额", 3),
        ("时间", None),
        ("置信度", None),
        ("原文", 9),
    ):
        shown.add_column(name, ratio=ratio, overflow="fold", no_wrap=ratio is None)
    instruments = wording.words()["instrument"]
    for event in sorted(events, key=lambda event: (event["bank"]["name"], event["date"] or "")):
        shown.add_row(
            event["bank"]["name"],
            wording.firm_name(dict(event)),
            instruments.get(event["instrument"], event["instrument"]),
            wording.amount_words(event["amount"]) or "–",
            event["date"] or "–",
            f"{event['confidence']:.2f}",
            event["evidence"][0]["quote"] if event["evidence"] else "",
        )
    return shown
