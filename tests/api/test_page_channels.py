"""The pages of channels and deliveries over HTTP: secrets show once, what is refused stands at its field."""

import re
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from alerts.channels import CHANNELS
from alerts.deliver import deliver
from api.dashboard.channel_form import FIELDS, HIDDEN
from core.models import Channel, Delivery
from core.secrets import seal, unseal
from tests.api.reader import Reader
from tests.fakes.receiver import SECRET, Receiver

HOOK = {"kind": "webhook", "name": "投行部", "url": "http://127.0.0.1:9/hook", "enabled": "true"}


def _send(reader: Reader, path: str = "/channels/new", **fields: Any) -> httpx.Response:
    return reader.send(path, {"csrf": reader.token("/account"), **fields})


def _kept(session: Session) -> Channel:
    session.rollback()
    return session.scalars(select(Channel)).one()


def test_every_kind_has_its_form(signed_in: Reader) -> None:
    assert list(FIELDS) == [kind.name for kind in CHANNELS]
    for kind in CHANNELS:
        assert set(FIELDS[kind.name]) == set(kind.Config.model_fields)
        assert all(
            f'name="{name}"' in signed_in.get(f"/channels/new?kind={kind.name}").text for name in FIELDS[kind.name]
        )


def test_a_signing_secret_shows_once_and_never_again(signed_in: Reader, session: Session) -> None:
    made = _send(signed_in, **HOOK)
    assert made.status_code == 303
    secret = unseal(_kept(session).secret or b"")
    assert secret not in str(made.headers)
    page = made.headers["location"]
    assert secret in signed_in.get(page).text
    assert secret not in signed_in.get(page).text
    path = page.partition("?")[0]
    for shown in ("/channels", path, "/deliveries"):
        assert secret not in signed_in.get(shown).text
    page = _send(signed_in, f"{path}/rotate").headers["location"]
    fresh = unseal(_kept(session).secret or b"")
    assert fresh != secret and fresh in signed_in.get(page).text and fresh not in signed_in.get(page).text


def test_a_bots_address_is_never_shown_and_stays_where_it_is_left_empty(signed_in: Reader, session: Session) -> None:
    bot = {
        "kind": "dingtalk",
        "name": "群",
        "url": "https://oapi.dingtalk.com/robot/send?access_token=geheim1234567890abcd",
    }
    path = _send(signed_in, **bot, secret="SECgeheim", enabled="true").headers["location"].partition("?")[0]
    page = signed_in.get(path).text
    assert "geheim" not in page and "…abcd" in page
    sealed = _kept(session).secret
    assert _send(signed_in, path, name="科创群", enabled="true").status_code == 303
    assert (_kept(session).name, _kept(session).secret) == ("科创群", sealed)
    assert {"dingtalk", "feishu", "wecom", "apprise"} == {*HIDDEN}


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({"name": ""}, "name", "请填写。"),
        ({"url": ""}, "url", "请填写。"),
        ({"url": "ftp://example.com"}, "url", "地址要以 http:// 或 https:// 开头。"),
        ({"url": "http://10.1.2.3/"}, "url", "这个地址指向内部网络（10.1.2.3），不能使用。"),
        ({"url": "https://user:pw@example.com/"}, "url", "地址里不能有用户名或密码。"),
        ({"url": "https://a b/"}, "url", "这不是有效的网址。"),
        ({"kind": "email", "to": "某某"}, "to", "“某某”不是邮箱地址。"),
        ({"kind": "apprise", "address": "pigeon://x"}, "address", "不支持“pigeon”这种服务。"),
        ({"kind": "apprise", "address": "dingtalk://x"}, "address", "这种服务有专门的渠道类型（dingtalk），请改用它。"),
        ({"kind": "pigeon"}, "kind", "没有这个选项。"),
    ],
)
def test_what_cannot_work_is_refused_at_its_field_and_what_was_typed_is_kept(
    signed_in: Reader, session: Session, given: dict[str, str], field: str, told: str
) -> None:
    form = HOOK | given
    if form["kind"] != "webhook":
        del form["url"]
    page = _send(signed_in, **form).text
    assert f'<ul class="refused" id="e-{field}"><li>{told}</li>' in page
    assert form["name"] in page
    assert not session.scalar(select(func.count()).select_from(Channel))


