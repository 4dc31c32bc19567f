"""What the pages of a watchlist's form do before and after it is kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, get_args
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy.orm import Session

from api.dashboard import backtests, finder, refusals, values, watchlist_form
from api.dashboard.deps import Visitor
from api.dashboard.finder import Found
from api.dashboard.rendering import render
from api.dashboard.watchlist_form import FINDERS, LINES, UNITS, WatchlistForm
from api.dashboard.wording import Words, language_of, words
from api.errors import Invalid, not_found
from api.pagination import PageQuery
from api.resources.banks import store as banks
from api.resources.channels import store as channels
from api.resources.firms import store as firms
from api.resources.watchlists.backtest import BacktestIn, DraftIn, of_draft, of_saved
from api.resources.watchlists.times import Rhythm
from core.clock import now
from core.instruments import INSTRUMENTS
from core.models import Watchlist
from core.views import CONTRACT
from core.watching import TRIGGERS

MOST_CHANNELS = 200
_EXCLUSIONS = tuple(f"exclude_{one}" for one in (*LINES, "sectors", "instruments"))
_HOURS = ("hours", "hours_days", "hours_from", "hours_until")
RARER = {
    "wider": ("regions", "words", "sectors", "logic"),
    "narrower": ("instruments", "changed", "min_confidence", *_EXCLUSIONS),
    "times": ("rhythm", "rhythm_time", "rhythm_day", *_HOURS, "zone", "muted_until", "mention_cap"),
}
"""The fields that stand behind a summary, by its name."""
RHYTHMS: tuple[str, ...] = get_args(Rhythm)


@dataclass
class Shown:
    """The form as it is to be shown: what was refused by field, what was `found` by kind, what names that nothing knows
    come `near` and those typed as code or pinyin were `meant`, and what a backtest told."""

    form: WatchlistForm
    errors: dict[str, list[str]] = field(default_factory=dict)
    found: dict[str, Found] = field(default_factory=dict)
    near: dict[str, list[str]] = field(default_factory=dict)
    meant: dict[str, str] = field(default_factory=dict)
    result: dict[str, Any] | None = None
    saved: str = ""

    def is_open(self, part: str) -> bool:
        """Whether a part of rarer fields is to be open: something in it is other than usual, refused or looked up."""
        fields = RARER[part]
        looked_up = {FINDERS[one] for one in self.found}
        return watchlist_form.is_unusual(self.form, fields) or bool((self.errors.keys() | looked_up) & {*fields})


def begun(request: Request, db: Session, firm_ids: Iterable[UUID], bank_ids: Iterable[UUID]) -> WatchlistForm:
    """A new form with these firms and banks; 404 where one of them is not there."""
    form = watchlist_form.of_nothing(language_of(request))
    for firm_id in firm_ids:
        watchlist_form.add(form, "firm", _name("firm", firms.find(db, firm_id)))
    for bank_id in bank_ids:
        watchlist_form.add(form, "bank", _name("bank", banks.find(db, bank_id)))
    return form


def _name(kind: str, row: Any) -> str:
    if row is None:
        raise not_found(kind)
    return str(row.name)


def prepared(request: Request, db: Session, seen: Visitor, form: WatchlistForm) -> Shown | None:
    """The form as it is to be shown again; None where it is to be kept, and nothing stands in the way."""
    if form.add:
        kind, _, name = form.add.partition(":")
        if kind in FINDERS and name:
            watchlist_form.add(form, kind, name)
        return Shown(form)
    if form.replace:
        where, _, names = form.replace.partition(":")
        old, _, new = names.partition("|")
        if where in FINDERS.values() and new:
            watchlist_form.replace(form, where, old, new)
    looked_up = any(getattr(form, f"find_{kind}").strip() for kind in FINDERS)
    found = _look_up(db, form)
    if found or (form.do == "find" and looked_up):
        return Shown(form, found=found)
    return _tested_draft(request, db, seen, form) if form.do == "test" else None


def _look_up(db: Session, form: WatchlistForm) -> dict[str, Found]:
    """Take what was typed where it can mean one thing only; tell what else it may mean."""
    asked = {kind: getattr(form, f"find_{kind}").strip()[:200] for kind in FINDERS}
    found = {kind: finder.find(db, kind, text) for kind, text in asked.items() if text}
    for one in found.values():
        if one.sure:
            watchlist_form.add(form, one.kind, one.sure)
    return {kind: one for kind, one in found.items() if not one.sure}


def _tested_draft(request: Request, db: Session, seen: Visitor, form: WatchlistForm) -> Shown:
    try:
        watchlist = watchlist_form.asked(form, form.name or "…")
        draft = DraftIn(watchlist=watchlist, since=now() - timedelta(days=form.days), limit=500)
        result = of_draft(db, seen.subscriber_id, draft)
    except Invalid as error:
        return refused(request, form, error)
    return Shown(form, result=backtests.view(db, result))


def tested(db: Session, row: Watchlist, days: int) -> dict[str, Any]:
    """What a saved list would have told in the last days."""
    asked = BacktestIn(since=now() - timedelta(days=days), limit=500)
    return backtests.view(db, of_saved(db, row, asked))


def given(request: Request, form: WatchlistForm) -> dict[str, Any]:
    """What the API takes; a list that was given no name is called after what it watches."""
    form.name = form.name.strip() or _called(words(language_of(request)), form)
    return watchlist_form.asked(form, form.name).model_dump()


def _called(t: Words, form: WatchlistForm) -> str:
    sectors = [values.sectors(t.language).get(one, one) for one in form.sectors]
    named = [
        name for field in ("firms", "banks", "regions", "words") for name in watchlist_form.lines(getattr(form, field))
    ]
    named += sectors + [t.maybe(f"values.instrument.{one}", one) for one in form.instruments]
    if not named:
        return ""
    return t("watchlists.named", first=named[0][:60], n=len(named)) if len(named) > 1 else named[0][:60]


def refused(request: Request, form: WatchlistForm, error: Invalid) -> Shown:
    """The form with what was refused at its fields."""
    t = words(language_of(request))
    return Shown(form, errors=refusals.at_fields(t, error, watchlist_form.field_of))


def draw(request: Request, db: Session, seen: Visitor, shown: Shown, *, row: dict[str, Any] | None = None) -> Response:
    """The page of the form; `row` is the list as it is saved, None of a new one.

    It is a 200 with refusals too: browsers tell any other on their console, as if the page were broken.
    """
    own, _ = channels.page(db, seen.subscriber_id, PageQuery(limit=MOST_CHANNELS, cursor=None))
    choices = _choices(words(language_of(request)))
    choices |= {"channels": [(str(one.id), one.name) for one in own]}
    can = "write" in seen.scopes
    return render(request, "watchlist.html", shown=shown, row=row, can=can, **choices)


def _choices(t: Words) -> dict[str, Any]:
    """What may be chosen in the form, as pairs of value and word where the templates have no function for it."""
    return {
        "instruments": INSTRUMENTS,
        "contract": CONTRACT,
        "sectors": list(values.sectors(t.language)),
        "triggers": [(one, t(f"watchlists.trigger.{one}")) for one in TRIGGERS],
        "helps": {one: t(f"watchlists.trigger_help.{one}") for one in TRIGGERS},
        "units": [(one, t(f"watchlists.units.u{one}")) for one in UNITS[t.language]],
        "rhythms": [(one, t(f"watchlists.rhythm_name.{one}")) for one in RHYTHMS],
        "weekdays": [(str(day), t(f"watchlists.weekday.d{day}")) for day in range(1, 8)],
        "periods": [(one, t("watchlists.days", n=one)) for one in backtests.PERIODS],
    }


def after_deleting(name: str) -> str:
    """The list, which tells that one went."""
    return f"/watchlists?{urlencode({'deleted': name})}"
