"""Watchlists: what may be watched, and that names reach the extractors."""

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.models import LexiconChange
from tests.api.conftest import Subscribe

LIST = {"name": "机器人", "banks": ["工商银行", "不在册银行"], "firms": ["示例机器人"]}


def _ticks(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(LexiconChange).where(LexiconChange.what == "watchlist")) or 0


def test_a_watchlist_is_kept_as_typed_with_its_defaults(alice: httpx.Client) -> None:
    made = alice.post("/v1/watchlists", json=LIST)
    assert made.status_code == 201
    assert made.json() == alice.get(f"/v1/watchlists/{made.json()['id']}").json()
    assert {key: made.json()[key] for key in LIST} == LIST
    assert made.json()["triggers"] == ["created", "updated", "retracted"]
    assert made.json()["changed"] == ["amount", "status", "instrument"]
    assert made.json()["tech_only"] is True
    assert made.json()["min_amount"] is None


def test_saving_names_ticks_the_lexicon_in_the_same_transaction(alice: httpx.Client, session: Session) -> None:
    made = alice.post("/v1/watchlists", json=LIST).json()
    first = _ticks(session)
    assert first >= 1
    alice.patch(f"/v1/watchlists/{made['id']}", json={"firms": ["示例机器人", "另一家公司名"]})
    second = _ticks(session)
    assert second > first
    assert alice.post("/v1/watchlists", json={**LIST, "name": "x", "channels": [made["id"]]}).status_code == 422
    assert _ticks(session) == second
    alice.delete(f"/v1/watchlists/{made['id']}")
    assert _ticks(session) > second


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"banks": [], "firms": []}, "body"),
        ({"banks": ["银行"]}, "body.banks.0"),
        ({"firms": ["好名字", "A"]}, "body.firms.1"),
        ({"firms": ["有\0名"]}, "body.firms.0"),
        ({"triggers": ["rumour"]}, "body.triggers.0"),
        ({"triggers": []}, "body.triggers"),
        ({"instruments": ["gift"]}, "body.instruments.0"),
        ({"min_amount": -1}, "body.min_amount"),
        ({"min_amount": 1e30}, "body.min_amount"),
        ({"min_confidence": 1.5}, "body.min_confidence"),
        ({"channels": ["019ab4c2-6f1e-7c34-9d55-0d6f5b2f8a11"]}, "body.channels.0"),
        ({"colour": "red"}, "body.colour"),
        ({"name": ""}, "body.name"),
        ({"firms": ["甲乙丙"], "exclude": {"firms": ["甲 乙丙"]}}, "body.exclude.firms.0"),
        ({"banks": ["招商银行苏州分行"], "exclude": {"banks": ["招商银行"]}}, "body.exclude.banks.0"),
        ({"instruments": ["bond"], "exclude": {"instruments": ["bond"]}}, "body.exclude.instruments.0"),
        ({"sectors": ["没有这个行业"]}, "body.sectors.0"),
        ({"regions": ["苏洲"]}, "body.regions.0"),
        ({"sectors": ["textiles"]}, "body.tech_only"),
        ({"triggers": ["mention"], "min_amount": 1}, "body.min_amount"),
        ({"triggers": ["mention"], "instruments": ["bond"]}, "body.instruments"),
        ({"triggers": ["retracted"]}, "body.triggers"),
        ({"triggers": ["event", "mention"], "logic": "all", "regions": ["江苏"]}, "body.triggers"),
        ({"banks": [], "firms": [], "regions": ["江苏"], "triggers": ["mention"]}, "body.triggers"),
        ({"changed": ["weather"]}, "body.changed.0"),
        ({"logic": "none"}, "body.logic"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_field_and_reason(
    alice: httpx.Client, changed: dict[str, object], field: str
) -> None:
    answer = alice.post("/v1/watchlists", json={**LIST, **changed})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    [error] = answer.json()["errors"]
    assert error["field"] == field
    assert error["reason"]


def test_a_near_miss_of_a_region_or_sector_is_told_what_may_have_been_meant(alice: httpx.Client) -> None:
    for field, told, meant in (("regions", "苏洲", "苏州"), ("sectors", "机器人们", "robotics")):
        [error] = alice.post("/v1/watchlists", json={**LIST, field: [told]}).json()["errors"]
        assert f"did you mean {meant}" in error["reason"] or meant in error["reason"]


def test_a_list_of_instruments_or_of_a_least_sum_alone_watches_all_events_of_them(alice: httpx.Client) -> None:
    for number, asked in enumerate(({"instruments": ["bond"]}, {"min_amount": 1_000_000_000})):
        assert alice.post("/v1/watchlists", json={"name": str(number), **asked}).status_code == 201


def test_a_patch_changes_what_it_names_and_nothing_else(alice: httpx.Client) -> None:
    made = alice.post("/v1/watchlists", json={**LIST, "min_amount": 10000000.5}).json()
    changed = alice.patch(f"/v1/watchlists/{made['id']}", json={"enabled": False, "firms": ["甲乙丙"]}).json()
    assert changed == {**made, "enabled": False, "firms": ["甲乙丙"]}
    nothing = {"banks": [], "firms": [], "min_amount": None}
    assert alice.patch(f"/v1/watchlists/{made['id']}", json=nothing).status_code == 422
    assert alice.get(f"/v1/watchlists/{made['id']}").json() == changed


def test_a_list_that_asks_for_sources_alone_needs_no_names(alice: httpx.Client) -> None:
    made = alice.post("/v1/watchlists", json={"name": "来源", "triggers": ["source"]})
    assert made.status_code == 201
    path = f"/v1/watchlists/{made.json()['id']}"
    assert alice.patch(path, json={"triggers": ["source", "event"]}).status_code == 422
    assert alice.patch(path, json={"triggers": ["source", "event"], "banks": ["招行"]}).status_code == 200
    assert alice.patch(path, json={"banks": []}).status_code == 422


def test_one_name_in_two_forms_is_watched_once(alice: httpx.Client) -> None:
    made = alice.post("/v1/watchlists", json={"name": "x", "firms": ["ABC 科技", "ＡＢＣ科技", "乙丙丁"]}).json()
    assert made["firms"] == ["ABC 科技", "乙丙丁"]


def test_a_second_watchlist_of_one_name_is_refused_and_another_subscriber_may_have_it(
    alice: httpx.Client, subscribe: Subscribe
) -> None:
    assert alice.post("/v1/watchlists", json=LIST).status_code == 201
    again = alice.post("/v1/watchlists", json=LIST)
    assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "body.name")
    assert subscribe("bob").post("/v1/watchlists", json=LIST).status_code == 201


