"""The sample articles: written for this project, dated relative to today, and readable as a feed."""

import re
from calendar import timegm
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from core.errors import RejectedInput
from core.names import fold
from seeds.registers import read_banks
from seeds.samples import Sample, as_rss, samples

TODAY = date(2026, 1, 3)
NEWSPAPERS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
COPIED = 12  # characters in a row that two texts have in common only when one was copied


def test_there_are_enough_samples_and_one_of_them_tells_no_event() -> None:
    assert len(samples(TODAY)) >= 14
    assert any(not sample.expected for sample in samples(TODAY))


@pytest.mark.parametrize("sample", samples(TODAY), ids=lambda sample: sample.id)
def test_a_sample_is_a_whole_short_article(sample: Sample) -> None:
    assert sample.title and sample.source and sample.author
    assert 150 <= len(sample.text) <= 600
    assert not re.search(r"[{}]", sample.title + sample.text)


@pytest.mark.parametrize("sample", samples(TODAY), ids=lambda sample: sample.id)
def test_what_is_expected_of_a_sample_stands_in_it(sample: Sample) -> None:
    banks = {bank.name: bank for bank in read_banks()}
    for event in sample.expected:
        assert any(name in sample.text for name in (event.bank, *banks[event.bank].aliases))
        assert (event.firm or event.firm_description or "?") in sample.text
        assert all(alias in sample.text for alias in event.firm_aliases)


def test_two_samples_tell_one_event_in_other_words() -> None:
    first, second = (sample for sample in samples(TODAY) if sample.story == "qingbao")
    (one,), (other,) = first.expected, second.expected
    assert (one.bank, one.instrument, one.amount_min) == (other.bank, other.instrument, other.amount_min)
    assert {fold(str(one.firm)), *one.firm_aliases} & {fold(str(other.firm)), *other.firm_aliases}
    assert first.text != second.text


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 3, 1), date(2028, 2, 29)])
def test_samples_are_of_the_last_days_and_never_of_the_future(today: date) -> None:
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(hours=8)
    assert all(timedelta(0) < midnight - sample.published < timedelta(days=4) for sample in samples(today))


def test_last_month_is_named_with_its_year_in_january() -> None:
    texts = {sample.id: sample.text for sample in samples(TODAY)}
    assert "去年12月，浦银金租" in texts["13-yaoshi-lease"]
    assert "\n10月，浦银金租" in {s.id: s.text for s in samples(date(2026, 11, 21))}["13-yaoshi-lease"]


@pytest.mark.skipif(not NEWSPAPERS.is_dir(), reason="the newspaper pages are not on this machine")
def test_no_sentence_of_the_newspapers_is_copied() -> None:
    pages = "".join(re.sub(r"\s", "", page.read_text("utf-8")) for page in NEWSPAPERS.glob("*.txt"))
    for sample in samples(TODAY):
        text = re.sub(r"\s", "", sample.title + "\n" + sample.text)
        copied = [text[at : at + COPIED] for at in range(len(text) - COPIED + 1) if text[at : at + COPIED] in pages]
        assert copied == [], sample.id


def test_the_feed_is_real_rss_with_the_full_texts() -> None:
    served = samples(TODAY)
    feed = feedparser.parse(as_rss(served, "http://127.0.0.1:8099/"))
    assert (feed.bozo, feed.version, len(feed.entries)) == (False, "rss20", len(served))
    for entry, sample in zip(feed.entries, served, strict=True):
        assert (entry.title, entry.author) == (sample.title, sample.author)
        assert entry.link == entry.id == f"http://127.0.0.1:8099/articles/{sample.id}"
        assert entry.published.endswith("+0800")
        assert timegm(entry.published_parsed) == sample.published.timestamp()
        assert re.sub("</?p>", "", entry.content[0].value) == sample.text.replace("\n\n", "")


def test_marks_that_mean_something_in_xml_survive_the_feed() -> None:
    odd = [_with_text(sample, "甲 & 乙 <b>签约</b>\n\n“丙”") for sample in samples(TODAY)[:1]]
    (entry,) = feedparser.parse(as_rss(odd, "http://127.0.0.1/")).entries
    assert entry.content[0].value == "<p>甲 &amp; 乙 &lt;b&gt;签约&lt;/b&gt;</p><p>“丙”</p>"


def _with_text(sample: Sample, text: str) -> Sample:
    return Sample(**{field: getattr(sample, field) for field in sample.__dataclass_fields__} | {"text": text})


@pytest.mark.parametrize("content", ["no head", '+++\ntitle = "x"\n+++\ntext', "+++\ntitle = \n+++\ntext"])
def test_a_broken_sample_is_told_by_its_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.md"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RejectedInput, match=r"broken\.md"):
        samples(TODAY, tmp_path)
