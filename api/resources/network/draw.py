"""A network: the edges first, then their figures and the nodes at their ends."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from api.errors import Invalid
from api.resources.events import named
from api.resources.network import store
from api.resources.network.schemas import NetworkQuery
from api.resources.network.store import Kind
from api.resources.stats import answers, facts, fold
from api.resources.stats.store import cells

Edge = Row[Any]
Node = tuple[Kind, UUID]


def network(session: Session, asked: NetworkQuery) -> dict[str, Any]:
    """What is drawn (schemas.NetworkOut); Invalid where nothing is called as the middle."""
    facts.in_memory(session)
    middle = _middle(session, asked.around) if asked.around is not None else None
    edges, more, unnamed = _edges(session, asked, middle)
    shown, total = _figured(session, asked, edges)
    depths = _depths(edges, middle) if middle else {}
    nodes = _counted(edges, middle)
    referrals = _referrals(session, asked, nodes, middle)
    for one in referrals:
        for end in (one.from_firm, one.to_firm):
            nodes.setdefault(("firm", end), 0)
            if middle:
                depths.setdefault(("firm", end), 1)
    found = store.nodes(session, nodes)
    return {
        "around": middle and middle[1],
        "basis": answers.basis(asked, answers.rates_of(asked), total),
        "nodes": [
            {"kind": kind, "depth": depths.get((kind, row.id)), "count": nodes[kind, row.id], **row._asdict()}
            for kind, row in found
        ],
        "edges": shown,
        "referrals": [one._asdict() for one in referrals],
        "more": more,
        "unnamed": unnamed,
    }


def _middle(session: Session, name: str) -> Node:
    """The bank or firm that is called so; what may have been meant is only looked for where nobody is."""
    if store.is_bank(session, name):
        return "bank", named.banks(session, [name])[0]
    try:
        return "firm", store.head(session, named.firms(session, [name]))
    except Invalid as no_firm:
        told = [one.reason for one in no_firm.errors]
    try:
        named.banks(session, [name])
    except Invalid as no_bank:
        told += [one.reason for one in no_bank.errors]
    raise Invalid.at("query.around", "; ".join(told))


def _edges(session: Session, asked: NetworkQuery, middle: Node | None) -> tuple[list[Edge], int, int]:
    """The edges with most events, how many were left off, and how many events no firm is named of."""
    if middle is None:
        counted = facts.counted(session, asked)
        edges = store.edges(session, counted, asked.limit)
        return list(edges), _more(edges), store.unnamed(session, counted)
    kind, row_id = middle
    counted = facts.counted(session, asked, facts.of(kind, [row_id]))
    near = store.edges(session, counted, asked.limit if asked.depth == 1 else -(-asked.limit // 2))
    far: Sequence[Edge] = []
    other: Kind = "firm" if kind == "bank" else "bank"
    if asked.depth == 2 and near and len(near) < asked.limit:
        around = facts.counted(session, asked, facts.of(other, [getattr(edge, other) for edge in near]))
        far = store.edges(session, around, asked.limit - len(near), of=other, but=(kind, row_id))
    return [*near, *far], _more(near) + _more(far), store.unnamed(session, counted)


def _more(edges: Sequence[Edge]) -> int:
    return edges[0].edges - len(edges) if edges else 0


def _figured(session: Session, asked: NetworkQuery, edges: Sequence[Edge]) -> tuple[list[dict[str, Any]], fold.Figures]:
    """The edges with their figures, and those of all of them."""
    rates = answers.rates_of(asked)
    of_firms = facts.of("firm", {edge.firm for edge in edges})
    counted = store.between(facts.counted(session, asked, of_firms), [(edge.bank, edge.firm) for edge in edges])
    figures = fold.fold(cells(session, counted, ["bank", "firm"]), 2)
    ways = store.ways(session, counted)
    shown = [
        {"first": edge.first, "last": edge.last}
        | ways[edge.bank, edge.firm]._asdict()
        | figures[edge.bank, edge.firm].view(rates)
        for edge in edges
    ]
    return shown, figures[fold.TOTAL, fold.TOTAL]


def _referrals(
    session: Session, asked: NetworkQuery, nodes: dict[Node, int], middle: Node | None
) -> Sequence[Row[Any]]:
    """Those between firms that are drawn; around a firm all of its own."""
    firms = [row_id for kind, row_id in nodes if kind == "firm"]
    own = middle[1] if middle and middle[0] == "firm" else None
    return store.referrals(session, firms, own, asked.confidence, asked.limit)


def _counted(edges: Sequence[Edge], middle: Node | None) -> dict[Node, int]:
    """The nodes at the edges' ends, with how many events of these each has; the middle is there without any too."""
    found: dict[Node, int] = {middle: 0} if middle else {}
    for edge in edges:
        for node in _ends(edge):
            found[node] = found.get(node, 0) + edge.events
    return found


def _depths(edges: Sequence[Edge], middle: Node) -> dict[Node, int]:
    """How many steps each node is from the middle; edges come in the order of their distance."""
    found: dict[Node, int] = {middle: 0}
    for edge in edges:
        near = min(found[one] for one in _ends(edge) if one in found)
        for one in _ends(edge):
            found.setdefault(one, near + 1)
    return found


def _ends(edge: Edge) -> tuple[Node, Node]:
    return ("bank", edge.bank), ("firm", edge.firm)