def test_a_deleted_watchlist_is_gone(alice: httpx.Client) -> None:
    made = alice.post("/v1/watchlists", json=LIST).json()
    assert alice.delete(f"/v1/watchlists/{made['id']}").status_code == 204
    assert alice.get(f"/v1/watchlists/{made['id']}").status_code == 404
    assert alice.get("/v1/watchlists").json() == {"items": [], "next": None}


def test_pages_follow_each_other_without_a_gap(alice: httpx.Client) -> None:
    for number in range(5):
        alice.post("/v1/watchlists", json={**LIST, "name": f"第{number}单"})
    seen, cursor = [], {}
    while cursor is not None:
        page = alice.get("/v1/watchlists", params={"limit": 2, **cursor}).json()
        seen += [item["name"] for item in page["items"]]
        cursor = {"cursor": page["next"]} if page["next"] else None
    assert seen == [f"第{number}单" for number in (4, 3, 2, 1, 0)]


TIMES = {
    "zone": "Europe/Berlin",
    "hours": [{"days": [5, 1, 1], "from": "22:00", "until": "06:00"}, {"days": [6], "from": "00:00", "until": "24:00"}],
    "rhythm": "weekly",
    "rhythm_time": "08:30",
    "rhythm_day": 1,
    "muted_until": "2199-01-01T00:00:00.000Z",
    "mention_cap": 0,
}


def test_when_a_list_is_told_is_kept_as_asked(alice: httpx.Client) -> None:
    plain = alice.post("/v1/watchlists", json=LIST).json()
    assert {key: plain[key] for key in TIMES} == {
        "zone": "Asia/Shanghai",
        "hours": None,
        "rhythm": "immediate",
        "rhythm_time": None,
        "rhythm_day": None,
        "muted_until": None,
        "mention_cap": 50,
    }
    path = f"/v1/watchlists/{plain['id']}"
    assert alice.patch(path, json=TIMES).status_code == 200
    told = alice.get(path).json()
    first, second = TIMES["hours"]
    assert {key: told[key] for key in TIMES} == {**TIMES, "hours": [{**first, "days": [1, 5]}, second]}
    assert alice.patch(path, json={"hours": None, "muted_until": None}).json()["hours"] is None


def test_a_moment_that_has_passed_mutes_nothing(alice: httpx.Client) -> None:
    made = alice.post("/v1/watchlists", json={**LIST, "muted_until": "2020-01-01"})
    assert (made.status_code, made.json()["muted_until"]) == (201, None)


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"zone": "Asia/Peking"}, "body.zone", "no time zone is called 'Asia/Peking'"),
        ({"hours": []}, "body.hours", ""),
        ({"hours": [{"days": [8], "from": "08:00", "until": "18:00"}]}, "body.hours.0.days.0", ""),
        ({"hours": [{"days": [], "from": "08:00", "until": "18:00"}]}, "body.hours.0.days", ""),
        ({"hours": [{"days": [1], "from": "08:00", "until": "08:00"}]}, "body.hours.0", "one time"),
        ({"hours": [{"days": [1], "from": "24:00", "until": "08:00"}]}, "body.hours.0.from", "no local time"),
        ({"hours": [{"days": [1], "from": "08:00", "until": "8pm"}]}, "body.hours.0.until", "no local time"),
        ({"hours": [{"days": [1], "from": "08:00"}]}, "body.hours.0.until", ""),
        ({"rhythm": "yearly"}, "body.rhythm", ""),
        ({"rhythm": "daily"}, "body.rhythm_time", "daily digest needs the local time"),
        ({"rhythm": "weekly", "rhythm_time": "08:30"}, "body.rhythm_day", "weekly digest needs its day"),
        ({"rhythm_time": "8:30"}, "body.rhythm_time", "no local time"),
        ({"rhythm_time": 830}, "body.rhythm_time", "no local time"),
        ({"rhythm_day": 0}, "body.rhythm_day", ""),
        ({"muted_until": "tomorrow"}, "body.muted_until", "'tomorrow'"),
        ({"mention_cap": -1}, "body.mention_cap", ""),
    ],
)
def test_a_time_that_makes_no_sense_is_refused_with_its_field_and_reason(
    alice: httpx.Client, changed: dict[str, object], field: str, reason: str
) -> None:
    answer = alice.post("/v1/watchlists", json={**LIST, **changed})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == field
    assert reason in error["reason"]
