"""`make compose-smoke`: the Docker stack of a fresh clone does its whole job, shielded as promised.

    python -m tests.compose.smoke [--tree] [--keep]

--tree takes the working tree as it is instead of a clone of HEAD; --keep leaves the stack up for a look.
Prints a table of what was checked; ends with 1 at the first thing that is not so, after the logs.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from standardwebhooks.webhooks import Webhook

from tests.compose import shield
from tests.compose.moving import there_and_back
from tests.compose.stack import SERVERS, SERVICES, Stack

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 120.0  # seconds for an article to become an alert on a busy machine
CHINA = timezone(timedelta(hours=8))
MAIL_TO = "smoke@yinqi.example.com"
CREDIT = "{when}，{bank}{city}分行向{firm}发放科创贷{wan}万元，期限两年，用于购置生产设备。"

TAKE_AWAY = """
import sys
from pyarrow import parquet
from yinqi import Client
with Client("http://127.0.0.1:8080", sys.argv[1]) as client:
    client.export("events", "/tmp/all.parquet")
print(parquet.read_table("/tmp/all.parquet").num_rows)
"""


class Report:
    """What was checked, printed as it happens and as a table at the end."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, float]] = []

    def step(self, name: str, act: Callable[[], str | None]) -> None:
        started = time.monotonic()
        print(f"compose-smoke: {name} …", flush=True)
        told = act() or "ok"
        self.rows.append((name, told, time.monotonic() - started))

    def table(self) -> None:
        width = max((len(name) for name, _, _ in self.rows), default=0)
        for name, told, seconds in self.rows:
            print(f"  {name:<{width}}  {seconds:6.1f} s  {told}")


