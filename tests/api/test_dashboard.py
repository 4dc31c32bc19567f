"""The dashboard over HTTP: who gets in, which forms are taken, what pages may load. Its looks are in tests/browser."""

import re
from collections.abc import Callable

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import update
from sqlalchemy.orm import Session

from api.app import app
from api.dashboard.deps import OPERATOR
from api.dashboard.pages import PAGES
from core.clock import now
from core.models import ApiKey, News
from tests.api import rows
from tests.api.reader import Reader

ROUTES = [
    (method, route.path)
    for page in PAGES
    for route in page.router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods)
]
OPEN = {"/sign-in", "/sign-out", "/preferences"}
ANY_ID = "019ab4c2-6f1e-7c34-9d55-0d6f5b2f8a11"


def test_no_page_shows_to_who_is_not_signed_in(reader: Reader) -> None:
    form = {"csrf": reader.token()}
    shown = set()
    for method, path in ROUTES:
        where = re.sub(r"\{\w+\}", ANY_ID, path)
        answer = reader.send(where, form) if method == "POST" else reader.get(where)
        if answer.status_code != 303 or not answer.headers["location"].startswith("/sign-in"):
            shown.add(path)
    assert shown <= OPEN


@pytest.mark.parametrize(
    ("token", "origin"), [("", None), ("0" * 64, None), ("own", "https://evil.example.com"), ("own", "null")]
)
def test_no_form_of_another_site_is_taken(signed_in: Reader, token: str, origin: str | None) -> None:
    form = {"csrf": signed_in.token("/account") if token == "own" else token}
    taken = set()
    for path in (path for method, path in ROUTES if method == "POST"):
        answer = signed_in.send(re.sub(r"\{\w+\}", ANY_ID, path), form, origin=origin)
        if answer.status_code != 403:
            taken.add(path)
    assert taken == set()
    assert signed_in.get("/account").status_code == 200, "still signed in: nothing was done"


def test_a_token_is_bound_to_its_session(signed_in: Reader, base_url: str, new_subscriber: Callable[..., str]) -> None:
    other = Reader(base_url)
    other.sign_in(new_subscriber("bob"))
    answer = signed_in.send("/sign-out", {"csrf": other.token("/account")})
    other.http.close()
    assert answer.status_code == 403


def test_pages_run_nothing_but_our_own_scripts_and_the_api_nothing_at_all(signed_in: Reader) -> None:
    policy = signed_in.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    assert signed_in.get("/v1/health").headers["content-security-policy"].startswith("default-src 'none'; frame-anc")


def test_static_files_are_kept_for_good_under_the_hash_of_their_content(reader: Reader) -> None:
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', reader.get("/sign-in").text)
    assert len(addresses) > 3
    for address in addresses:
        found = reader.get(address)
        assert found.status_code == 200
        assert "immutable" in found.headers["cache-control"]
        assert reader.get(re.sub(r"\.[0-9a-f]{12}\.", ".000000000000.", address)).status_code == 404
    assert reader.get("/static/../app.css").status_code == 404


def test_the_first_page_weighs_under_300_kb(signed_in: Reader, session: Session) -> None:
    for number in range(60):
        rows.event(session, rows.bank(session, f"样例{number}银行"), rows.firm(session, f"示例{number}科技有限公司"))
    page = signed_in.get("/")
    addresses = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    weight = len(page.content) + sum(len(signed_in.get(one).content) for one in addresses)  # unpacked
    assert not [one for one in addresses if "echarts" in one]
    assert weight < 300_000


@pytest.mark.parametrize(
    ("headers", "cookie", "language"),
    [
        ({}, None, "zh-CN"),
        ({"accept-language": "en-GB,en;q=0.9,zh;q=0.8"}, None, "en"),
        ({"accept-language": "de,zh-TW;q=0.7,en;q=0.3"}, None, "zh-CN"),
        ({"accept-language": "fr;q=x,,;"}, None, "zh-CN"),
        ({"accept-language": "en"}, "zh", "zh-CN"),
        ({"accept-language": "zh"}, "en", "en"),
    ],
)
def test_the_language_is_the_chosen_one_else_the_browsers(
    base_url: str, headers: dict[str, str], cookie: str | None, language: str
) -> None:
    cookies = {"lang": cookie} if cookie else {}
    with httpx.Client(base_url=base_url, trust_env=False, timeout=60, headers=headers, cookies=cookies) as client:
        assert f'<html lang="{language}"' in client.get("/sign-in").text


def test_language_and_colours_are_kept(signed_in: Reader) -> None:
    token = signed_in.token("/account")
    answer = signed_in.send("/preferences", {"csrf": token, "lang": "en", "back": "/account"})
    assert answer.headers["location"] == "/account"
    signed_in.send("/preferences", {"csrf": token, "theme": "dark", "back": "/account"})
    assert '<html lang="en" data-theme="dark">' in signed_in.get("/account").text


