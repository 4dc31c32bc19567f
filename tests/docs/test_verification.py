"""The examples that verify a signature take what Yinqi signs and refuse what it did not."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts.channels import Letter
from alerts.channels.webhook import Webhook as WebhookChannel
from alerts.channels.webhook import signature
from core.clock import now
from tests.docs import pages
from tests.docs.conftest import SECRET

Request = tuple[dict[str, str], str]


def _verified(language: str, code: str, folder: Path, requests: list[Request]) -> list[bool]:
    """What the page's example of `language` says of each request."""
    if language == "python":
        names: dict[str, Any] = {}
        exec(code, names)
        return [names["verify"](SECRET, signed, body.encode()) for signed, body in requests]
    name, command, program = {"js": _node, "java": _java, "go": _go}[language](code, requests)
    (folder / name).write_text(program, encoding="utf-8")
    done = subprocess.run([*command, str(folder / name)], capture_output=True, text=True, check=True)
    return [line == "true" for line in (done.stdout + done.stderr).split()]


def _node(code: str, requests: list[Request]) -> tuple[str, list[str], str]:
    given = [json.dumps([SECRET, signed, body]) for signed, body in requests]
    calls = [f"console.log(((s, h, b) => verify(s, h, Buffer.from(b)))(...{one}))" for one in given]
    return "example.js", ["node"], "\n".join([code, *calls])


def _java(code: str, requests: list[Request]) -> tuple[str, list[str], str]:
    main = ["class Main { public static void main(String[] a) throws Exception {"]
    for signed, body in requests:
        given = ", ".join(map(json.dumps, (SECRET, *signed.values())))
        told = f"{json.dumps(body)}.getBytes(StandardCharsets.UTF_8)"
        main.append(f"System.out.println(Webhooks.verify({given}, {told}));")
    # java runs the first class of a file
    return "Main.java", ["java"], code.replace("class Webhooks", "\n".join([*main, "} }", "class Webhooks"]))


def _go(code: str, requests: list[Request]) -> tuple[str, list[str], str]:
    main = ["func main() {"]
    for signed, body in requests:
        headers = ", ".join(f"{json.dumps(name.title())}: {{{json.dumps(value)}}}" for name, value in signed.items())
        told = f"http.Header{{{headers}}}, []byte({json.dumps(body)})"
        main.append(f"println(verify({json.dumps(SECRET)}, {told}))")
    return "main.go", ["go", "run"], "\n".join(["package main", code, *main, "}"])


@pytest.mark.parametrize(("language", "program"), [("python", ""), ("js", "node"), ("java", "java"), ("go", "go")])
def test_the_verification_examples_take_what_yinqi_signs_and_refuse_what_it_did_not(
    language: str, program: str, tmp_path: Path
) -> None:
    if program and shutil.which(program) is None:
        pytest.skip(f"no {program} here: the example of docs/webhooks.md in this language was NOT run")
    [code] = pages.fences(pages.read("docs/webhooks.md"), language)
    body = '{"bank": "招商银行"}'
    other = WebhookChannel().new_secret({})
    letter = Letter(id="msg_1", body=body, config={}, secret=SECRET)
    good = signature(letter, now())
    rotated = [signature(replace(letter, secret=new, old_secret=old), now()) for new, old in _both_ways(SECRET, other)]
    late = signature(letter, now() - timedelta(minutes=6))
    early = signature(letter, now() + timedelta(minutes=6))
    bad = [
        (good, body + " "),
        (good | {"webhook-id": "msg_2"}, body),
        (late, body),
        (early, body),
        (late | {"webhook-timestamp": good["webhook-timestamp"]}, body),
        (signature(replace(letter, secret=other), now()), body),
        (good | {"webhook-timestamp": "nonsense"}, body),
        (good | {"webhook-signature": "nonsense"}, body),
    ]
    requests = [(one, body) for one in (good, *rotated)]
    assert _verified(language, code, tmp_path, [*requests, *bad]) == [True] * len(requests) + [False] * len(bad)


def _both_ways(one: str, other: str | None) -> tuple[tuple[str | None, str | None], tuple[str | None, str | None]]:
    return (one, other), (other, one)
