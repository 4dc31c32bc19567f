"""The form of a watchlist: from what the API tells to its fields, and from what was filled in to what the API takes."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import Field

from api.dashboard.forms import Filled
from api.errors import checked
from api.resources.watchlists.schemas import WatchlistIn
from core.clock import SHANGHAI

LINES = ("firms", "banks", "regions", "words")
"""Fields that hold a name a line."""
UNITS = {"zh": (10_000, 100_000_000, 1), "en": (1_000_000, 1_000_000_000, 1)}
"""Of a least sum, in 元, as readers of a language count; the first is the usual one."""
FINDERS = {"firm": "firms", "bank": "banks", "region": "regions"}
"""What is looked up while it is typed, and the field that it is for."""
_UNTIL_MIDNIGHT = "24:00"  # a browser's field of time ends at 23:59: there 00:00 is written for it
_BRANCH = " / "  # between a bank and its branch


class WatchlistForm(Filled):
    """Every field as it stands in the form. `do` is what to do with it: find, save, test; or `add` a name that was
    found (kind:name), or `replace` one (field:old|new)."""

    name: str = ""
    firms: str = ""
    banks: str = ""
    regions: str = ""
    words: str = ""
    sectors: list[str] = Field(default_factory=list)
    logic: str = "any"
    exclude_firms: str = ""
    exclude_banks: str = ""
    exclude_regions: str = ""
    exclude_words: str = ""
    exclude_sectors: list[str] = Field(default_factory=list)
    exclude_instruments: list[str] = Field(default_factory=list)
    triggers: list[str] = Field(default_factory=list)
    changed: list[str] = Field(default_factory=list)
    tech_only: bool = False
    instruments: list[str] = Field(default_factory=list)
    min_amount: str = ""
    unit: int = UNITS["zh"][0]
    min_confidence: str = ""
    zone: str = ""
    hours_days: list[str] = Field(default_factory=list)
    hours_from: list[str] = Field(default_factory=list)
    hours_until: list[str] = Field(default_factory=list)
    rhythm: str = "immediate"
    rhythm_time: str = ""
    rhythm_day: str = ""
    muted_until: str = ""
    mention_cap: str = ""
    channels: list[str] = Field(default_factory=list)
    enabled: bool = False
    find_firm: str = ""
    find_bank: str = ""
    find_region: str = ""
    days: int = Field(30, ge=1, le=1100)
    do: str = "save"
    add: str = ""
    replace: str = ""

    @property
    def windows(self) -> list[dict[str, Any]]:
        """The rows of hours, of which the last one is free."""
        rows = max(len(self.hours_from), len(self.hours_until))
        made = [_window(self, row) for row in range(rows)]
        return [*(one for one in made if any(one.values())), {"days": [], "from": "", "until": ""}]


def lines(text: str) -> list[str]:
    """The names of a field, one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def of_told(told: dict[str, Any], language: str) -> WatchlistForm:
    """The form of a watchlist as the API tells it, for a reader of `language`."""
    given: dict[str, Any] = {name: told[name] for name in ("name", "logic", "triggers", "changed", "tech_only")}
    given |= {name: told[name] for name in ("sectors", "instruments", "rhythm", "enabled", "zone")}
    given |= {name: _text(told[name]) for name in LINES}
    given |= {f"exclude_{name}": _text(told["exclude"][name]) for name in LINES}
    given |= {f"exclude_{name}": told["exclude"][name] for name in ("sectors", "instruments")}
    given |= {"min_confidence": _plain(Decimal(str(told["min_confidence"])) * 100) if told["min_confidence"] else ""}
    given |= {"channels": [str(one) for one in told["channels"]], "mention_cap": str(told["mention_cap"])}
    given |= {"rhythm_time": f"{told['rhythm_time']:%H:%M}" if told["rhythm_time"] else ""}
    given |= {"rhythm_day": str(told["rhythm_day"] or ""), "muted_until": _local(told["muted_until"])}
    return WatchlistForm(**given, **_sum(told["min_amount"], UNITS[language]), **_hours(told["hours"] or []))


def of_nothing(language: str) -> WatchlistForm:
    """The form of a new watchlist: what the API takes unless told otherwise."""
    model = WatchlistIn.model_validate({"name": "x"})
    return of_told({**model.model_dump(), "name": ""}, language)


