"""What every member of the catalogue of formats owes: a new one without a sample fails here.

Samples lie in `samples/NAME/`; a `.json` beside one says what it must come to, for the format's own test. They are
read as a source of their own kind would be.
"""

import mimetypes
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import RejectedInput
from ingest import formats
from ingest.formats import FORMATS, Body, Format

SAMPLES = Path(__file__).parent / "samples"
NAMES = [one.name for one in FORMATS]
BY_NAME = {one.name: one for one in FORMATS}
KINDS = ["", *NAMES]


def samples(name: str) -> list[Path]:
    return sorted(path for path in (SAMPLES / name).glob("*") if path.suffix != ".json")


PAIRS = [pytest.param(BY_NAME[name], path, id=f"{name}/{path.name}") for name in NAMES for path in samples(name)]


def body_of(path: Path, kind: str, content: bytes | None = None) -> Body:
    return Body(
        path.read_bytes() if content is None else content,
        url=f"https://news.example.cn/files/{path.name}",
        content_type=mimetypes.guess_type(path.name)[0] or "",
        kind=kind,
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_format_has_a_sample(name: str) -> None:
    assert samples(name), f"put a sample into {SAMPLES / name}"


def test_no_sample_is_of_a_format_that_is_not_there() -> None:
    assert {path.name for path in SAMPLES.iterdir() if path.is_dir()} <= set(NAMES)


@pytest.mark.parametrize(("one", "path"), PAIRS)
def test_a_format_knows_its_samples_and_is_asked_before_others_that_would(one: Format, path: Path) -> None:
    body = body_of(path, one.name)
    assert one.sniff(body)
    assert formats.choose(body).name == one.name


@pytest.mark.parametrize(("one", "path"), PAIRS)
def test_items_are_whole(one: Format, path: Path) -> None:
    items = one.parse(body_of(path, one.name)).items
    assert items
    assert [item.position for item in items] == sorted({item.position for item in items})
    assert items[0].position >= 1
    for item in items:
        assert item.title == item.title.strip()
        assert item.title or not item.text, "only a link may leave its title to its page"
        assert item.url is None or urlsplit(item.url).scheme in {"http", "https"}
        assert item.text or item.url, "what has neither text nor address leads nowhere"
        for moment in (item.published, item.updated):
            assert moment is None or moment.utcoffset() == timedelta()


@pytest.mark.parametrize(("one", "path"), PAIRS)
def test_the_same_bytes_give_the_same_items_whatever_was_read_before(one: Format, path: Path) -> None:
    first = one.parse(body_of(path, one.name))
    for other in samples(one.name):
        one.parse(body_of(other, one.name))
    assert one.parse(body_of(path, one.name)) == first


@pytest.mark.parametrize("one", FORMATS, ids=NAMES)
@given(content=st.binary(max_size=300), kind=st.sampled_from(KINDS), told=st.text(max_size=20))
def test_no_bytes_make_sniff_raise(one: Format, content: bytes, kind: str, told: str) -> None:
    for start in (
        b"",
        b"<html>",
        b"<?xml version='1.0'?><rss>",
        b"{",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"\xff\xfe",
        b"\xfe\xff",
    ):
        assert one.sniff(Body(start + content, url="https://news.example.cn/", content_type=told, kind=kind)) in {
            True,
            False,
        }


@pytest.mark.parametrize(("one", "path"), PAIRS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_a_damaged_sample_is_read_or_refused(one: Format, path: Path, data: st.DataObject) -> None:
    content = bytearray(path.read_bytes())
    cut = data.draw(st.integers(0, len(content)))
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=8)):
        content[at] = byte
    for damaged in (bytes(content), bytes(content[:cut]), bytes(content[cut:])):
        try:
            parsed = one.parse(body_of(path, one.name, damaged))
        except RejectedInput as error:
            assert path.name in str(error)
        else:
            assert all(item.title or not item.text for item in parsed.items)
