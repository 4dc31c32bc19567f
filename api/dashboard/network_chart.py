"""A network as a graph."""

from collections.abc import Mapping
from math import sqrt
from typing import Any

from api.dashboard.wording import Words

Option = dict[str, Any]
KINDS = ("bank", "firm")
_LEAST, _MOST = 10, 42  # diameter of a node in pixels
_NAMED = 40  # nodes up to which all are named; of more, the middle and the larger half of them are


def option(t: Words, found: Mapping[str, Any]) -> Option | None:
    """Banks and firms as dots, larger with more events, that lead to their pages; None where nothing is drawn."""
    if not found["edges"] and not found["referrals"]:
        return None
    nodes = found["nodes"]
    most = max(node["count"] for node in nodes)
    large = sorted((node["count"] for node in nodes), reverse=True)[min(len(nodes), _NAMED) - 1]
    return {
        "tooltip": {},
        "legend": {"data": [t(f"network.kind.{kind}") for kind in KINDS], "bottom": 0},
        "series": [
            {
                "type": "graph",
                "layout": "force",
                "roam": "move",
                "draggable": True,
                "force": _force(len(nodes)),
                "categories": [{"name": t(f"network.kind.{kind}")} for kind in KINDS],
                "data": [_node(node, most, large) for node in nodes],
                "links": [*map(_link, found["edges"]), *map(_referral, found["referrals"])],
                "edgeSymbolSize": 8,
                "label": {"position": "right", "width": 140, "overflow": "truncate"},
                "labelLayout": {"hideOverlap": True},
                "emphasis": {"focus": "adjacency"},
                "lineStyle": {"opacity": 0.5},
            }
        ],
    }


def _force(nodes: int) -> Option:
    """The fewer there are, the wider they stand apart; laid out at once, not before the reader's eyes."""
    return {"repulsion": max(120, 9000 // nodes), "edgeLength": [40, 160], "gravity": 0.1, "layoutAnimation": False}


def _node(node: Mapping[str, Any], most: int, large: int) -> Option:
    size = _LEAST + (_MOST - _LEAST) * sqrt(node["count"] / most) if most else _MOST
    return {
        "id": str(node["id"]),
        "name": node["name"],
        "value": node["count"],
        "category": KINDS.index(node["kind"]),
        "symbolSize": round(size),
        "symbol": "circle" if node["kind"] == "firm" else "roundRect",
        "label": {"show": node["count"] >= large or node["depth"] == 0},
        "href": f"/{node['kind']}s/{node['id']}",
    }


def _link(edge: Mapping[str, Any]) -> Option:
    width = min(1 + edge["count"] / 2, 8)
    ends = {"source": str(edge["bank"]), "target": str(edge["firm"])}
    return {**ends, "value": edge["count"], "lineStyle": {"width": width}}


def _referral(one: Mapping[str, Any]) -> Option:
    """An arrow from who recommended to whom."""
    ends = {"source": str(one["from_firm"]), "target": str(one["to_firm"])}
    return {**ends, "value": one["articles"], "symbol": ["none", "arrow"], "lineStyle": {"type": "dashed", "width": 2}}
