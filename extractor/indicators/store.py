"""All SQL of figures: an article's are kept beside its events, in the transaction of its extraction.

What an article told before goes where its evidence goes (TAKE_BACK in extractor/statements.py), so that reading it
again replaces its figures. Rows are written in the order of their series, so that two workers never wait in a ring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from core.models import Article, Bank, Indicator, IndicatorSeries
from core.sql import Asker, Query, table
from extractor.indicators import model

_series, _indicator = table(IndicatorSeries), table(Indicator)
_SPACE = UUID("5f1c8c8e-6f0b-5d0e-9f0a-0c5b6f3e7a21")  # our own, so that no other use of uuid5 makes the same ids
_KEPT = (
    *("series_id", "article_id", "position", "subject_text", "value", "qualifier", "date", "as_of"),
    *("growth", "growth_base", "growth_qualifier", "increment", "increment_base", "increment_qualifier"),
    *("start", "end", "quote", "confidence"),
)
_SERIES = ("id", "kind", "subject", "programme", "bank_id", "branch", "region", "unit", "period")


def _values(columns: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: bindparam(name, type_=columns[name].type) for name in names}


_new_series = insert(_series).values(_values(_series.c, _SERIES)).on_conflict_do_nothing()
ADD_SERIES = Query(_new_series)
ADD = Query(insert(_indicator).values(_values(_indicator.c, _KEPT)).add_cte(_new_series.cte("new_series")))
"""A figure, with its series where there is none."""

_OF_BANK = Query(select(*_series.c[_SERIES]).where(_series.c.bank_id == bindparam("bank_id")).order_by(_series.c.id))
_MOVE = Query(update(_indicator).where(_indicator.c.series_id == bindparam("old")).values(series_id=bindparam("new")))
_DROP = Query(delete(_series).where(_series.c.id == bindparam("old")))


def pass_bank_on(session: Asker, into: UUID, gone: UUID) -> None:
    """The figures of bank `gone` are those of `into`, each in the series that it has there."""
    for old in _OF_BANK.mappings(session, bank_id=gone).fetchall():
        new = _identified({name: old[name] for name in _SERIES[1:]} | {"bank_id": into})
        ADD_SERIES(session, **new)
        _MOVE(session, old=old["id"], new=new["id"])
        _DROP(session, old=old["id"])


def add(session: Asker, article: Article, told: Sequence[model.Indicator], banks: Mapping[str, Bank]) -> None:
    """Keep an article's figures. The caller holds the locks of their `banks` (extractor/merge.py)."""
    ids = [banks[one.bank].id if one.bank else None for one in told]
    rows = [(_series_of(one, bank), position, one) for position, (one, bank) in enumerate(zip(told, ids, strict=True))]
    for series, position, one in sorted(rows, key=lambda row: (row[0]["id"], row[1])):
        ADD(session, **series, series_id=series["id"], article_id=article.id, position=position, **_row(one))


def _series_of(one: model.Indicator, bank_id: UUID | None) -> dict[str, Any]:
    programme = one.subject_text if one.subject == "programme" else ""
    named: dict[str, Any] = {"kind": one.kind, "subject": one.subject, "programme": programme, "bank_id": bank_id}
    named |= {"branch": one.branch, "region": list(one.region), "unit": one.unit, "period": one.period}
    return _identified(named)


def _identified(named: dict[str, Any]) -> dict[str, Any]:
    return {"id": uuid5(_SPACE, "\t".join(str(value) for value in named.values())), **named}


def _row(one: model.Indicator) -> dict[str, Any]:
    return {
        "subject_text": one.subject_text,
        "value": _exactly(one.value),
        "qualifier": one.qualifier,
        "date": one.date,
        "as_of": one.as_of,
        **_change("growth", one.growth),
        **_change("increment", one.increment),
        "start": one.start,
        "end": one.end,
        "quote": one.quote,
        "confidence": one.confidence,
    }


def _change(name: str, change: model.Change | None) -> dict[str, Any]:
    value, base, qualifier = (change.value, change.base, change.qualifier) if change else (None, None, None)
    return {name: _exactly(value), f"{name}_base": base, f"{name}_qualifier": qualifier}


def _exactly(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
