"""Private things of another subscriber are on no page: one case for each page whose address holds an id."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.api.reader import Reader
from tests.api.test_dashboard import ROUTES
from tests.api.test_privacy import PRIVATE, SHARED, ids  # noqa: F401 - a fixture

WITH_ID = [(method, path, match[1]) for method, path in ROUTES if (match := re.search(r"\{(\w+_id)\}", path))]
PAGES = [(method, path) for method, path, name in WITH_ID if name in PRIVATE]


def test_every_id_in_a_pages_address_is_known_to_be_private_or_shared() -> None:
    of_registers = {"row_id"}  # a bank's or a firm's, under the operator's hand
    assert {name for _, _, name in WITH_ID} <= PRIVATE | SHARED | of_registers
    assert len(PAGES) > 5


@pytest.fixture
def mallory(base_url: str, new_subscriber: Callable[..., str]) -> Iterator[Reader]:
    made = Reader(base_url)
    made.sign_in(new_subscriber("mallory"))
    yield made
    made.http.close()


def test_nobody_reaches_anothers_things_on_any_page(
    mallory: Reader,
    reader: Reader,
    alice: httpx.Client,
    ids: dict[str, str],  # noqa: F811
) -> None:
    reader.sign_in(alice.headers["authorization"].removeprefix("Bearer "))
    forms = {one: {"csrf": one.token("/account")} for one in (mallory, reader)}
    reached = set()
    for method, path in sorted(PAGES, key=lambda one: ("delete" in one[1], "watchlist" not in one[1])):
        where = path.format(**ids)
        theirs = mallory.send(where, forms[mallory]) if method == "POST" else mallory.get(where)
        own = reader.send(where, forms[reader]) if method == "POST" else reader.get(where)
        needless = own.status_code == 422 and path.endswith("/confirm")  # a webhook needs no confirmation
        assert own.status_code in (200, 303) or needless, (method, path, own.status_code)
        if theirs.status_code != 404:
            reached.add((method, path, theirs.status_code))
    assert reached == set()


def test_lists_of_private_things_show_ones_own_only(mallory: Reader, ids: dict[str, str]) -> None:  # noqa: F811
    for path in ("/watchlists", "/channels", "/deliveries"):
        page = mallory.get(path).text
        assert not [one for one in ids.values() if one in page]
