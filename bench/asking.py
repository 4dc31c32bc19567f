"""Questions to a large history and to a small one, side by side: filters, pairs of them, searches, depth, figures.

Both stand on servers of their own, have their files in memory (some 8 GB for the large one) and are asked in turn, so
that whatever else the machine does meets both alike.
"""

import os
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import combinations
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
from sqlalchemy.engine import make_url

from bench import history
from bench.report import Row, percentile, say
from bench.stack import Broken, api_alone, child
from core.instruments import INSTRUMENTS, STATUSES
from core.settings import settings

FEW, MANY, ARTICLES = 10_000, 1_000_000, 5  # events, and articles for each
LIMIT, ROUNDS, OF_PAIRS, WORST = 20, 40, 8, 5
MOST = 2  # times the small history's 95th percentile
DEEP = 10_000  # the depth of a page, in pages of LIMIT
SPELLS, PAGES = 10, 100  # for the API's own share: spells of requests, and requests of each in one
_PIECE = 2**22  # bytes read at once
Ask = Callable[[httpx.Client], float]
Both = tuple[httpx.Client, httpx.Client]
Side = tuple[httpx.Client, psutil.Process, str, dict[str, Any]]  # who is asked, its process, for what

FILTERS: dict[str, Callable[[int], Any]] = {
    "bank": lambda n: f"样例银行{1 + n % history.BANKS}",
    "firm": lambda n: f"样例智能科技第{1 + n}有限公司",
    "branch": lambda n: f"{history.PLACES[n % len(history.PLACES)][1]}分行",
    "tech": lambda n: ("true", "false")[n % 2],
    "instrument": lambda n: INSTRUMENTS[n % len(INSTRUMENTS)],
    "sector": lambda n: history.SECTORS[n % len(history.SECTORS)],
    "region": lambda n: history.PLACES[n % len(history.PLACES)][n // 7 % 2],
    "status": lambda n: STATUSES[n % len(STATUSES)],
    "currency": lambda _: "CNY",
    "min_amount": lambda n: 1e6 * (n * 97 % 500),
    "max_amount": lambda n: 1e6 * (n * 89 % 500 + 1),
    "date_from": lambda n: f"{2024 + n % 3}-0{1 + n % 9}-01",
    "date_to": lambda n: f"{2024 + n % 3}-0{1 + n % 9}-28",
    "since": lambda n: f"{2024 + n % 3}-0{1 + n % 9}-01",
    "until": lambda n: f"{2024 + n % 3}-0{1 + n % 9}-28",
    "confidence": lambda n: 0.5 + n % 50 / 100,
    "source": lambda n: f"样例财经{n % 30}",
    "q": lambda n: history.WORDS[n % len(history.WORDS)] if n % 2 else history.rare(n),
}
OWN_PAGES: dict[str, dict[str, Any]] = {
    "evidence full": {"limit": 50, "evidence": "full"},
    "evidence none": {"limit": 50, "evidence": "none"},
    "of tech firms": {"limit": 50, "evidence": "full", "tech": "true"},
    "of one instrument": {"limit": 50, "evidence": "full", "instrument": INSTRUMENTS[0]},
    "of one instrument in one province": {
        "limit": 50,
        "evidence": "full",
        "instrument": INSTRUMENTS[0],
        "region": history.PLACES[0][0],
    },
    "of one bank": {"limit": 50, "evidence": "full", "bank": FILTERS["bank"](0)},
    "of one outlet": {"limit": 50, "evidence": "full", "source": FILTERS["source"](0)},
    "by what quotes say": {"limit": 50, "evidence": "full", "q": FILTERS["q"](1)},
}
SEARCHES: dict[str, Callable[[int], str]] = {
    "a common word": lambda n: history.WORDS[n % 4],
    "a word": lambda n: history.WORDS[n % len(history.WORDS)],
    "two words": lambda n: f"{history.WORDS[n % 28]} {history.WORDS[(n + 9) % 28]}",
    "a rare word": history.rare,
    "words that never meet": lambda n: f"{history.rare(n)} {history.rare(n + 1)}",
}
FIGURES: dict[str, tuple[str, dict[str, Any]]] = {
    "by month": ("/v1/stats", {"by": "month"}),
    "by bank": ("/v1/stats", {"by": "bank"}),
    "by month, all that is left out too": (
        "/v1/stats",
        {"by": "month", "include": ["planned", "cooperation", "non_tech"]},
    ),
    "by month of one bank": ("/v1/stats", {"by": "month", "bank": "样例银行1"}),
    "league of firms": ("/v1/stats/league", {"of": "firm"}),
    "league of firms by sum": ("/v1/stats/league", {"of": "firm", "order": "sum"}),
    "matrix": ("/v1/stats/matrix", {}),
    "network": ("/v1/network", {}),
    "index": ("/v1/index", {}),
}


def run(few: int = FEW, many: int = MANY) -> list[Row]:
    """Everything, on a history of `few` events beside one of `many`."""
    with ExitStack() as exits:
        small, _ = _history(exits, few)
        large, process = _history(exits, many)
        both: Both = (small, large)
        rows: list[Row] = []
        rows += _filters(both)
        rows += _searches(both)
        rows += [
            Row(f"statistics, {what}", *_beside(_rounds(both, _get(*asked), 3))) for what, asked in FIGURES.items()
        ]
        rows += _depth(large, many)
        rows += _own_share(large, process)
        return rows


def _history(exits: ExitStack, events: int) -> tuple[httpx.Client, psutil.Process]:
    """The API over a history of so many events, and its process."""
    api, pid = exits.enter_context(api_alone())
    say(f"making {events:,} events, {events * ARTICLES:,} articles")
    url = make_url(settings().database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        history.fill(connection, events, articles=events * ARTICLES)
        _read_files(connection)
    return api, psutil.Process(pid)


def _read_files(connection: psycopg.Connection[Any]) -> None:
    """Have the system keep the server's files in memory, so that both histories are asked as warm ones.

    Which pages of the large one a question meets for the first time is chance, and no property of its plan.
    """
    [[folder]] = connection.execute("SHOW data_directory").fetchall()
    for path in Path(folder, "base").rglob("*"):
        if path.is_file():
            with path.open("rb", buffering=0) as file:
                while file.read(_PIECE):
                    pass


def _get(path: str, query: dict[str, Any]) -> Callable[[int], Ask]:
    """Asks a path, whichever round it is."""
    return lambda _: lambda api: _seconds(api, path, query)


def _seconds(api: httpx.Client, path: str, query: dict[str, Any]) -> float:
    began = time.perf_counter()
    answer = api.get(path, params=query)
    spent = time.perf_counter() - began
    if answer.status_code != 200:
        raise Broken(f"{path} {query} answered {answer.status_code}: {answer.text[:200]}")
    return spent


def _rounds(both: Both, ask: Callable[[int], Ask], rounds: int) -> list[list[float]]:
    """Seconds of each round at the small and at the large history, asked in turn after one to warm up."""
    spent = [[ask(number)(api) for api in both] for number in range(rounds + 1)]
    return [list(column) for column in zip(*spent[1:], strict=True)]


def _beside(spent: list[list[float]]) -> tuple[str, str]:
    few, many = (percentile(one, 0.95) for one in spent)
    return f"{many * 1000:,.1f} ms", f"{few * 1000:,.1f} ms in the small history: {many / few:.2f} times"


def _events(number: int, names: tuple[str, ...]) -> dict[str, Any]:
    asked = {name: FILTERS[name](number + place) for place, name in enumerate(names)}
    for least, most in (("min_amount", "max_amount"), ("date_from", "date_to"), ("since", "until")):
        if least in asked and most in asked and asked[least] > asked[most]:
            asked[least], asked[most] = asked[most], asked[least]
    return asked | {"limit": LIMIT}


def _of(names: tuple[str, ...]) -> Callable[[int], Ask]:
    return lambda number: lambda api: _seconds(api, "/v1/events", _events(number, names))


def _filters(both: Both) -> Iterator[Row]:
    """Each filter, and of all pairs the worst."""
    yield Row("events, no filter (p95)", *_beside(_rounds(both, _of(()), ROUNDS)))
    for name in FILTERS:
        say(f"filter {name}")
        yield Row(f"events, {name}", *_beside(_rounds(both, _of((name,)), ROUNDS)))
    pairs: dict[tuple[str, ...], list[list[float]]] = {}
    for one, other in combinations(FILTERS, 2):
        say(f"filters {one} and {other}")
        pairs[one, other] = _rounds(both, _of((one, other)), OF_PAIRS)
    every = [[each for spent in pairs.values() for each in spent[side]] for side in (0, 1)]
    yield Row(f"events, all {len(pairs)} pairs of filters together", *_beside(every))
    for names in [names for names, spent in pairs.items() if _ratio(spent) > MOST]:  # of few rounds one may be amiss
        say(f"filters {' and '.join(names)} once more")
        pairs[names] = _rounds(both, _of(names), ROUNDS)
    above = sum(_ratio(spent) > MOST for spent in pairs.values())
    yield Row(f"pairs above {MOST} times", str(above), "at most 0")
    for names in sorted(pairs, key=lambda one: -_ratio(pairs[one]))[:WORST]:
        yield Row(f"the worst of them: {' and '.join(names)}", *_beside(pairs[names]))


def _ratio(spent: list[list[float]]) -> float:
    few, many = (percentile(one, 0.95) for one in spent)
    return many / few


def _searches(both: Both) -> Iterator[Row]:
    for kind in ("articles", "events"):
        for what, word in SEARCHES.items():
            say(f"search of {kind}: {what}")
            asked = _search(f"/v1/search/{kind}", word)
            yield Row(f"search of {kind}, {what}", *_beside(_rounds(both, asked, ROUNDS)))


def _search(path: str, word: Callable[[int], str]) -> Callable[[int], Ask]:
    return lambda number: lambda api: _seconds(api, path, {"q": word(number), "limit": LIMIT})


def _depth(api: httpx.Client, events: int) -> Iterator[Row]:
    """The first page beside one that is reached by reading all before it."""
    depth = min(DEEP, events // LIMIT // 2)
    for sort in ("-first_seen", "-amount"):
        asked: dict[str, Any] = {"sort": sort, "limit": 200, "fields": "id"}
        for read in range(depth * LIMIT // 200):
            say(f"reading to page {depth:,} by {sort}: {read * 200 // LIMIT:,}")
            asked["cursor"] = api.get("/v1/events", params=asked).json()["next"]
        first = {"sort": sort, "limit": LIMIT}
        spent = [
            [_seconds(api, "/v1/events", one) for one in (first, {**first, "cursor": asked["cursor"]})]
            for _ in range(ROUNDS)
        ]
        one, deep = (percentile(list(column), 0.95) for column in zip(*spent, strict=True))
        yield Row(
            f"page {depth:,} by {sort}",
            f"{deep * 1000:,.1f} ms",
            f"page 1 {one * 1000:,.1f} ms: {deep / one:.2f} times",
        )


def _own_share(api: httpx.Client, process: psutil.Process) -> Iterator[Row]:
    """CPU time of the API's process beside that of a FastAPI route that has the same page ready-made.

    Both are asked in turn, one request of each after the other: what a process pays for a request depends on what the
    machine did since its last one (a route that is asked again at once finds all at hand, and takes little more than
    half the time). Asked by itself, a hundred times on end, is told too.
    """
    for what, asked in OWN_PAGES.items():
        with _ready_made(api.get("/v1/events", params=asked).content) as (bare, other):
            sides: tuple[Side, ...] = ((api, process, "/v1/events", asked), (bare, other, "/page", {}))
            in_turn, apart = [0.0, 0.0], [0.0, 0.0]
            for _ in range(SPELLS):
                in_turn = [sum(one) for one in zip(in_turn, _cpu(*sides), strict=True)]
                apart = [had + _cpu(side)[0] for had, side in zip(apart, sides, strict=True)]
        (own, made), (own_apart, made_apart) = ([each / SPELLS * 1000 for each in one] for one in (in_turn, apart))
        yield Row(
            f"the API's own share of a page of 50, {what} (CPU time)",
            f"{own:.2f} ms",
            f"{made:.2f} ms of a FastAPI route that has it ready-made, asked in turn: {own / made:.2f} times; "
            f"each by itself {own_apart:.2f} and {made_apart:.2f} ms: {own_apart / made_apart:.2f}",
        )


def _cpu(*sides: Side) -> list[float]:
    """Seconds of each side's process for each of its requests, asked in turn; its idle work aside."""
    for api, _, path, query in sides:
        _seconds(api, path, query)
    before = [sum(process.cpu_times()[:2]) for _, process, _, _ in sides]
    for _ in range(PAGES):
        for api, _, path, query in sides:
            _seconds(api, path, query)
    after = [sum(process.cpu_times()[:2]) for _, process, _, _ in sides]
    return [(late - early) / PAGES for early, late in zip(before, after, strict=True)]


@contextmanager
def _ready_made(page: bytes) -> Iterator[tuple[httpx.Client, psutil.Process]]:
    with ExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="yq")))
        (folder / "page.json").write_bytes(page)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
        arguments = ("bench.ready_made", port, str(folder / "page.json"))
        pid = exits.enter_context(child(*arguments, environment=dict(os.environ)))
        api = exits.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60))
        for _ in range(100):
            try:
                api.get("/page")
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        yield api, psutil.Process(pid)
