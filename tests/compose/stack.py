"""A Docker stack of a clone, under a project name of its own, and what one asks it."""

import json
import os
import secrets
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

SERVICES = ("ingest", "extractor", "alerts", "scheduler", "api")
SERVERS = ("postgres", "redis", "mailpit")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    """`docker compose` in `folder`; every answer is text, every failure raises with what was said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = f"yinqi-smoke-{secrets.token_hex(3)}"
        self.image = f"{self.project}:latest"
        self.api_port, self.mail_port = free_port(), free_port()
        own = {
            "YINQI_IMAGE": self.image,
            "YINQI_API_PORT": str(self.api_port),
            "YINQI_MAILPIT_PORT": str(self.mail_port),
            "COMPOSE_PROJECT_NAME": self.project,
            "COMPOSE_FILE": "docker-compose.yml:tests/compose/compose.receiver.yml",
            "COMPOSE_ANSI": "never",
            "COMPOSE_PROGRESS": "quiet",
        }
        rest = {name: value for name, value in os.environ.items() if not name.startswith(("YINQI_", "COMPOSE_"))}
        self.environment = {**rest, **own}

    def run(self, *command: str, timeout: float = 120, check: bool = True) -> str:
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=timeout
        )
        if check and done.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}{done.stderr}".strip())
        return done.stdout

    def compose(self, *command: str, timeout: float = 120, check: bool = True) -> str:
        return self.run("docker", "compose", *command, timeout=timeout, check=check)

    def up(self, *options: str) -> None:
        """Everything started and healthy."""
        self.compose("up", "-d", "--wait", "--wait-timeout", "240", *options, timeout=600)

    def exec(self, service: str, *command: str, index: int = 1, check: bool = True) -> str:
        return self.compose("exec", "-T", "--index", str(index), service, *command, check=check)

    def containers(self) -> dict[str, dict[str, Any]]:
        """Docker's own account of each container, by name without the project: `extractor-1`, …"""
        ids = self.compose("ps", "-a", "-q").split()
        inspected = json.loads(self.run("docker", "inspect", *ids)) if ids else []
        return {one["Name"].removeprefix(f"/{self.project}-"): one for one in inspected}

    def ask(self, method: str, path: str, *, key: str = "", body: Any = None) -> Any:
        """The API's decoded answer; raises with the problem that it tells."""
        return _json(f"http://127.0.0.1:{self.api_port}{path}", method, key, body)

    def text(self, path: str) -> str:
        """What is served there as text; raises where nothing is."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.api_port}{path}", timeout=20) as answer:
            found: str = answer.read().decode()
            return found

    def mails(self) -> list[dict[str, Any]]:
        """What the mail catcher holds, with texts, last first."""
        base = f"http://127.0.0.1:{self.mail_port}/api/v1"
        listed = _json(f"{base}/messages", "GET")["messages"]
        return [_json(f"{base}/message/{one['ID']}", "GET") for one in listed]

    def press(self, link: str) -> None:
        """What the button behind a mail's link does; raises where the page refuses."""
        _json(link, "POST")

    def webhooks(self) -> list[dict[str, Any]]:
        """What the receiver took: path, headers, body."""
        return [json.loads(line) for line in self.exec("receiver", "cat", "/tmp/received.jsonl").splitlines()]

    def down(self) -> None:
        """Nothing of it is left: containers, networks, volumes, image."""
        self.compose("down", "-v", "--remove-orphans", "-t", "5", timeout=180, check=False)
        self.run("docker", "image", "rm", "-f", self.image, check=False)


def _json(url: str, method: str, key: str = "", body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers={"content-type": "application/json"})
    if key:
        request.add_header("authorization", f"Bearer {key}")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=20) as answer:
            content = answer.read()
            is_json = "json" in answer.headers.get_content_type()
            return json.loads(content) if content and is_json else None
    except urllib.error.HTTPError as error:
        with error:
            raise RuntimeError(f"{method} {url} answers {error.code}: {error.read().decode()[:1000]}") from None
