"""Lists of sources as OPML: what other readers write is taken, and what Yinqi writes it reads back as it was."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RejectedInput
from ingest import opml
from ingest.opml import BadOutline, Entry

KINDS = ("rss", "atom", "list")


def read(body: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> list[Entry | BadOutline]:
    document = f'{head}<opml version="2.0"><head/><body>\n{body}\n</body></opml>'
    return list(opml.read(document.encode(), name="list.opml", kinds=KINDS))


def entries(body: str) -> list[Entry]:
    return [one for one in read(body) if isinstance(one, Entry)]


def bad(body: str) -> list[str]:
    return [str(one) for one in read(body) if isinstance(one, BadOutline)]


def test_nested_outlines_of_other_readers_are_read_without_their_folders() -> None:
    found = entries(
        """<outline text="财经" title="财经">
             <outline text="样例财经" type="rss" xmlUrl="https://a.example.com/rss.xml" htmlUrl="https://a.example.com/"/>
             <outline text="银行"><outline title=" 样例
               银行 " type="atom" xmlUrl="https://b.example.com/atom"/></outline>
           </outline>
           <outline text="" xmlUrl="https://c.example.com/feed"/>"""
    )
    assert found == [
        Entry(name="样例财经", url="https://a.example.com/rss.xml"),
        Entry(name="样例 银行", url="https://b.example.com/atom", kind="atom"),
        Entry(name="https://c.example.com/feed", url="https://c.example.com/feed"),
    ]


def test_bad_outlines_are_told_by_their_place_and_stop_no_other() -> None:
    body = """<outline text="无址"/>
<outline text="远" xmlUrl="ftp://example.com/feed"/>
<outline text="密" xmlUrl="https://user:pass@example.com/feed"/>
<outline text="好" xmlUrl="https://example.com/feed"/>"""
    assert [one.name for one in entries(body)] == ["好"]
    told = bad(body)
    assert [line.partition(": ")[0] for line in told] == [
        "list.opml, outline 1 (line 2, '无址')",
        "list.opml, outline 2 (line 3, '远')",
        "list.opml, outline 3 (line 4, '密')",
    ]
    assert "no xmlUrl" in told[0]


@pytest.mark.parametrize(
    "attribute",
    [
        'y:kind="nonsense"',
        'y:interval="soon"',
        'y:interval="nan"',
        'y:interval="-5"',
        'y:zone="Mars/Olympus"',
        'y:enabled="maybe"',
    ],
)
def test_a_wrong_value_of_our_own_is_told(attribute: str) -> None:
    [told] = bad(f'<outline xmlns:y="{opml.NAMESPACE}" text="x" xmlUrl="https://example.com/feed" {attribute}/>')
    assert attribute.partition('"')[2].strip('"') in told


def test_a_feed_address_with_a_bare_ampersand_is_mended_and_the_fault_told() -> None:
    found = read('<outline text="一" xmlUrl="https://a.example.com/?a=1&b=2"/>')
    assert any(isinstance(one, Entry) for one in found)
    assert any("the XML is broken" in str(one) for one in found if isinstance(one, BadOutline))


@pytest.mark.parametrize(
    "content",
    [b"", b"not xml", b"<html></html>", b'<rss version="2.0"/>', b"\x00\x01\x02", b"<opml" + b" " * (15 * 2**20 + 1)],
)
def test_what_is_no_list_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(RejectedInput, match=r"list\.opml"):
        list(opml.read(content, name="list.opml", kinds=KINDS))


def test_entities_are_refused_before_anything_is_read() -> None:
    laughs = '<!DOCTYPE o [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with pytest.raises(RejectedInput, match="entities"):
        read('<outline text="&b;" xmlUrl="https://example.com/"/>', head=laughs)


def test_a_list_in_gbk_is_read() -> None:
    document = '<?xml version="1.0" encoding="GBK"?><opml><body><outline text="银行新闻" xmlUrl="https://e.example/"/>'
    [found] = opml.read((document + "</body></opml>").encode("gbk"), name="x", kinds=KINDS)
    assert isinstance(found, Entry)
    assert found.name == "银行新闻"


def test_ten_thousand_outlines_are_read() -> None:
    body = "".join(f'<outline text="源{n}" xmlUrl="https://example.com/{n}"/>' for n in range(10_000))
    assert len(entries(body)) == 10_000


# what XML can hold at all: no control characters, no surrogates
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=30)
SECONDS = st.none() | st.floats(1, 86_400 * 30)
SOURCES = st.fixed_dictionaries(
    {
        "name": TEXTS.filter(lambda name: bool(name.strip())),
        "url": st.integers(0, 10**6).map("https://example.com/feed?a=1&n={}".format),
        "kind": st.sampled_from(KINDS),
        "zone": st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York"]),
        "selector": st.none() | TEXTS,
        "enabled": st.booleans(),
        "interval": SECONDS,
        "shortest_interval": SECONDS,
        "longest_interval": SECONDS,
        "full_text": st.booleans(),
        "alert_backlog": st.booleans(),
    }
)


@given(st.lists(SOURCES, max_size=5))
def test_what_is_written_is_read_back_as_it_was(sources: list[dict[str, Any]]) -> None:
    content = opml.write([SimpleNamespace(**source) for source in sources])
    assert list(opml.read(content, name="x", kinds=KINDS)) == [Entry(**source) for source in sources]
