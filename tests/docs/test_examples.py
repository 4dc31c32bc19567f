"""The examples do what the pages say: curl calls against the real API, signatures against a real signer."""

import base64
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts import ticket
from alerts.channels import Letter
from alerts.channels.webhook import Webhook as WebhookChannel
from alerts.channels.webhook import signature
from api.resources.events.schemas import EventOut
from core.clock import now
from core.models import (
    ApiKey,
    Article,
    Bank,
    BankAlias,
    Channel,
    Delivery,
    Event,
    EventVersion,
    Evidence,
    Firm,
    FirmAlias,
    Indicator,
    IndicatorSeries,
    Mailbox,
    Source,
    Subscriber,
    WatchItem,
    Watchlist,
)
from core.names import fold
from core.secrets import seal
from core.views import facts
from extractor import Lexicon, extract
from seeds.registers import read_banks, read_firms
from tests.api.conftest import Subscribe, base_url, new_subscriber, subscribe
from tests.api.test_previews import answering
from tests.docs import pages
from tests.fakes.origin import Origin

__all__ = ["base_url", "new_subscriber", "subscribe"]  # fixtures of the API's own tests

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def site(environment: dict[str, str]) -> Iterator[str]:
    """The address of a site with a feed, and an ingest process that answers what it would give."""
    rss = b"<rss version='2.0'><channel><item><title>t</title><description>d</description></item></channel></rss>"
    with Origin() as origin, answering():
        origin.add("/rss", body=rss)
        yield origin.url("/rss")


@pytest.fixture
def ids(session: Session, subscribe: Subscribe, site: str) -> dict[str, str]:
    """One row of everything that the examples name, of the subscriber who calls."""
    client = subscribe("reader")
    owner = session.scalars(select(Subscriber)).one()
    bank, firm = Bank(name="招商银行", kind="joint_stock"), Firm(name="苏州明远机器人股份有限公司", tech=True)
    bank.aliases = [BankAlias(key=fold(name), alias=name) for name in ("招商银行", "招行")]
    firm.aliases = [FirmAlias(key=fold(name), alias=name) for name in (firm.name, "明远机器人")]
    bank_too, firm_too = Bank(name="招商银行总行", kind="other"), Firm(name="明远机器人（苏州）", origin="learnt")
    source = Source(name="示例", url="https://news.example.com/other.xml", kind="feed", enabled=False)
    article = Article(title="题", text="招商银行贷款", content_hash="x", published=now())
    channel = Channel(subscriber_id=owner.id, kind="webhook", name="hook", config={"url": "https://hooks.example.com/"})
    channel.secret = seal(SECRET)
    watchlist = Watchlist(subscriber_id=owner.id, name="w", triggers=["event"], instruments=[])
    watchlist.items = [WatchItem(kind="bank", name="招行", key="招行")]
    session.add_all([bank, firm, bank_too, firm_too, source, article, channel, watchlist])
    session.flush()
    event = Event(
        bank_id=bank.id, firm_id=firm.id, instrument="loan", status="granted", tech=True, confidence=0.9, version=1
    )
    session.add(event)
    session.flush()
    session.refresh(event)
    session.add(EventVersion(event_id=event.id, version=1, type="event.created", facts=facts(event)))
    told = facts(event) | {"published": "2026-03-13", "confidence": 0.9, "sector": None}
    evidence = {"start": 0, "end": 6, "quote": "招商银行贷款", "facts": told, "confidence": 0.9, "position": 0}
    session.add(Evidence(event_id=event.id, article_id=article.id, **evidence))
    delivery = Delivery(
        subscriber_id=owner.id,
        channel_id=channel.id,
        type="event.created",
        event_id=event.id,
        version=1,
        article_id=article.id,
        body="{}",
    )
    mail = Channel(subscriber_id=owner.id, kind="email", name="desk", config={"to": "desk@example.com"})
    mail.secret = seal("token")
    suppressed = Mailbox(address="lifted@example.com", suppressed_at=now(), cause="bounce", reason="5.1.1")
    spare = ApiKey(subscriber_id=owner.id, name="spare", prefix="yq_spare0", hash="spare", scopes=["read"])
    session.add_all([delivery, mail, suppressed, spare])
    session.flush()
    mail.confirmed_at = None
    session.commit()
    rows: dict[str, Any] = {"EVENT": event, "ARTICLE": article, "BANK": bank, "FIRM": firm, "SOURCE": source}
    series = IndicatorSeries(id=uuid4(), kind="loan_balance", subject="tech", region=["江苏"], unit="CNY", period="end")
    session.add(series)
    session.flush()
    figure = Indicator(series_id=series.id, article_id=article.id, position=0, subject_text="科技贷款", value=1)
    figure.start, figure.end, figure.quote, figure.confidence, figure.qualifier = 0, 6, "招商银行贷款", 0.9, "exact"
    session.add(figure)
    session.commit()
    session.add(someone := Subscriber(name="someone"))
    session.commit()
    rows |= {"SUBSCRIBER": someone}
    rows |= {"SERIES": series, "KEYID": spare, "CHANNEL": channel, "WATCHLIST": watchlist, "DELIVERY": delivery}
    rows |= {"BANK_TOO": bank_too, "FIRM_TOO": firm_too}
    given = {name: str(row.id) for name, row in rows.items()}
    return given | {
        "TICKET": f"{mail.id}.token",
        "PROOF": str(ticket.issue(str(mail.id), "token", mail.config["to"], now() + timedelta(days=1))),
        "MAIL": str(mail.id),
        "YINQI": str(client.base_url).rstrip("/"),
        "AUTH": f"Authorization: {client.headers['authorization']}",
        "JSON": "Content-Type: application/json",
        "SITE": site,
        "HOOK": "https://hooks.example.invalid/yinqi",
        "(date +%F)": date.today().isoformat(),
    }


