"""Which alerts must come of the samples, and what is missing, wrong or too much in those that came. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from cli.demo.mailbox import Mail
from core.names import fold
from seeds.samples import Expected, Sample

_TAG = re.compile(r"<[^<>]*>")  # facts are marked within a quote


@dataclass(frozen=True)
class Wanted:
    """One event that must be told once, however many samples tell it."""

    sample: str
    event: Expected

    def __str__(self) -> str:
        event = self.event
        amount = "" if event.amount_min is None and event.amount_max is None else f", {_amount(event)}"
        return f"{self.sample}: {event.bank} → {event.firm or event.firm_description} ({event.instrument}{amount})"

    def is_told_by(self, told: Mapping[str, Any]) -> bool:
        """Whether the event of an alert is this one, in every field that the sample states."""
        event, amount = self.event, told["amount"] or {}
        sums = (amount.get("min"), amount.get("max"), amount.get("currency"))
        stated = event.amount_min is not None or event.amount_max is not None
        wanted = (event.amount_min, event.amount_max, event.currency) if stated else (None, None, None)
        same = (told["bank"]["name"], told["instrument"], sums) == (event.bank, event.instrument, wanted)
        return same and self._is_firm_of(told)

    def _is_firm_of(self, told: Mapping[str, Any]) -> bool:
        if self.event.firm is None:
            return told["firm"] is None
        if told["firm"] is None:
            return False
        ours = {fold(name) for name in (self.event.firm, *self.event.firm_aliases)}
        return not ours.isdisjoint(fold(name) for name in (told["firm"]["name"], *told["firm"]["aliases"]))


def wanted(samples: Iterable[Sample]) -> list[Wanted]:
    """The events of `samples`, one for a story that several of them tell."""
    found: dict[object, Wanted] = {}
    for sample in sorted(samples, key=lambda sample: sample.id):
        for event in sample.expected:
            firm = None if sample.story else event.firm or event.firm_description  # tellings differ in the name
            money = (event.amount_min, event.amount_max, event.currency)
            found.setdefault(
                (sample.story or sample.id, event.bank, firm, event.instrument, money), Wanted(sample.id, event)
            )
    return list(found.values())


def last_told(alerts: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The events of the alerts by id, each as its highest version tells it."""
    events: dict[str, dict[str, Any]] = {}
    for alert in alerts:
        event = alert["data"].get("event")
        if event and event["version"] >= events.get(event["id"], event)["version"]:
            events[event["id"]] = event
    return events


def faults(wants: Sequence[Wanted], alerts: Sequence[Mapping[str, Any]], mails: Sequence[Mail]) -> list[str]:
    """What is not as it must be, one line each; empty where all is well."""
    events = last_told(alerts)
    found, left = [], dict(events)
    for want in wants:
        match = next((name for name, event in left.items() if want.is_told_by(event)), None)
        if match is None:
            found.append(f"no webhook told {want}")
        else:
            found += _mail_faults(want, left.pop(match), mails)
    found += [f"a webhook told what no sample holds: {_shown(event)}" for event in left.values()]
    return found + _doubled(alerts)


def _doubled(alerts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Two alerts with different ids that tell the same version of the same event."""
    told = [(a["data"]["event"]["id"], a["data"]["event"]["version"]) for a in alerts if "event" in a["data"]]
    return [
        f"event {name} version {version} was told twice"
        for name, version in set(told)
        if told.count((name, version)) > 1
    ]


def _mail_faults(want: Wanted, event: Mapping[str, Any], mails: Sequence[Mail]) -> list[str]:
    about = [mail for mail in mails if f"/events/{event['id']}" in mail.text]
    if not about:
        return [f"no e-mail told {want}"]
    if len(about) > event["version"]:
        return [f"{len(about)} e-mails with different ids told {want}"]
    firm = event["firm"]["name"] if event["firm"] else event["firm_description"] or ""
    words = [event["bank"]["name"], firm, *(row["quote"] for row in event["evidence"][:1])]
    if any(_holds(mail.text, words) and _holds(unescape(_TAG.sub("", mail.html)), words) for mail in about):
        return []
    return [f"the e-mail about {want} lacks its bank, firm or quote"]


def _holds(text: str, words: Iterable[str]) -> bool:
    """Whether every one of `words` stands in `text`, white space aside."""
    return all("".join(word.split()) in "".join(text.split()) for word in words)


def _amount(event: Expected) -> str:
    low, high = event.amount_min, event.amount_max
    return f"{event.currency} {low}" if low == high else f"{event.currency} {low or ''}–{high or ''}"


def _shown(event: Mapping[str, Any]) -> str:
    firm = event["firm"]["name"] if event["firm"] else event["firm_description"]
    return f"{event['bank']['name']} → {firm} ({event['instrument']}, {event['amount']})"