def test_a_test_alert_shows_what_came_of_it(signed_in: Reader, session: Session) -> None:
    with Receiver(answers=[(500, {}), (200, {})]) as receiver:
        path = _send(signed_in, **HOOK | {"url": receiver.url}).headers["location"].partition("?")[0]
        _kept(session).secret = seal(SECRET)  # with which the receiver verifies
        session.commit()
        page = _send(signed_in, f"{path}/test").headers["location"]
        assert "hx-trigger" in signed_in.get(page).text, "it waits, and the page looks again"
        delivery = session.scalars(select(Delivery)).one()
        assert deliver(delivery.id)
        assert "answered 500" in signed_in.get(page).text
        assert _send(signed_in, f"/deliveries/{delivery.id}/resend").status_code == 303
        assert deliver(delivery.id)
    told = signed_in.get(page).text
    assert "已送达" in told and 'hx-get="/deliveries' not in told
    log = signed_in.get(f"/deliveries?channel={delivery.channel_id}&state=done&type=test").text
    assert f'href="/deliveries/{delivery.id}"' in log
    assert signed_in.get("/deliveries?state=failed").text.count("<tr>") == 0


def test_a_new_address_waits_for_its_reader_and_is_asked_again(signed_in: Reader, session: Session) -> None:
    path = _send(signed_in, kind="email", name="邮箱", to="desk@example.com", enabled="true").headers["location"]
    path = path.partition("?")[0]
    assert "待确认" in signed_in.get(path).text and "待确认" in signed_in.get("/channels").text
    answers = [_send(signed_in, f"{path}/confirm").status_code for _ in range(3)]
    assert answers == [303, 303, 429]
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Delivery)) == 3
    assert "今天问得太多" in _send(signed_in, kind="email", name="又一个", to="desk@example.com", enabled="true").text


def test_a_channel_is_paused_resumed_and_deleted_after_a_question(signed_in: Reader, session: Session) -> None:
    path = _send(signed_in, **HOOK).headers["location"].partition("?")[0]
    assert _send(signed_in, f"{path}/pause", paused="true").status_code == 303
    assert _kept(session).paused and "已暂停" in signed_in.get("/channels").text
    assert _send(signed_in, f"{path}/pause").status_code == 303 and not _kept(session).paused
    assert "删除“投行部”？" in signed_in.get(f"{path}/delete").text and _kept(session)
    assert _send(signed_in, f"{path}/delete").status_code == 303
    assert signed_in.get(path).status_code == 404


def test_many_that_failed_are_sent_once_more_and_tell_what_to_do(signed_in: Reader, session: Session) -> None:
    _send(signed_in, **HOOK)
    channel = _kept(session)
    same = {"subscriber_id": channel.subscriber_id, "channel_id": channel.id, "type": "test", "body": "{}"}
    session.add_all(Delivery(**same, state="failed", attempts=10, reason="answered 500") for _ in range(3))
    session.commit()
    page = signed_in.get("/deliveries?state=failed").text
    assert page.count("每次都没有送到：对方恢复后再发一次。") == 3
    assert "answered 500" in page and 'action="/deliveries/resend"' in page
    assert 'action="/deliveries/resend"' not in signed_in.get("/deliveries?state=failed&type=test").text
    sent = _send(signed_in, "/deliveries/resend", state="failed", channel=str(channel.id))
    assert "正在重发3条" in signed_in.get(sent.headers["location"]).text
    session.rollback()
    assert {row.state for row in session.scalars(select(Delivery))} == {"open"}


def test_a_key_that_may_only_read_looks_and_changes_nothing(looker: Reader) -> None:
    assert _send(looker, **HOOK).status_code == 403
    assert looker.get("/channels/new").status_code == 403
    assert not re.search(r'href="/channels/new"', looker.get("/channels").text)
    assert _send(looker, "/deliveries/resend", state="failed").status_code == 403
