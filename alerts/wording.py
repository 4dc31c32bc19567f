"""An alert in words: what an e-mail's subject and templates say, from the alert's JSON alone.

Whoever reads words wants pages: all links lead to the dashboard, which sends who is not signed in to sign in and back.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from alerts import digest_words, marks


@lru_cache
def words() -> dict[str, dict[str, str]]:
    """The Chinese words for instruments, statuses, types, currencies and fields (data/words.json)."""
    loaded: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "data" / "words.json").read_text("utf-8"))
    return loaded


def told(alert: dict[str, Any], *, public_url: str) -> dict[str, Any]:
    """What the templates need: subject, heading, rows of facts, evidence quotes, changes and links."""
    data = alert["data"]
    common = {"kind": words()["type"][alert["type"]], "watchlists": "、".join(data["watchlists"])}
    if "event" in data:
        return common | _event(data, public_url)
    if "cause" in data:
        return common | _disabled(data, public_url)
    if "source" in data:
        return common | _source(data, public_url)
    if "items" in data:
        items = [told(one, public_url=public_url) for one in data["items"]]
        return common | digest_words.told(data, items, public_url)
    if "message" in data:
        return common | _trial(data, public_url)
    return common | _mentions(data, public_url)


def _event(data: dict[str, Any], public_url: str) -> dict[str, Any]:
    event = data["event"]
    bank, firm = event["bank"]["name"], firm_name(event)
    what = words()["instrument"].get(event["instrument"], event["instrument"])
    amount = amount_words(event["amount"])
    rows = [
        ("银行", bank + (event["branch"] or "")),
        ("企业", firm),
        ("工具", what + (f"（{text}）" if (text := event["instrument_text"]) and text != what else "")),
        ("金额", (amount or "未披露") + ("（多家银行合计）" if event["shared_amount"] and amount else "")),
        ("时间", event["date"] or "未披露"),
        ("期限", f"{event['term_months']}个月" if event["term_months"] else "未披露"),
        ("状态", words()["status"][event["status"]]),
        ("置信度", f"{event['confidence']:.2f}"),
    ]
    return {
        "subject": f"【银企】{bank} → {firm}：{amount or ''}{what}",
        "rows": rows,
        "quotes": [{**row, "pieces": marks.of_event(row["quote"], event)} for row in event.get("evidence", [])],
        "changes": [change(name, old, event) for name, old in (data.get("previous") or {}).items()],
        "link": f"{public_url}/events/{event['id']}",
    }


def _mentions(data: dict[str, Any], public_url: str) -> dict[str, Any]:
    article, names = data["article"], [hit["name"] for hit in data["mentions"]]
    return {
        "subject": f"【银企】提及 {'、'.join(names[:3])}：{article['title']}",
        "rows": [("文章", article["title"]), ("提及", "、".join(names)), ("发布", article["published"] or "未注明")],
        "quotes": [
            {"quote": hit["quote"], "pieces": marks.of_names(hit["quote"], names)}
            | {"title": article["title"], "url": article["url"]}
            for hit in data["mentions"]
        ],
        "changes": [],
        "link": article["url"] or f"{public_url}/articles/{article['id']}",
    }


def _source(data: dict[str, Any], public_url: str) -> dict[str, Any]:
    source, health = data["source"], words()["health"]
    rows = [
        ("来源", source["name"]),
        ("地址", source["url"]),
        ("状态", health[data["health"]]),
        ("此前", health[data["previous"]] if data["previous"] != "ok" else "正常"),
        ("始于", data["since"] or "未注明"),
        ("原因", data["reason"] or "未注明"),
    ]
    return {
        "subject": f"【银企】来源“{source['name']}”：{health[data['health']]}",
        "rows": rows,
        "quotes": [],
        "changes": [],
        "link": f"{public_url}/sources/{source['id']}",
    }


def _disabled(data: dict[str, Any], public_url: str) -> dict[str, Any]:
    channel = data["channel"]
    link = f"{public_url}/channels/{channel['id']}"
    rows = [
        ("渠道", f"{channel['name']}（{words()['channel'].get(channel['kind'], channel['kind'])}）"),
        ("原因", f"{words()['cause'].get(data['cause'], data['cause'])}（{data['reason']}）"),
        ("关注列表", "、".join(data["lists"]) or "无"),
        ("未送达", f"{data['waiting']}条"),
        ("恢复", f"排除原因后在 {link} 启用；停用期间的提醒在 {public_url}/deliveries?channel={channel['id']} 补发"),
    ]
    return {
        "subject": f"【银企】渠道“{channel['name']}”已停用",
        "rows": rows,
        "quotes": [],
        "changes": [],
        "link": link,
    }


def _trial(data: dict[str, Any], public_url: str) -> dict[str, Any]:
    return {
        "subject": f"【银企】测试：{data['channel']}",
        "rows": [("渠道", data["channel"]), ("说明", data["message"])],
        "quotes": [],
        "changes": [],
        "link": public_url,
    }


def firm_name(event: dict[str, Any]) -> str:
    """The firm's name, or how an undisclosed one is described."""
    firm = event["firm"]
    return str(firm["name"]) if firm else str(event["firm_description"] or "未披露企业")


def amount_words(amount: dict[str, Any] | None) -> str:
    """An amount as a reader writes it: 约3000万元, 1.5亿元至2亿元; empty where none was told."""
    if amount is None:
        return ""
    unit = words()["currency"].get(amount["currency"], amount["currency"])
    low, high = amount["min"], amount["max"]
    if low is not None and high is not None and low != high:
        return f"{_scaled(low)}{unit}至{_scaled(high)}{unit}"
    value = low if low is not None else high
    return f"{words()['qualifier'].get(amount['qualifier'], '')}{_scaled(value)}{unit}"


def _scaled(value: float) -> str:
    """A number with 万 or 亿 as its size asks, without needless zeros."""
    for size, word in ((1e8, "亿"), (1e4, "万")):
        if value >= size:
            return f"{value / size:.4f}".rstrip("0").rstrip(".") + word
    return f"{value:.2f}".rstrip("0").rstrip(".")


def change(name: str, old: Any, event: dict[str, Any]) -> str:
    """One changed field in words: 金额：1000万元 → 2000万元."""
    new = event[name]["name"] if isinstance(event[name], dict) and "name" in event[name] else event[name]
    if name == "amount":
        old, new = amount_words(old), amount_words(new)
    elif name in ("instrument", "status"):
        old, new = words()[name].get(old, old), words()[name].get(new, new)
    return f"{words()['field'].get(name, name)}：{old if old not in (None, '') else '未披露'} → {new or '未披露'}"


def one_line(text: str) -> str:
    """A header's value: one line, at most 200 characters (no header can be injected through a title)."""
    return " ".join(text.split())[:200]