def calls(page: str) -> list[tuple[str, str]]:
    """Every curl call of a page with the heading that it stands under."""
    found = []
    for one in pages.sections(page):
        for code in pages.fences(one.text, "sh"):
            joined = code.replace("\\\n", " ")
            found += [(one.heading.text, call) for call in re.split(r"^(?=curl )", joined, flags=re.MULTILINE)[1:]]
    return found


def ask(call: str, variables: dict[str, str]) -> httpx.Response:
    """What curl would do with these arguments."""
    for name in sorted(variables, key=len, reverse=True):
        call = call.replace(f"${name}", variables[name])
    words, method, headers, data, url = iter(shlex.split(call)[1:]), "", {}, [], ""
    as_query = False
    for word in words:
        if word in ("-s", "-sG"):
            as_query = "G" in word
        elif word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word in ("-d", "--data-urlencode"):
            data.append(next(words))
        else:
            assert not word.startswith("-") and not url, f"this test does not know {word!r} in {call}"
            url = word
    query: Any = [(name, value) for name, _, value in (pair.partition("=") for pair in data)] if as_query else None
    body = "".join(data).encode() if data and not as_query else None
    with httpx.Client(trust_env=False, timeout=60) as client:  # an ingest process looks at a site meanwhile
        return client.request(method or ("POST" if body else "GET"), url, headers=headers, params=query, content=body)


def test_every_example_of_the_api_page_is_answered(ids: dict[str, str]) -> None:
    # what is deleted is missed by the examples after it, most of all who asks
    for heading, call in sorted(calls("docs/api.md"), key=lambda one: ("DELETE" in one[0], "/subscriber`" in one[0])):
        answer = ask(call, ids)
        assert answer.is_success, f"{heading}: {call} answers {answer.status_code}: {answer.text}"
        method, _, path = heading.strip("`").partition(" ")
        assert answer.request.method == method
        assert re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), answer.request.url.path), (heading, call)


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/sources.md", "docs/operations.md"])
def test_every_example_of_another_page_is_answered(page: str, ids: dict[str, str]) -> None:
    for heading, call in calls(page):
        answer = ask(call.split("\nCHANNEL=")[0].split("  #")[0].split("\nyinqi ")[0], ids)
        assert answer.is_success, f"{heading}: {call} answers {answer.status_code}: {answer.text}"


def test_the_first_watchlist_of_the_readme_takes_its_article_in(ids: dict[str, str]) -> None:
    [pushed] = [call for _, call in calls("README.md") if "/v1/articles" in call]
    assert ask(pushed, ids).json()["stored"] == 1


def test_the_alert_of_the_readme_is_what_comes_of_its_article() -> None:
    [article] = [call.partition("-d '")[2] for _, call in calls("README.md") if "/v1/articles" in call]
    [alert] = [json.loads(code)["data"]["event"] for code in pages.fences(pages.read("README.md"), "json")]
    given = json.loads(re.sub(r"'\$\(.*?\)'", "2026-03-13", article).rpartition("'")[0])
    lexicon = Lexicon.build(read_banks(), read_firms())
    found = extract(title=given["title"], text=given["text"], published=date(2026, 3, 13), lexicon=lexicon)
    [event] = [one.as_gold() for one in found.events]
    same = ("branch", "instrument", "instrument_text", "amount", "date", "term_months", "status")
    assert {name: alert[name] for name in same} == {name: event[name] for name in same}
    assert (alert["bank"]["name"], alert["firm"]["name"]) == (event["bank"], event["firm"])
    assert alert["firm"]["aliases"] == event["firm_aliases"]
    assert alert["evidence"][0]["quote"] == event["evidence"]


def test_the_examples_of_the_python_client_run(
    ids: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for code in pages.fences(pages.read("docs/api.md"), "python"):
        exec(code, {"YINQI": ids["YINQI"], "KEY": ids["AUTH"].rpartition(" ")[2]})
    assert list(tmp_path.glob("*.xlsx"))
    assert "苏州明远机器人股份有限公司" in capsys.readouterr().out


@pytest.mark.parametrize("page", ["docs/webhooks.md", "docs/events.md"])
def test_the_event_of_the_example_has_every_field_and_no_other(page: str) -> None:
    shown = [json.loads(code) for code in pages.fences(pages.read(page), "json")]
    others = ("mentions", "source", "items")  # alerts of these have no event
    events = [one.get("data", one).get("event", one) for one in shown if not {*others} & set(one.get("data", {}))]
    assert events
    for event in events:
        assert set(event) == set(EventOut.model_fields)
        EventOut.model_validate(event)
        [telling] = event["evidence"]
        assert len(telling["quote"]) == telling["end"] - telling["start"]


@pytest.mark.parametrize("page", ["README.md", "docs/api.md", "docs/operations.md"])
def test_every_json_example_is_json(page: str) -> None:
    for code in pages.fences(pages.read(page), "json"):
        json.loads(code)


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
