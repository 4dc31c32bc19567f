"""A digest in words: for the templates of mail, and as Markdown for chat bots; from its JSON alone."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from alerts import markdown
from alerts.wall import zone_of

_COUNTED = (("events", "事件", "件"), ("sources", "来源", "个"), ("mentions", "提及", "篇"))
_LINE = 240  # bytes of an entry in a bot's message: an address and some 50 characters


def told(data: dict[str, Any], items: list[dict[str, Any]], public_url: str) -> dict[str, Any]:
    """What is said of a digest besides its `items`, each of which is told as its own alert would be."""
    since, until = (_local(data[name], data["zone"]) for name in ("since", "until"))
    counted = "，".join(f"{word}{n}{unit}" for part, word, unit in _COUNTED if (n := data["counts"][part]))
    return {
        "subject": f"【银企】摘要（{until}）：{counted}",
        "rows": [("时段", f"{since} 至 {until}"), ("共计", counted)],
        "quotes": [],
        "changes": [],
        "items": [item(one) for one in items],
        "left_out": data["left_out"],
        "link": f"{public_url}/?since={data['since']}",
    }


def each(all_told: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Alerts that are sent as one message: of a digest among them its entries."""
    return [entry for one in all_told for entry in one.get("items", [one])]


def joined(all_told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Alerts that are sent as one message, a digest among them, as one digest."""
    if len(all_told) == 1:
        return all_told[0]
    items = [item(one) for one in each(all_told)]
    lists = dict.fromkeys(one["watchlists"] for one in all_told if one["watchlists"])
    return {
        "items": items,
        "rows": [("共计", f"{len(items)}条")],
        "left_out": sum(one.get("left_out", 0) for one in all_told),
        "link": next(one["link"] for one in all_told if "items" in one),
        "watchlists": "、".join(lists),
    }


def item(told: dict[str, Any]) -> dict[str, Any]:
    """An alert in a list of them, as it is told by itself, with a `label` where its subject does not say what it is."""
    label = "" if told["kind"] in ("新事件", "提及") else told["kind"]
    return {**told, "subject": told["subject"].removeprefix("【银企】"), "label": label}


def _local(moment: str, zone: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(zone_of(zone)):%Y-%m-%d %H:%M}"


def paragraphs(digest: dict[str, Any], room: int, most: int) -> list[str]:
    """A digest in at most `most` parts of `room` bytes: with its quotes where they fit, else a line for each entry, as
    many as fit, and how many more there are."""
    items, head = digest["items"], "\n".join(f"- **{name}**：{text}" for name, text in digest["rows"])
    quoted = [head, *(_entry(number, one) for number, one in enumerate(items, 1)), *_end(digest, digest["left_out"])]
    if len(markdown.parts(quoted, room)) <= most:
        return quoted
    lines = markdown.digest(items, _LINE)

    def first(count: int) -> list[str]:
        return [head, *lines[:count], *_end(digest, digest["left_out"] + len(lines) - count)]

    too_many = bisect_left(
        range(len(lines) + 1), True, key=lambda count: len(markdown.parts(first(count), room)) > most
    )
    return first(too_many - 1)


def _entry(number: int, one: dict[str, Any]) -> str:
    line = f"{number}. {markdown.link(markdown.heading(one), one['link'])}"
    return "\n".join([line, *(f"> “{markdown.plain(quote['quote'])}”" for quote in one["quotes"][:1])])


def _end(digest: dict[str, Any], left_out: int) -> list[str]:
    more = [f"另有{left_out}条未列出，见{markdown.link('事件列表', digest['link'])}"] if left_out else []
    return [*more, f"关注列表：{markdown.plain(digest['watchlists'])}"]
