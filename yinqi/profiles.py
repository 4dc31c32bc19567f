"""Profiles of firms and banks, and the network between them: their models, and the calls that answer them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from yinqi import models
from yinqi.base import Answer
from yinqi.stats import Basis, Figures, Row, Unplaced

Id = UUID | str


class Years(Answer):
    """Figures by year, the first one first."""

    rows: list[Row]
    unplaced: Unplaced


class Rows(Answer):
    """The largest rows of figures; `more` were left off."""

    rows: list[Row]
    more: int


class Counterparties(Answer):
    """Those with most events, of `ranked` in all: the firms of a bank, the banks of a firm."""

    ranked: int
    rows: list[Row]


class Tie(Answer):
    """Why two are related, and how often."""

    reason: str
    count: int


class Related(Answer):
    """Another firm, or another bank, with every reason why it is shown."""

    id: UUID
    name: str
    reasons: list[Tie]


class Profile(Answer):
    """What profiles of banks and of firms have in common; `statuses` counts all live events by status."""

    merged: list[models.Party]
    statuses: dict[str, int]
    first: models.Event | None
    last: models.Event | None
    basis: Basis
    total: Figures
    years: Years
    instruments: Rows
    counterparties: Counterparties
    related: list[Related]
    articles: list[models.ArticleBrief]


class FirmProfile(Profile):
    """All that is known of a firm."""

    firm: models.Firm


class BankProfile(Profile):
    """All that is known of a bank."""

    bank: models.Bank
    sectors: Rows
    regions: Rows


class Node(Answer):
    """A bank or firm of a network; `depth` are its steps from the middle, None where there is none."""

    id: UUID
    kind: str
    name: str
    sector: str | None
    depth: int | None
    count: int


class Edge(Figures):
    """The events of a bank and a firm, from the `first` to the `last` day told."""

    bank: UUID
    firm: UUID
    instruments: list[str]
    statuses: list[str]
    first: date | None
    last: date | None


class ReferralEdge(Answer):
    """`from_firm` recommended `to_firm` to `bank`, as so many `articles` tell."""

    from_firm: UUID
    to_firm: UUID
    bank: UUID
    articles: int


class Network(Answer):
    """Who financed and who recommended whom; `more` edges were left off, `unnamed` events have none."""

    around: UUID | None
    basis: Basis
    nodes: list[Node]
    edges: list[Edge]
    referrals: list[ReferralEdge]
    more: int
    unnamed: int


class ProfileCalls:
    """The client's calls for profiles and networks."""

    def firm_profile(self, firm_id: Id, **asked: Any) -> FirmProfile:
        """All that is known of one firm; also include, date_from, date_to, time, convert, rate, rates and limit."""
        return FirmProfile.model_validate(self._asked(f"/v1/firms/{firm_id}/profile", asked))

    def bank_profile(self, bank_id: Id, **asked: Any) -> BankProfile:
        """All that is known of one bank, as of a firm."""
        return BankProfile.model_validate(self._asked(f"/v1/banks/{bank_id}/profile", asked))

    def network(self, around: str | None = None, *, depth: int = 1, **filters: Any) -> Network:
        """Banks and firms and the events between them, `around` one of them or all; also limit and events' filters."""
        return Network.model_validate(self._asked("/v1/network", {"around": around, "depth": depth, **filters}))

    def _asked(self, path: str, query: Mapping[str, Any]) -> Any:
        raise NotImplementedError
