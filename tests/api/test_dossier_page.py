"""What the dossier builder does beyond its looks (tests/browser/test_dossier.py)."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote_plus

import pytest
from sqlalchemy.orm import Session

from core.models import Firm
from tests.api import rows
from tests.api.reader import Reader


@pytest.fixture
def reader(base_url: str, new_subscriber: Callable[..., str]) -> Iterator[Reader]:
    """Somebody who is signed in, and may read."""
    reader = Reader(base_url)
    reader.sign_in(new_subscriber(scopes=["read"]))
    yield reader
    reader.http.close()


@pytest.fixture
def firm(session: Session) -> Firm:
    """A firm with one event."""
    made = rows.firm(session, "示例机器人股份有限公司", "示例机器人", origin="learnt")
    rows.event(session, rows.bank(session), made, rows.article(session))
    return made


def test_a_link_names_firms_by_id_and_the_form_by_name(reader: Reader, firm: Firm) -> None:
    page = reader.get("/dossier", params={"firm": str(firm.id)}).text
    assert "工商银行" in page
    held = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert held and held[1].split() == [firm.name]


def test_names_are_told_apart_at_lines_and_chinese_commas(reader: Reader, firm: Firm) -> None:
    page = reader.get("/dossier", params={"firm": "示例机器人\r\n无此甲、无此乙；Nobody, Ltd"}).text
    assert [name for name in ("无此甲", "无此乙", "Nobody, Ltd") if f"“{name}”" not in page] == []


def test_what_makes_no_sense_is_a_page_that_says_so(reader: Reader, firm: Firm) -> None:
    for query in ({"firm": "甲\n" * 100 + "乙\n" * 101}, {"firm": "示例机器人", "date_from": "2026-02-30"}):
        assert reader.get("/dossier", params=query).status_code == 422
    assert reader.get("/dossier/file", params={"format": "md"}).status_code == 422
    wrong = {"firm": "示例机器人", "date_from": "2026-02-01", "date_to": "2026-01-01"}
    assert "date_to" in reader.get("/dossier", params=wrong).text


def test_an_end_of_a_list_is_completed_and_a_finished_line_is_not(reader: Reader, firm: Firm) -> None:
    piece = reader.get("/dossier/names", params={"firm": "无此甲\n示例机", "date_from": "2026-01-01"}).text
    (address,) = (unquote_plus(one) for one in re.findall(r'href="([^"]+)"', piece))
    assert address.replace("&amp;", "&") == f"/dossier?firm=无此甲&firm={firm.name}&date_from=2026-01-01"
    assert "href" not in reader.get("/dossier/names", params={"firm": "示例机\n"}).text


def test_the_builder_is_for_those_who_are_signed_in(base_url: str) -> None:
    with Reader(base_url).http as http:  # closed: what is left open is told as a fault of whichever test comes next
        for path in ("/dossier", "/dossier/file?firm=a", "/dossier/names"):
            assert "/sign-in" in http.get(path).headers["location"]
