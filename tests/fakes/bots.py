"""The group bots of DingTalk, Feishu and WeCom on loopback: what they check, how they refuse, and what they took.

    with Bots() as bots:
        bots.dingtalk(secret="SEC…")   # the address to configure
        bots.taken["dingtalk"]         # bodies that were taken, in their order

They answer HTTP 200 whatever happens, as the real ones do, and tell failure by a code in the body. Limits, codes and
signatures are those of the three services' developer pages (alerts/channels tells which).
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Body = dict[str, Any]
TOKEN = "0123456789abcdef0123456789abcdef"
MINUTE, HOUR = 60.0, 3600.0


@dataclass
class Bots:
    """The server. `clock` tells the time (seconds) by which limits and signatures are judged; `answers` are bodies
    that are given instead of an own judgement, once each. `heard` is called when a message was judged and is not
    answered yet."""

    port: int = 0
    clock: Callable[[], float] = time.time
    taken: dict[str, list[Body]] = field(default_factory=lambda: defaultdict(list))
    refused: list[tuple[str, Body]] = field(default_factory=list)
    answers: list[Body] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    heard: Callable[[], object] = lambda: None

    def __post_init__(self) -> None:
        self._moments: dict[str, list[float]] = defaultdict(list)
        self._banned_until = 0.0
        self._lock = threading.Lock()

    def dingtalk(self, secret: str = "") -> str:
        """The address of the DingTalk bot, which checks signatures from now on if it is given a secret."""
        self.secrets["dingtalk"] = secret
        return f"{self.root}/robot/send?access_token={TOKEN}"

    def feishu(self, secret: str = "") -> str:
        self.secrets["feishu"] = secret
        return f"{self.root}/open-apis/bot/v2/hook/{TOKEN}"

    def wecom(self) -> str:
        return f"{self.root}/cgi-bin/webhook/send?key={TOKEN}"

    def answer(self, path: str, raw: bytes) -> Body:
        """What the bot at `path` says to a request."""
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        with self._lock:
            if parts.path == "/robot/send":
                return self._judged("dingtalk", raw, lambda body: self._dingtalk(query, body, len(raw)))
            if parts.path.startswith("/open-apis/bot/v2/hook/"):
                token = parts.path.rpartition("/")[2]
                return self._judged("feishu", raw, lambda body: self._feishu(token, body, len(raw)))
            if parts.path == "/cgi-bin/webhook/send":
                return self._judged("wecom", raw, lambda body: self._wecom(query, body))
        return {"errcode": 404, "errmsg": "no such bot"}

    def _judged(self, name: str, raw: bytes, judge: Callable[[Body], Body | None]) -> Body:
        try:
            body = json.loads(raw)
        except ValueError:
            return {"errcode": 43004, "code": 9499, "errmsg": "not JSON", "msg": "Bad Request"}
        refusal = self.answers.pop(0) if self.answers else judge(body)
        if refusal is not None:
            self.refused.append((name, refusal))
            return refusal
        self.taken[name].append(body)
        if name == "feishu":
            return {"code": 0, "msg": "success", "data": {}}
        return {"errcode": 0, "errmsg": "ok"}

    def _dingtalk(self, query: dict[str, str], body: Body, size: int) -> Body | None:
        if query.get("access_token") != TOKEN:
            return {"errcode": 300005, "errmsg": "token is not exist"}
        if secret := self.secrets.get("dingtalk"):
            stamp = query.get("timestamp", "")
            mac = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
            fresh = stamp.isdigit() and abs(self.clock() - int(stamp) / 1000) < HOUR
            if not fresh or query.get("sign") != base64.b64encode(mac).decode():
                return {"errcode": 310000, "errmsg": "sign not match"}
        if size > 20_000:
            return {"errcode": 460101, "errmsg": "message too long, exceed 20000 bytes"}
        if self.clock() < self._banned_until or self._too_fast("dingtalk", 20, MINUTE):
            self._banned_until = max(self._banned_until, self.clock() + 600)
            return {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
        if body.get("msgtype") != "markdown" or not body["markdown"].get("title") or not body["markdown"].get("text"):
            return {"errcode": 40035, "errmsg": "缺少参数 json"}
        return None

    def _feishu(self, token: str, body: Body, size: int) -> Body | None:
        if token != TOKEN:
            return {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
        if secret := self.secrets.get("feishu"):
            stamp = str(body.get("timestamp", ""))
            mac = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
            fresh = stamp.isdigit() and abs(self.clock() - int(stamp)) < HOUR
            if not fresh or body.get("sign") != base64.b64encode(mac).decode():
                return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
        if size > 20_000:
            return {"code": 9499, "msg": "Bad Request", "data": {"reason": "the request is larger than 20 kB"}}
        if self._too_fast("feishu", 5, 1.0, count=False) or self._too_fast("feishu", 100, MINUTE):
            return {"code": 11232, "msg": "frequency limited psm[lark.oapi.app_platform_runtime]"}
        card = body.get("card") or {}
        if body.get("msg_type") != "interactive" or not card.get("elements") or not card.get("header"):
            return {"code": 19002, "msg": "params error, msg_type need"}
        return None

    def _wecom(self, query: dict[str, str], body: Body) -> Body | None:
        if query.get("key") != TOKEN:
            return {"errcode": 93000, "errmsg": "invalid webhook url"}
        limits = {"markdown": 4096, "text": 2048}
        kind = str(body.get("msgtype"))
        content = (body.get(kind) or {}).get("content", "")
        if kind not in limits or not content:
            return {"errcode": 40008, "errmsg": "invalid message type"}
        if len(content.encode()) > limits[kind]:
            return {"errcode": 40058, "errmsg": f"{kind}.content exceed max length {limits[kind]}"}
        if self._too_fast("wecom", 20, MINUTE):
            return {"errcode": 45009, "errmsg": "api freq out of limit"}
        return None

    def _too_fast(self, name: str, most: int, span: float, *, count: bool = True) -> bool:
        moments = self._moments[name]
        too_fast = sum(self.clock() - one < span for one in moments) >= most
        if count and not too_fast:
            moments.append(self.clock())
        return too_fast

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("content-length", 0)))
                said = json.dumps(outer.answer(self.path, raw), ensure_ascii=False).encode()
                outer.heard()
                with suppress(ConnectionError):  # who asked may be gone
                    self.send_response(200)
                    self.send_header("content-type", "application/json")
                    self.send_header("content-length", str(len(said)))
                    self.end_headers()
                    self.wfile.write(said)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