def test_errors_are_pages_for_people_and_problem_documents_for_programs(signed_in: Reader) -> None:
    page = signed_in.get("/nothing/here")
    assert page.status_code == 404 and page.headers["content-type"].startswith("text/html")
    assert 'action="/sign-out"' in page.text, "whoever is signed in stays so"
    program = signed_in.get("/nothing/here", headers={"accept": "*/*"})
    assert program.headers["content-type"] == "application/problem+json"
    wrong = signed_in.get("/", params={"instrument": "wish"})
    assert wrong.status_code == 422 and "query.instrument.0" in wrong.text
    assert "登记册里没有叫“无此银行”的" in signed_in.get("/", params={"bank": "无此银行"}).text


def test_fields_that_were_left_empty_are_no_filter(signed_in: Reader) -> None:
    assert signed_in.get("/?bank=&firm=&min_amount=").status_code == 200


def test_a_form_of_another_kind_or_without_measure_is_refused(signed_in: Reader) -> None:
    token = signed_in.token("/account")
    headers = {"origin": signed_in.origin, "x-csrf-token": token}
    assert signed_in.http.post("/preferences", json={"lang": "en"}, headers=headers).status_code == 415
    huge = {"csrf": token, "back": "x" * (2**20 + 1)}
    assert signed_in.http.post("/preferences", data=huge, headers=headers).status_code == 413


def test_an_operators_page_is_not_for_others(base_url: str, new_subscriber: Callable[..., str]) -> None:
    for scopes, sees in ((("read", OPERATOR), True), (("read",), False)):
        one = Reader(base_url)
        one.sign_in(new_subscriber("-".join(scopes), scopes=scopes))
        menu = [page.menu for page in PAGES if page.scope == OPERATOR and page.menu]
        assert all((f'href="{address}"' in one.get("/").text) == sees for address in menu)
        one.http.close()


def test_a_key_that_may_not_read_sees_no_events(reader: Reader, new_subscriber: Callable[..., str]) -> None:
    reader.sign_in(new_subscriber(scopes=("write",)))
    assert reader.get("/").status_code == 403
    assert reader.get("/account").status_code == 200


def test_the_dashboard_is_in_no_openapi_document() -> None:
    assert not [path for path in app.openapi()["paths"] if path in {route for _, route in ROUTES}]


def test_an_event_that_was_merged_leads_to_the_one_that_stands_for_it(signed_in: Reader, session: Session) -> None:
    bank = rows.bank(session)
    kept = rows.event(session, bank)
    merged = rows.event(session, bank, state="merged", merged_into=kept.id)
    assert signed_in.get(f"/events/{merged.id}").headers["location"] == f"/events/{kept.id}"


def test_what_an_article_says_is_text_and_never_markup(signed_in: Reader, session: Session) -> None:
    evil = "<script>alert(1)</script>"
    told = rows.article(session, f"样例银行{evil}", title=evil, url="javascript:alert(1)", source_name=evil)
    event = rows.event(session, rows.bank(session), rows.firm(session, evil), told)
    for path in ("/", f"/events/{event.id}", f"/articles/{told.id}", f"/search?q={evil}"):
        page = signed_in.get(path).text
        assert evil not in page and "&lt;script&gt;" in page
        assert 'href="javascript:' not in page


def test_a_quote_of_a_text_that_is_no_longer_there_shows_by_itself(signed_in: Reader, session: Session) -> None:
    told = rows.article(session, "样例银行向示例机器人发放贷款。")
    event = rows.event(session, rows.bank(session, "样例银行"), rows.firm(session), told)
    told.text = "此文已更正。"
    session.commit()
    page = signed_in.get(f"/events/{event.id}").text
    assert "样例银行" in page and "此文已更正" not in page
    assert signed_in.get(f"/articles/{told.id}").status_code == 200


def test_nobody_else_has_failed_articles_read_again(reader: Reader, new_subscriber: Callable[..., str]) -> None:
    reader.sign_in(new_subscriber(scopes=("read", "write")))
    assert reader.send("/failed/retry", {"csrf": reader.token("/account")}).status_code == 403
    assert reader.get("/failed").status_code == 403


def test_the_feeds_stream_holds_rows_and_ends_with_the_session(signed_in: Reader, session: Session) -> None:
    with signed_in.http.stream("GET", "/feed/stream?after=0&bank=样例银行", timeout=20) as refused:
        assert refused.status_code == 422, "nothing is called so"
    bank = rows.bank(session, "样例银行")
    with signed_in.http.stream("GET", "/feed/stream?after=0&bank=样例银行", timeout=20) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        next(lines)
        event = rows.event(session, bank, rows.firm(session))
        session.add(News(event_id=event.id, version=1))
        session.commit()
        row = next(line for line in lines if line.startswith("data: "))
        assert f'id="event-{event.id}"' in row and "<html" not in row
        session.execute(update(ApiKey).values(revoked_at=now()))
        session.commit()
        assert not [line for line in lines if "event-" in line], "it ends, and tells no more"
