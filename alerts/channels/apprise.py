"""Every other place to send to, by Apprise: an address such as `tgram://…` or `slack://…` says where and how.

Only services that speak by `requests` are offered (data/apprise.json; a test reads that off their sources), and that
library has no way out but core/http: no address leads inside, to a file or to a program of this machine.
"""

import asyncio
import json
import logging
import time
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from pydantic import field_validator

from alerts import digest_words, wording
from alerts.channels import _out, _requests
from alerts.channels.base import SEND_TIMEOUT, Config, Letter, Outcome, Pace
from core.http import AddressRefused, BadUrl
from core.settings import settings

_TOO_FAST = 60.0  # seconds to wait where a service says that it was asked too often and does not say how long
_LONGEST = 4000  # signs of an alert, for services that set no limit of their own
_SPARE = 2.0  # seconds of the time for sending that are left for what is not waiting


class AppriseConfig(Config):
    """The address as Apprise's pages describe it for each service. It holds keys, and is never shown again."""

    address: str

    @field_validator("address")
    @classmethod
    def _sendable(cls, value: str) -> str:
        if len(value) > 2048:
            raise ValueError("is longer than 2048 characters")
        service = value.partition("://")[0].lower()
        if service in (known := _rules())["native"]:
            native = known["native"][service]
            raise ValueError(f"{service}:// is a kind of its own here, which reads what the service answers: {native}")
        if service not in known["services"]:
            raise ValueError(f"{service[:40]!r} is no service that is offered; docs/alerts.md tells which are")
        keys = {key.lstrip("+-:").lower() for key, _ in parse_qsl(urlsplit(value).query, keep_blank_values=True)}
        if named := sorted(keys & set(known["files"])):
            raise ValueError(f"{named[0]}= names a file, which is not read here")
        if _service(value) is None:
            raise ValueError(f"Apprise does not understand this {service}:// address")
        return value


class Apprise:
    """The Apprise channel."""

    name: ClassVar[str] = "apprise"
    Config: ClassVar[type[Config]] = AppriseConfig
    pace: ClassVar[Pace | None] = Pace(per_minute=20)

    def new_secret(self, config: dict[str, Any]) -> str | None:
        """None: whoever runs the service gave its keys."""
        return None

    def private(self, config: dict[str, Any]) -> str | None:
        """The whole address."""
        return str(config["address"])

    def public(self, config: dict[str, Any]) -> dict[str, Any]:
        """The service's name."""
        return {"service": config["address"].partition("://")[0].lower()}

    def messages(self, letter: Letter, *gathered: Letter) -> int:
        """One."""
        return 1

    async def send(self, letter: Letter, *gathered: Letter) -> Outcome:
        """Have Apprise send it in a thread, whose requests go out by this loop."""
        way = _requests.Way(asyncio.get_running_loop(), time.monotonic() + SEND_TIMEOUT - _SPARE)
        try:
            sent = await asyncio.to_thread(_notify, way, letter.secret or "", _words((letter, *gathered)))
        except Exception as error:  # whatever a service of Apprise's raises: its text may hold the address
            return Outcome(kind="later", reason=f"Apprise failed: {type(error).__name__}")
        return judge(way, sent=sent)


def judge(way: _requests.Way, *, sent: bool) -> Outcome:
    """What became of a message: what Apprise says of it, and what the service answered last."""
    last = way.answers[-1] if way.answers else None
    about: dict[str, Any] = {"status_code": last.status, "answer": _out.shown(last.body)} if last else {}
    if sent:
        return Outcome(kind="delivered", reason="Apprise reports success", **about)
    if isinstance(way.refused, AddressRefused | BadUrl):
        return Outcome(kind="refused", reason=str(way.refused))
    if last is None:
        return Outcome(kind="later", reason=str(way.refused or "Apprise reports failure, and asked nobody"))
    wait = _TOO_FAST if last.status == 429 else None
    return Outcome(kind="later", reason=f"Apprise reports failure: answered {last.status}", retry_after=wait, **about)


def _words(letters: tuple[Letter, ...]) -> tuple[str, str]:
    """Title and plain text of one alert, or of several or a digest, a line and a link for each of its alerts."""
    told = [wording.told(json.loads(one.body), public_url=settings().public_url) for one in letters]
    doubt = "【可能重复】" if any(one.in_doubt for one in letters) else ""
    each = digest_words.each(told)
    if len(told) > 1 or "items" in told[0]:
        title = told[0]["subject"] if len(told) == 1 else f"【银企】{len(each)}条提醒"
        left_out = sum(one.get("left_out", 0) for one in told)
        more = [f"另有{left_out}条"] if left_out else []
        return doubt + title, "\n".join([*(f"{one['subject']} {one['link']}" for one in each), *more])
    [one] = told
    lines = [f"{name}：{value}" for name, value in one["rows"] if value != "未披露"]
    lines += one["changes"] + [f"“{quote['quote']}”" for quote in one["quotes"][:3]]
    return wording.one_line(doubt + one["subject"]), "\n".join([*map(str, lines), one["link"]])


def _notify(way: _requests.Way, address: str, words: tuple[str, str]) -> bool:
    _requests.open_way(way)
    service = _service(address)
    if service is None:
        raise ValueError("not understood")
    service.request_rate_per_sec = 0  # its pace is the channel's, and is kept in rows
    title, body = words
    room = min(service.body_maxlen or _LONGEST, _LONGEST)
    if len(body) > room:
        body = body[: room - 1] + "…"
    return bool(service.notify(body=body, title=title, body_format="text"))


def _service(address: str) -> Any:
    """The service of an address as Apprise has it, None where it does not understand it."""
    module, _, name = _rules()["services"][address.partition("://")[0].lower()].partition(":")
    from apprise import AppriseAsset  # only those who use it wait for it, and for the one service that is used

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # it tells addresses
    asset = AppriseAsset(
        app_id="Yinqi", app_desc="Yinqi", app_url="", storage_mode="memory", secure_logging=True, async_mode=False
    )
    kind = getattr(import_module(f"apprise.plugins.{module}"), name)
    try:
        parsed = kind.parse_url(address)
        return kind(**{**parsed, "asset": asset}) if parsed else None
    except Exception:
        return None


@lru_cache
def _rules() -> dict[str, Any]:
    """`services` that are offered, those that are `native` kinds here, and the keys of addresses that name `files`."""
    loaded: dict[str, Any] = json.loads((Path(__file__).parent.parent / "data" / "apprise.json").read_text("utf-8"))
    return loaded
