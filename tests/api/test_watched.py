"""What a watchlist names is recognised within seconds, and found in the articles that were there before it."""

import time
from uuid import UUID

import httpx
import pytest
from sqlalchemy.orm import Session

from core import catch_up, work
from core.models import Article
from extractor import lexicon_live, past
from extractor.catching_up import DUTIES
from extractor.process import process
from tests.api import rows
from tests.api.conftest import Subscribe

WITHIN = 5.0  # seconds, of which the issue speaks


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch, session: Session) -> None:
    monkeypatch.setattr(past, "SETTLED", past.SETTLED * 0)
    monkeypatch.setattr(past, "INDEXED", past.INDEXED * 0)
    lexicon_live.forget()
    rows.bank(session, "样例银行", "样行")


def tell(session: Session, text: str) -> Article:
    article = rows.article(session, text, state="open")
    assert work.attempt(work.EXTRACT, article.id, process) == "done"
    return article


def watch(client: httpx.Client, **fields: list[str]) -> str:
    made = client.post("/v1/watchlists", json={"name": str(fields), **fields})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def found(client: httpx.Client, watchlist: str) -> dict[UUID, list[str]]:
    while catch_up.once(DUTIES):
        pass
    answer = client.get(f"/v1/watchlists/{watchlist}/articles")
    assert answer.status_code == 200, answer.text
    return {UUID(item["id"]): [one["name"] for one in item["standing"]] for item in answer.json()["items"]}


def test_a_running_worker_knows_a_name_that_nothing_knew_within_seconds(alice: httpx.Client, session: Session) -> None:
    before = tell(session, "昨天，夜风筝与样例银行来访。")
    watchlist = watch(alice, firms=["夜风筝"])
    deadline = time.monotonic() + WITHIN
    while not lexicon_live.in_force().is_watched("夜风筝") and time.monotonic() < deadline:
        time.sleep(0.1)
    after = tell(session, "今天，夜风筝又来了。")
    shown = alice.get(f"/v1/watchlists/{watchlist}/articles").json()["items"]
    assert [(item["id"], item["standing"]) for item in shown] == [
        (str(after.id), [{"kind": "firm", "name": "夜风筝", "where": "text", "start": 3, "end": 6}])
    ]
    assert found(alice, watchlist) == {after.id: ["夜风筝"], before.id: ["夜风筝"]}


def test_a_bank_is_found_by_any_of_its_names_and_others_watch_what_they_watch(
    alice: httpx.Client, subscribe: Subscribe, session: Session
) -> None:
    first, second = tell(session, "样行新开一家支行。"), tell(session, "夜风筝到访样例银行。")
    banks, firms = watch(alice, banks=["样例银行"]), watch(subscribe("bob"), firms=["夜风筝"])
    assert found(alice, banks) == {first.id: ["样例银行"], second.id: ["样例银行"]}
    assert alice.get(f"/v1/watchlists/{firms}/articles").status_code == 404
    assert "夜风筝" not in alice.get(f"/v1/articles/{second.id}").json()["mentions"]


def test_pages_neither_skip_nor_repeat(alice: httpx.Client, session: Session) -> None:
    told = [tell(session, f"样例银行之{number}。").id for number in range(3)]
    watchlist, seen, cursor = watch(alice, banks=["样行"]), [], None
    while True:
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = alice.get(f"/v1/watchlists/{watchlist}/articles", params=params).json()
        seen += [UUID(item["id"]) for item in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == told[::-1]


def test_a_watched_code_pinyin_or_initials_is_what_it_means_and_shows_what_was_typed(
    alice: httpx.Client, session: Session
) -> None:
    bank = rows.bank(session, "澄江样例银行")
    bank.stock_code = "600999.SH"
    session.commit()
    article = tell(session, "澄江样例银行新开一家支行。")
    while catch_up.once(DUTIES):
        pass
    typed = ["cjylyh", "chengjiangyangliyinhang", "600999"]
    for number, name in enumerate(typed):
        made = alice.post("/v1/watchlists", json={"name": f"typed {number}", "banks": [name]}).json()
        assert (made["banks"], made["resolved"]) == ([name], {name: "澄江样例银行"})
        assert found(alice, made["id"]) == {article.id: ["澄江样例银行"]}
    both = alice.post("/v1/watchlists", json={"name": "all", "banks": [*typed, "澄江样例银行"]}).json()
    assert both["banks"] == typed[:1], "one bank is watched once, as it was typed first"


def test_a_name_that_nothing_knows_is_watched_and_met_with_suggestions(alice: httpx.Client, session: Session) -> None:
    rows.firm(session, "澄砺机器人")
    while catch_up.once(DUTIES):
        pass
    made = alice.post("/v1/watchlists", json={"name": "x", "firms": ["澄砺机器入", "夜风筝"], "banks": ["样行"]}).json()
    assert made["suggestions"] == {"澄砺机器入": ["澄砺机器人"]} and made["resolved"] == {}
    assert alice.get(f"/v1/watchlists/{made['id']}").json() == made
    assert lexicon_live.current(session).is_watched("澄砺机器入")
    changed = alice.patch(f"/v1/watchlists/{made['id']}", json={"firms": ["澄砺机器人"]}).json()
    assert changed["suggestions"] == {} and alice.get("/v1/watchlists").json()["items"] == [changed]
