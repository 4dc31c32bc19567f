"""Alerts as Markdown for chat bots, in parts that a bot takes: no text of others is markup, no character is cut."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

# Full-width twins of what the three bots' Markdown gives a meaning to: none of them has an escape that all clients
# honour, and `<at …>` or `<@user>` in an article's title would call everybody in the group.
_PLAIN = str.maketrans(
    {"<": "＜", ">": "＞", "[": "［", "]": "］", "*": "＊", "`": "｀", "#": "＃", "|": "｜", "~": "～"}
)
_SEPARATOR = "\n\n"
BETWEEN = len(_SEPARATOR)
"""Bytes between two paragraphs of one text."""
_MOST_QUOTES = 3  # further evidence stands behind the link


def plain(text: str) -> str:
    """`text` on one line, with nothing in it that a bot would take for markup."""
    return " ".join(text.translate(_PLAIN).split())


def blocks(told: dict[str, Any]) -> list[str]:
    """An alert (what `wording.told` gives) as paragraphs, the heading left out."""
    facts = "\n".join(f"- **{name}**：{plain(str(value))}" for name, value in told["rows"] if value != "未披露")
    made = [facts]
    if told["changes"]:
        made.append("\n".join(["**变化**", *(f"- {plain(line)}" for line in told["changes"])]))
    made += [_quote(one) for one in told["quotes"][:_MOST_QUOTES]]
    more = len(told["quotes"]) - _MOST_QUOTES
    further = f"另有{more}处依据，" if more > 0 else ""
    lists = f"关注列表：{plain(told['watchlists'])}，" if told["watchlists"] else ""
    made.append(f"{lists}{further}{link('详情', told['link'])}")
    return made


def digest(all_told: Sequence[dict[str, Any]], longest: int) -> list[str]:
    """Several alerts as one message: a line each, of at most `longest` bytes, which leads to its event or article."""
    return [_line(f"{number}. ", told, longest) for number, told in enumerate(all_told, 1)]


def _line(start: str, told: dict[str, Any], longest: int) -> str:
    """The heading is shortened so that no alert falls off a message; an address that leaves it no room is left out."""
    url = told["link"]
    if len(link("", url).encode()) > longest // 2:
        url = None
    room = longest - len(start) - len(link("", url).encode())
    text = heading(told)
    if len(text.encode()) > room:
        text = next(pieces(text, room - len("…".encode()))) + "…"
    return start + link(text, url)


def heading(told: dict[str, Any]) -> str:
    """The alert's subject as plain text, its kind before it where it is no new event."""
    kind = "" if told["kind"] in ("新事件", "提及", "摘要") else f"（{told['kind']}）"
    return plain(told["subject"]) + kind


def link(text: str, url: str | None) -> str:
    """A link whose address cannot end it early; the text alone where there is none."""
    if not url:
        return text
    return f"[{text}]({url.replace('(', '%28').replace(')', '%29').replace(' ', '%20')})"


def parts(paragraphs: Iterable[str], limit: int) -> list[str]:
    """The paragraphs packed into as few texts as their order allows, each of at most `limit` bytes of UTF-8."""
    made: list[str] = []
    for piece in (cut for paragraph in paragraphs for cut in pieces(paragraph, limit)):
        joined = f"{made[-1]}{_SEPARATOR}{piece}" if made else piece
        if made and len(joined.encode()) <= limit:
            made[-1] = joined
        else:
            made.append(piece)
    return made


def pieces(text: str, limit: int) -> Iterator[str]:
    """`text` cut after at most `limit` bytes of UTF-8, never within a character, at a line's end where one is near."""
    data = text.encode()
    while len(data) > limit:
        whole = data[:limit].decode("utf-8", "ignore")
        line_end = whole.rfind("\n")
        cut = whole[: line_end + 1] if line_end > len(whole) // 2 else whole
        yield cut.rstrip("\n")
        data = data[len(cut.encode()) :]
    yield data.decode()


def _quote(one: dict[str, Any]) -> str:
    source = link(f"《{plain(one['title'])}》", one.get("url"))
    return f"> “{plain(one['quote'])}”\n> ——{source}"