def is_unusual(form: WatchlistForm, fields: Iterable[str]) -> bool:
    """Whether any of the fields is other than in a new form."""
    usual = of_nothing("zh")
    return any(_plainly(getattr(form, one, "")) != _plainly(getattr(usual, one, "")) for one in fields)


def _plainly(value: Any) -> Any:
    return sorted(filter(None, value)) if isinstance(value, list) else value


def asked(form: WatchlistForm, name: str) -> WatchlistIn:
    """What the form asks for, called `name`; Invalid with what the API would refuse of it."""
    given: dict[str, Any] = {"name": name, "enabled": form.enabled, "tech_only": form.tech_only}
    given |= {field: getattr(form, field) for field in ("sectors", "logic", "triggers", "changed", "instruments")}
    given |= {field: lines(getattr(form, field)) for field in LINES}
    given["exclude"] = {field: lines(getattr(form, f"exclude_{field}")) for field in LINES}
    given["exclude"] |= {"sectors": form.exclude_sectors, "instruments": form.exclude_instruments}
    for one in (given, given["exclude"]):
        one["banks"] = [_bank(told) for told in one["banks"]]
    given |= {"min_amount": _scaled(form.min_amount, form.unit), "rhythm": form.rhythm, "channels": form.channels}
    given |= {"min_confidence": _scaled(form.min_confidence, Decimal("0.01")) or 0}
    given |= {"hours": [_asked_window(one) for one in form.windows[:-1]] or None}
    optional = ("zone", "rhythm_time", "rhythm_day", "muted_until", "mention_cap")
    given |= {field: getattr(form, field) for field in optional if getattr(form, field)}
    return checked(WatchlistIn, given)


def field_of(path: str) -> str:
    """Which field of the form is what the API calls `body.exclude.firms.0`; "" for the whole."""
    parts = path.split(".")[1:]
    if parts[:1] == ["exclude"]:
        return "_".join(parts[:2])
    return parts[0] if parts else ""


def add(form: WatchlistForm, kind: str, name: str) -> None:
    """Put a name that was found into its field."""
    field = FINDERS[kind]
    setattr(form, field, "\n".join(dict.fromkeys([*lines(getattr(form, field)), name])))
    setattr(form, f"find_{kind}", "")


def replace(form: WatchlistForm, field: str, old: str, new: str) -> None:
    """Put a name in the place of another."""
    told = (new if line == old else line for line in lines(getattr(form, field)))
    setattr(form, field, "\n".join(dict.fromkeys(told)))


def _text(names: list[Any]) -> str:
    return "\n".join(one if isinstance(one, str) else f"{one['bank']}{_BRANCH}{one['branch']}" for one in names)


def _bank(told: str) -> Any:
    bank, parted, branch = told.partition(_BRANCH.strip())
    return {"bank": bank.strip(), "branch": branch.strip()} if parted else told


def _sum(told: Decimal | None, units: Iterable[int]) -> dict[str, Any]:
    """A sum in the largest unit that needs no decimals."""
    if told is None:
        return {"unit": next(iter(units))}
    unit = next((one for one in sorted(units, reverse=True) if told and told % one == 0), 1)
    return {"min_amount": _plain(told / unit), "unit": unit}


def _plain(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def _scaled(told: str, unit: int | Decimal) -> Any:
    """A number in units; what is none is left for the API to refuse."""
    plain = told.strip().replace(",", "").replace("，", "")
    try:
        return Decimal(plain) * unit if plain else None
    except InvalidOperation:
        return told


def _local(moment: datetime | None) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" if moment else ""


def _hours(told: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "hours_days": [f"{row}:{day}" for row, one in enumerate(told) for day in one["days"]],
        "hours_from": [one["from"] for one in told],
        "hours_until": [one["until"].replace(_UNTIL_MIDNIGHT, "00:00") for one in told],
    }


def _window(form: WatchlistForm, row: int) -> dict[str, Any]:
    days = [day for told in form.hours_days for number, _, day in [told.partition(":")] if number == str(row)]
    begin, end = ((held[row : row + 1] or [""])[0] for held in (form.hours_from, form.hours_until))
    return {"days": days, "from": begin, "until": end}


def _asked_window(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "until": _UNTIL_MIDNIGHT if told["until"] == "00:00" else told["until"]}