class Smoke:
    """The walk through the product; each step says in a few words what it saw."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.operator = self.key = self.secret = ""

    def starts(self) -> str:
        self.stack.up("--build")
        return f"{len(SERVICES) + len(SERVERS)} services healthy"

    def operator_key(self) -> str:
        self.operator = self.stack.exec("api", "cat", "/run/yinqi/secrets/operator_key").strip()
        assert self.operator.startswith("yq_"), "no operator key in the volume"
        assert "operator_key" in self.stack.compose("logs", "--no-color", "init"), "init does not say where the key is"
        return "made by init"

    def subscriber(self) -> str:
        said = self.stack.exec("api", "yinqi", "subscriber", "add", "smoke")
        found = re.search(r"yq_[\w-]{20,}", said)
        assert found, f"`yinqi subscriber add` prints no key: {said}"
        self.key = found[0]
        hook = {"name": "hook", "kind": "webhook", "config": {"url": "http://receiver:9000/hook"}}
        made = self.stack.ask("POST", "/v1/channels", key=self.key, body=hook)
        self.secret = made["secret"]
        mail = {"name": "mail", "kind": "email", "config": {"to": MAIL_TO}}
        channels = [made["id"], self.stack.ask("POST", "/v1/channels", key=self.key, body=mail)["id"]]
        watchlist = {"name": "smoke", "banks": ["工商银行", "招商银行"], "triggers": ["event"], "channels": channels}
        self.stack.ask("POST", "/v1/watchlists", key=self.key, body=watchlist)
        links = until(lambda: [_link(one["Text"]) for one in self.stack.mails() if _link(one["Text"])], "confirmation")
        self.stack.press(links[0])
        return "webhook and e-mail on one watchlist, the address confirmed by its link"

    def dashboard(self) -> str:
        page = self.stack.text("/sign-in")
        made_of = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
        assert len(made_of) > 2, "the page of the sign-in asks for nothing"
        assert all(self.stack.text(one) for one in made_of)
        return f"the sign-in with {len(made_of)} files"

    def alerts(self) -> str:
        self.push("中国银行", "合肥", "徽光量子科技有限公司", 1200)  # nobody watches this bank
        self.push("工商银行", "苏州", "苏衡机器人股份有限公司", 3000)
        self.arrives("苏衡机器人", 30_000_000)
        history = self.stack.ask("GET", "/v1/events", key=self.key)["items"]
        assert len(history) == 2, f"the history holds {len(history)} events instead of 2"
        told = [json.loads(one["body"]) for one in self.stack.webhooks()]
        assert "徽光量子" not in json.dumps(told, ensure_ascii=False), "an alert for a bank that nobody watches"
        return "signed webhook and e-mail for the watched bank, none for the other"

    def takes_away(self) -> str:
        """Parquet, whose library is cut down in the image (Dockerfile)."""
        rows = self.stack.exec("api", "python", "-c", TAKE_AWAY, self.key).strip()
        assert rows == "2", f"a file of the history holds {rows} events instead of 2"
        return "the history as a Parquet file"

    def watches_a_folder(self) -> str:
        self.stack.exec("ingest", "yinqi", "sources", "add", "/inbox", "--yes")

        def looked_at() -> bool:
            listed = self.stack.ask("GET", "/v1/sources", key=self.key)["items"]
            return any(one["kind"] == "folder" and one["last_success_at"] for one in listed)

        until(looked_at, "look at the folder")
        file = self.stack.folder / "inbox" / "smoke.txt"
        when = f"{datetime.now(CHINA):%Y年%-m月%-d日}"
        told = CREDIT.format(when=when, bank="工商银行", city="南京", firm="宁光传感科技有限公司", wan=700)
        file.write_text(told, encoding="utf-8")
        file.chmod(0o644)
        try:
            self.arrives("宁光传感", 7_000_000)
        finally:
            file.unlink()
        return "a file put into ./inbox became an alert"

    def push(self, bank: str, city: str, firm: str, wan: int) -> None:
        now = datetime.now(CHINA)
        text = CREDIT.format(when=f"{now:%Y年%-m月%-d日}", bank=bank, city=city, firm=firm, wan=wan)
        body = {"title": f"{firm}获{bank}贷款支持", "text": text, "published": now.isoformat(), "source": "冒烟测试"}
        pushed = self.stack.ask("POST", "/v1/articles", key=self.operator, body=body)
        assert pushed["stored"] == 1, f"the article was not stored: {pushed}"

    def arrives(self, firm: str, amount: int) -> None:
        """Both alerts for `firm` come, the webhook signed with the channel's secret."""
        hook = until(
            lambda: [one for one in self.stack.webhooks() if firm in _plain(one["body"])], f"webhook on {firm}"
        )
        body = Webhook(self.secret).verify(hook[0]["body"], hook[0]["headers"])
        assert f'"min": {amount}' in json.dumps(body, ensure_ascii=False), f"the alert does not tell {amount}: {body}"
        assert len({one["headers"]["webhook-id"] for one in hook}) == 1, f"{firm} was alerted more than once"
        mail = until(lambda: [one for one in self.stack.mails() if firm in one["Text"]], f"e-mail on {firm}")
        assert len(mail) == 1 and mail[0]["To"][0]["Address"] == MAIL_TO
        assert firm in mail[0]["HTML"]

    def scales(self) -> str:
        self.stack.up("--no-build", "--scale", "extractor=4")
        health = [one["State"]["Health"]["Status"] for one in self.extractors().values()]
        assert health == ["healthy"] * 4, f"the extractors are {health}"
        self.push("招商银行", "深圳", "深蓝芯片科技有限公司", 5000)
        self.arrives("深蓝芯片", 50_000_000)
        return "4 extractors, the next alert arrived"

    def extractors(self) -> dict[str, dict[str, Any]]:
        found = self.stack.containers()
        return {name: one for name, one in found.items() if name.startswith("extractor-")}

    def restarts(self) -> str:
        self.stack.exec("extractor", "python", "-c", shield.KILL_THE_SERVICE, index=2, check=False)

        def back() -> bool:
            state = self.extractors()["extractor-2"]
            return bool(state["RestartCount"]) and state["State"]["Health"]["Status"] == "healthy"

        until(back, "restart of extractor-2")
        self.push("工商银行", "武汉", "楚光激光科技有限公司", 800)
        self.arrives("楚光激光", 8_000_000)
        return "a killed extractor came back, the next alert arrived"

    def survives_a_stop(self) -> str:
        self.stack.compose("stop", timeout=180)
        codes = {name: one["State"]["ExitCode"] for name, one in self.stack.containers().items()}
        killed = sorted(name for name, code in codes.items() if code == 137)
        assert not killed, f"{', '.join(killed)} had to be killed"
        self.stack.up("--no-build", "--scale", "extractor=1")
        again = self.stack.exec("api", "cat", "/run/yinqi/secrets/operator_key").strip()
        assert again == self.operator, "a second start made another operator key"
        firms = _plain(json.dumps(self.stack.ask("GET", "/v1/events", key=self.key)))
        assert "苏衡机器人" in firms and "楚光激光" in firms, "the history did not survive"
        return "nothing had to be killed; key and history are the same after a second start"

    def moves_house(self) -> str:
        told = there_and_back(self.stack)
        firms = _plain(json.dumps(self.stack.ask("GET", "/v1/events", key=self.key)))
        assert "苏衡机器人" in firms and "楚光激光" in firms, "the history did not come back"
        self.push("招商银行", "成都", "蜀光航电科技有限公司", 600)
        self.arrives("蜀光航电", 6_000_000)  # signed with the same secret, so the encryption key came along
        return told

    def keeps_secrets(self) -> str:
        password = self.stack.exec("api", "cat", "/run/yinqi/secrets/yinqi_database_password").strip()
        encryption = self.stack.exec("api", "cat", "/run/yinqi/secrets/encryption_key").strip()
        logs = self.stack.compose("logs", "--no-color")
        named = {"operator key": self.operator, "subscriber key": self.key, "webhook secret": self.secret}
        named |= {"database password": password, "encryption key": encryption}
        told = [name for name, value in named.items() if value in logs]
        assert not told, f"the logs tell the {', '.join(told)}"
        return f"none of {len(named)} secrets in {len(logs.splitlines())} lines of logs"


