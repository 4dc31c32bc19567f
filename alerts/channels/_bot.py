"""What the chat bots share: a secret address, messages in parts, and an answer whose body tells success or failure.

Each of the three answers HTTP 200 also where it refused, and tells so by a code in the body.
"""

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson
from pydantic import Field

from alerts import digest_words, markdown, wording
from alerts.channels import _out
from alerts.channels._address import Address
from alerts.channels.base import SEND_TIMEOUT, Config, Letter, Outcome, Pace
from core.errors import YinqiError
from core.http import AddressRefused, BadUrl, Response
from core.settings import settings

MOST_PARTS = 3  # of one message; what is beyond stands behind the links
_AGENT = "Yinqi-Bot/1.0"
_SHOWN = 4  # last characters of a secret address that its owner may see again
_DOUBTFUL = "【可能重复】"


class BotConfig(Config):
    """The bot's address as its group shows it."""

    url: Address


class SignedConfig(BotConfig):
    """And its signing secret, where the group asks for signatures."""

    secret: str | None = Field(None, max_length=256)


@dataclass(frozen=True)
class Rules:
    """How a bot words failure: `later` are codes of "too fast" with the seconds to wait, `refused` those of a message
    that it will never take, `gone` those of a bot that is no more. Any other code is tried again."""

    success: Callable[[dict[str, Any]], int | None]
    message: tuple[str, ...]
    later: Mapping[int, float]
    refused: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()


class Bot:
    """What the kinds have in common; each adds its name, its pace, its rules and what it posts."""

    Config: ClassVar[type[Config]] = SignedConfig
    limit: ClassVar[int]
    """Bytes of UTF-8 of one message's text."""
    rules: ClassVar[Rules]

    def new_secret(self, config: dict[str, Any]) -> str | None:
        """None: the group's bot made it."""
        return None

    def private(self, config: dict[str, Any]) -> str | None:
        """What of a config is to be sealed: the address is as secret as the secret, since whoever has it may post."""
        return json.dumps({"url": config["url"], "secret": config.get("secret")})

    def public(self, config: dict[str, Any]) -> dict[str, Any]:
        """The config as its owner may see it again: the address without what gives access."""
        end = "=" if "?" in config["url"] else "/"
        start, _, token = config["url"].rpartition(end)
        hidden = f"…{token[-_SHOWN:]}" if len(token) > 4 * _SHOWN else "…"
        return {"url": f"{start}{end}{hidden}", "signed": bool(config.get("secret"))}

    def messages(self, letter: Letter, *gathered: Letter) -> int:
        """How many parts they fill."""
        return len(composed((letter, *gathered), self.limit))

    async def send(self, letter: Letter, *gathered: Letter) -> Outcome:
        """Post one alert, or several as one message; all parts must be taken."""
        sealed = _sealed(letter)
        until = time.monotonic() + SEND_TIMEOUT
        outcome = Outcome(kind="refused", reason="there is nothing to say")
        for title, text in composed((letter, *gathered), self.limit):
            query, body = self.request(title, text, sealed["secret"], time.time())
            outcome = await _post(sealed["url"], query, body, self.rules, until - time.monotonic())
            if outcome.kind != "delivered":
                break
        return outcome

    def request(self, title: str, text: str, secret: str | None, moment: float) -> tuple[str, dict[str, Any]]:
        """Query string and JSON of one part, signed at `moment` (Unix time, seconds) where there is a secret."""
        raise NotImplementedError


def composed(letters: Sequence[Letter], limit: int) -> list[tuple[str, str]]:
    """Title and text of each part, in their order."""
    all_told = [wording.told(json.loads(one.body), public_url=settings().public_url) for one in letters]
    doubt = _DOUBTFUL if any(one.in_doubt for one in letters) else ""
    title = doubt + (markdown.heading(all_told[0]) if len(all_told) == 1 else f"【银企】{len(all_told)}条提醒")
    title = next(markdown.pieces(title, limit // 4))
    room = limit - len(f"### {title}（9/9）\n\n".encode())
    if any("items" in one for one in all_told):
        paragraphs = digest_words.paragraphs(digest_words.joined(all_told), room, MOST_PARTS)
    elif len(all_told) == 1:
        paragraphs = markdown.blocks(all_told[0])
    else:
        in_part = math.ceil(len(all_told) / MOST_PARTS)
        paragraphs = markdown.digest(all_told, room // in_part - markdown.BETWEEN)
    texts = markdown.parts(paragraphs, room)[:MOST_PARTS]
    titles = [title if len(texts) == 1 else f"{title}（{number}/{len(texts)}）" for number in range(1, len(texts) + 1)]
    return list(zip(titles, texts, strict=True))


async def _post(url: str, query: str, body: dict[str, Any], rules: Rules, seconds: float) -> Outcome:
    joined = url + ("&" if "?" in url else "?") + query if query else url
    try:
        answer = await _out.outbound().request(
            "POST",
            joined,
            headers={"content-type": "application/json; charset=utf-8", "user-agent": _AGENT},
            content=orjson.dumps(body),
            follow=False,
            max_bytes=_out.ANSWER_READ,
            total_timeout=max(1.0, seconds),
            truncate=True,
            fresh=True,  # on one that rested nobody could tell whether a message was taken before it broke
        )
    except (AddressRefused, BadUrl) as error:
        return Outcome(kind="refused", reason=str(error))
    except YinqiError as error:
        return Outcome(kind="later", reason=str(error))
    return judge(answer, rules)


def judge(answer: Response, rules: Rules) -> Outcome:
    """What an answer means: delivered only where status and body both say so."""
    told = _out.shown(answer.body)
    found = _object(answer.body)
    code = rules.success(found)
    about: dict[str, Any] = {"status_code": answer.status, "answer": told}
    if not 200 <= answer.status < 300:
        wait = 60.0 if answer.status == 429 else None
        return Outcome(kind="later", reason=f"answered {answer.status}", retry_after=wait, **about)
    if code is None:
        return Outcome(kind="later", reason="the answer holds no code, so that nobody knows what it means", **about)
    if code == 0:
        return Outcome(kind="delivered", reason="taken by the bot", **about)
    message = next((str(found[name]) for name in rules.message if found.get(name)), "")
    reason = f"the bot refused it with code {code}: {message}"[:500]
    if code in rules.later:
        return Outcome(kind="later", reason=f"{reason} (too fast)", retry_after=rules.later[code], **about)
    kind = "gone" if code in rules.gone else "refused" if code in rules.refused else "later"
    return Outcome(kind=kind, reason=reason, **about)


def code_of(*names: str) -> Callable[[dict[str, Any]], int | None]:
    """Reads the first of the fields that is there as the body's code."""

    def read(found: dict[str, Any]) -> int | None:
        return next((found[name] for name in names if isinstance(found.get(name), int)), None)

    return read


def pace(per_minute: int, *, per_second: int | None = None) -> Pace:
    """A bot's own limit, kept to with a tenth to spare: other programs of its owner may post there too."""
    return Pace(per_minute=per_minute - per_minute // 10, per_second=per_second)


def _sealed(letter: Letter) -> dict[str, Any]:
    assert letter.secret is not None  # `private` is never None
    sealed: dict[str, Any] = json.loads(letter.secret)
    return sealed


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
