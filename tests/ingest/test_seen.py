"""What stood in a source's last body is not read again; whatever is new, changed or in doubt is."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.models import Article, Link, Source
from ingest import formats, seen
from ingest.formats import Body, Parsed
from tests.fakes.origin import Origin
from tests.ingest.polling import NOW, Poll, add_source, feed, item, poll

URL = "https://news.example.cn/rss"
XHTML = "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>放款</p></div></content>"


def read(document: bytes, marks: bytes = b"") -> Parsed:
    return formats.read(Body(document, url=URL, content_type="application/xml; charset=utf-8", seen=marks))


def titles(session: Session) -> list[str]:
    return sorted(session.scalars(select(Article.title)))


# --- the items of a feed ---


def test_items_that_stand_as_they_stood_are_passed_over() -> None:
    first = read(feed(item(1), item(2)))
    assert first.passed == 0
    second = read(feed(item(3), item(1), item(2)), first.seen)
    assert [(one.title, one.position) for one in second.items] == [("第3条", 1)]
    assert second.passed == 2
    third = read(feed(item(4), item(3), item(1)), second.seen)
    assert ([one.title for one in third.items], third.passed) == (["第4条"], 2)


def test_an_item_of_which_a_sign_changed_is_read_again() -> None:
    first = read(feed(item(1), item(2, text="样例银行放款3000万元。")))
    second = read(feed(item(1), item(2, text="样例银行放款8000万元。")), first.seen)
    assert ([one.text for one in second.items], second.passed) == (["样例银行放款8000万元。"], 1)


def test_all_is_read_where_a_new_item_has_the_address_of_a_known_one() -> None:
    first = read(feed(item(1, link=URL), item(2)))
    second = read(feed(item(3, link=URL), item(1, link=URL), item(2)), first.seen)
    assert (len(second.items), second.passed) == (3, 0)


def test_all_is_read_where_what_stands_around_the_items_counts_for_them_and_changed() -> None:
    entry = "<entry xml:lang='zh'><title>样例</title><id>1</id><link href='a.html'/></entry>"
    told = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://{}.example.cn/'>{}</feed>"
    first = read(told.format("one", entry).encode())
    assert first.seen
    assert read(told.format("one", entry).encode(), first.seen).passed == 1
    assert [one.url for one in read(told.format("two", entry).encode(), first.seen).items] == [
        "https://two.example.cn/a.html"
    ]


@pytest.mark.parametrize(
    "document",
    [
        b"<!DOCTYPE rss [<!ENTITY a 'b'>]>" + feed(item(1)),
        feed(item(1, text="<b xmlns='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>放款</b>")),
        feed(item(1).replace("<item>", "<item xml:base='https://other.example.cn/'>")),
        feed(item(1), "<item/>"),
        feed(item(1)).replace(b"</channel>", b""),
    ],
    ids=["doctype", "namespace", "base", "empty item", "broken"],
)
def test_no_marks_are_given_where_one_item_may_count_for_another(document: bytes) -> None:
    assert read(document).seen == b""


def test_an_item_that_could_not_be_read_as_it_should_is_not_marked() -> None:
    undated = item(1, published=None).replace("</item>", "<pubDate>demnächst</pubDate></item>")
    first = read(feed(undated, item(2)))
    assert len(first.errors) == 1
    second = read(feed(undated, item(2)), first.seen)
    assert ([one.title for one in second.items], second.passed, second.errors) == (["第1条"], 1, first.errors)


def test_texts_in_xhtml_are_known_again_too() -> None:
    entries = [f"<entry><title>样例{n}</title><id>{n}</id><link href='{n}.html'/>{XHTML}</entry>" for n in range(3)]
    told = "<feed xmlns='http://www.w3.org/2005/Atom'>{}</feed>"
    first = read(told.format("".join(entries[1:])).encode())
    second = read(told.format("".join(entries)).encode(), first.seen)
    assert ([(one.title, one.text) for one in second.items], second.passed) == ([("样例0", "放款")], 2)


# --- the source ---


def test_a_body_that_did_not_change_is_not_read_again_though_its_server_knows_no_etag(
    session: Session, out: Poll, origin: Origin
) -> None:
    add_source(session, origin.url("/rss"))
    origin.add("/rss", body=feed(item(1)))
    assert (poll(out, session).items, poll(out, session).items) == (1, None)
    origin.add("/rss", body=feed(item(2), item(1)))
    polled = poll(out, session)
    assert (polled.items, polled.stored, polled.known) == (2, 1, 1)


def test_what_an_unchanged_feed_asks_for_holds_on(session: Session, out: Poll, origin: Origin) -> None:
    source = add_source(session, origin.url("/rss"), shortest_interval=1, longest_interval=90_000)
    origin.add("/rss", body=feed(item(1), "<ttl>900</ttl>"))
    for _ in range(2):
        poll(out, session)
        assert source.due_at > datetime.now(UTC) + timedelta(minutes=899)


def test_a_known_item_that_was_corrected_corrects_its_article(session: Session, out: Poll, origin: Origin) -> None:
    add_source(session, origin.url("/rss"))
    told = "样例银行向本市一家企业发放贷款{}万元，期限三年，用于采购设备和扩大生产。"
    origin.add("/rss", body=feed(item(1, text=told.format(3000)), item(2)))
    poll(out, session)
    origin.add("/rss", body=feed(item(1, text=told.format(8000)), item(2)))
    poll(out, session)
    texts = session.scalars(select(Article.text).order_by(Article.id)).all()
    assert told.format(8000) in texts
    assert told.format(3000) not in texts


def test_a_source_that_is_to_be_read_in_another_way_is_read_anew(session: Session, out: Poll, origin: Origin) -> None:
    source = add_source(session, origin.url("/rss"))
    origin.add("/rss", body=feed(item(1, link=origin.url("/1")), item(2, link=origin.url("/2"))))
    poll(out, session)
    source.full_text = True
    session.commit()
    assert poll(out, session).items == 2


def test_nothing_counts_as_seen_before_it_is_kept(session: Session, out: Poll, origin: Origin) -> None:
    source = add_source(session, origin.url("/rss"))
    origin.add("/rss", body=feed(item(1), item(2)))
    session.execute(text("ALTER TABLE article ADD CONSTRAINT hindered CHECK (title <> '第1条')"))
    assert poll(out, session).reason
    assert source.seen is None
    session.execute(text("ALTER TABLE article DROP CONSTRAINT hindered"))
    assert poll(out, session).stored == 2
    assert titles(session) == ["第1条", "第2条"]


def test_a_feed_of_links_names_only_what_is_new(session: Session, out: Poll, origin: Origin) -> None:
    source = add_source(session, origin.url("/rss"), full_text=True)
    origin.add("/rss", body=feed(item(1, link=origin.url("/1"))))
    poll(out, session)
    origin.add("/rss", body=feed(item(2, link=origin.url("/2")), item(1, link=origin.url("/1"))))
    polled = poll(out, session)
    assert (polled.links, polled.known, polled.items) == (1, 1, 2)
    assert session.scalars(select(Link.url).order_by(Link.id)).all() == [origin.url("/1"), origin.url("/2")]
    assert source.seen


def test_marks_of_another_way_of_reading_are_none() -> None:
    source = Source(name="样例", url=URL, kind="rss", zone="Asia/Shanghai", full_text=False)
    body = Body(feed(item(1, published=NOW)), url=URL)
    source.seen = seen.told(source, body, read(body.content), whole=True)
    assert seen.is_same(source, body)
    assert seen.seen(source).items
    source.zone = "Europe/Berlin"
    assert not seen.is_same(source, body)
    assert seen.seen(source) == seen.Seen()


def test_a_body_of_which_a_part_is_to_be_read_again_is_read_again() -> None:
    source = Source(name="样例", url=URL, kind="rss", zone="Asia/Shanghai", full_text=False)
    body = Body(feed(item(1)), url=URL)
    source.seen = seen.told(source, body, read(body.content), whole=False)
    assert not seen.is_same(source, body)
    assert seen.seen(source).items