def until(look: Callable[[], Any], what: str) -> Any:
    """What `look` sees as soon as it sees something; fails after PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if seen := look():
            return seen
        time.sleep(1)
    raise AssertionError(f"no {what} within {PATIENCE:.0f} s")


def _link(text: str) -> str:
    """The link in a mail that asks to confirm; empty in any other."""
    found = re.search(r"https?://\S+/v1/confirm/\S+", text)
    return found[0] if found else ""


def _plain(text: str) -> str:
    """JSON text with its characters unescaped."""
    return json.dumps(json.loads(text), ensure_ascii=False)


def walk(stack: Stack, report: Report) -> None:
    """Every step in order; raises at the first that fails."""
    smoke = Smoke(stack)
    report.step("docker compose up on a fresh clone", smoke.starts)
    report.step("operator key", smoke.operator_key)
    report.step("subscriber, channels, watchlist", smoke.subscriber)
    report.step("the dashboard is in the image", smoke.dashboard)
    report.step("articles become alerts", smoke.alerts)
    report.step("exports", smoke.takes_away)
    report.step("a watched folder", smoke.watches_a_folder)
    for name, check in shield.CHECKS:
        report.step(name, lambda check=check: check(stack))  # type: ignore[misc]
    report.step("docker compose up --scale extractor=4", smoke.scales)
    report.step("restart policy", smoke.restarts)
    report.step("memory", lambda: shield.memory(stack))
    report.step("stop and start again", smoke.survives_a_stop)
    report.step("backup, embedded and back", smoke.moves_house)
    report.step("logs keep secrets", smoke.keeps_secrets)


def clone(folder: Path) -> Path:
    """A fresh clone of HEAD."""
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder / "yinqi")], check=True)
    return folder / "yinqi"


def main() -> int:
    """Bring up, walk through, tear down whatever happened."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tree", action="store_true", help="the working tree instead of a clone of HEAD")
    parser.add_argument("--keep", action="store_true", help="leave the stack up")
    options = parser.parse_args()
    report, failure = Report(), None
    with tempfile.TemporaryDirectory(prefix="yinqi-smoke-") as folder:
        stack = Stack(ROOT if options.tree else clone(Path(folder)))
        try:
            walk(stack, report)
        except (Exception, KeyboardInterrupt) as error:
            failure = error
            print(stack.compose("logs", "--no-color", "--tail", "80", check=False))
            print(stack.compose("ps", "-a", check=False))
        finally:
            if not options.keep:
                stack.down()
    report.table()
    if failure is not None:
        print(f"compose-smoke: FAILED: {type(failure).__name__}: {failure}")
        return 1
    print(f"compose-smoke: passed, {len(report.rows)} steps in {sum(row[2] for row in report.rows):.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
