"""The chains that lead through some firms, from rows of referrals to what is answered."""

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from api.resources.referrals import store
from api.resources.referrals.chains import chains
from api.resources.referrals.schemas import MOST_CHAINS


def chains_of(edges: Sequence[Any]) -> list[dict[str, Any]]:
    """The chains of referrals (rows of `store.edges`), bank by bank."""
    return [
        chain
        for bank in dict.fromkeys(edge.bank_id for edge in edges)
        for chain in _of_one_bank([edge for edge in edges if edge.bank_id == bank])
    ]


def through(session: Session, firm_ids: Collection[UUID]) -> list[dict[str, Any]]:
    """The chains in which one of the firms stands, the longest first."""
    names = [str(one) for one in firm_ids]
    banks = {str(edge.bank_id) for edge in store.edges(session, firms=names)} if names else set()
    if not banks:
        return []
    edges = store.edges(session, banks=sorted(banks))
    wanted = set(firm_ids)
    found = [
        chain
        for bank in dict.fromkeys(edge.bank_id for edge in edges)
        for chain in chains_of(_near([edge for edge in edges if edge.bank_id == bank], wanted))
        if wanted & {firm["id"] for firm in chain["firms"]}
    ]
    return sorted(found, key=lambda chain: -len(chain["firms"]))


def _near(edges: Sequence[Any], firms: Iterable[UUID]) -> list[Any]:
    """Those of one bank's referrals that lead to one of the firms, or on from it."""
    before = _reached(firms, [(edge.to_firm_id, edge.from_firm_id) for edge in edges])
    after = _reached(firms, [(edge.from_firm_id, edge.to_firm_id) for edge in edges])
    return [edge for edge in edges if edge.to_firm_id in before or edge.from_firm_id in after]


def _reached(firms: Iterable[UUID], pairs: Iterable[tuple[UUID, UUID]]) -> set[UUID]:
    """The firms, and all that one comes to from them."""
    onward: dict[UUID, list[UUID]] = {}
    for one, other in pairs:
        onward.setdefault(one, []).append(other)
    reached, open_ = set(firms), list(firms)
    while open_:
        for other in onward.get(open_.pop(), ()):
            if other not in reached:
                reached.add(other)
                open_.append(other)
    return reached


def _of_one_bank(edges: Sequence[Any]) -> list[dict[str, Any]]:
    names = {edge.from_firm_id: edge.from_name for edge in edges} | {edge.to_firm_id: edge.to_name for edge in edges}
    steps = {(edge.from_firm_id, edge.to_firm_id): edge.id for edge in edges}
    return [
        {
            "bank": {"id": edges[0].bank_id, "name": edges[0].bank_name},
            "firms": [{"id": firm, "name": names[firm]} for firm in way],
            "referrals": [steps[step] for step in pairwise(way)],
        }
        for way in chains(steps, MOST_CHAINS)
    ]
