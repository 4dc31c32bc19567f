"""What an address would give, asked by the API and answered by ingest."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.resources.previews import routes
from core.models import Preview, Source
from core.settings import settings
from ingest import preview
from ingest.isolate import Readers
from tests.api.conftest import Subscribe
from tests.fakes.origin import Origin
from tests.ingest.test_discover import alternate, feed, page


@contextmanager
def answering() -> Iterator[None]:
    """What the ingest process does about previews, in a thread."""
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    with Readers(1) as readers:
        thread = threading.Thread(target=loop.run_until_complete, args=(preview.serve(readers, stop),))
        thread.start()
        try:
            yield
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()


@pytest.fixture
def patient(alice: httpx.Client) -> httpx.Client:
    """Somebody who waits for as long as a look may take."""
    alice.timeout = httpx.Timeout(60)
    return alice


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as server, answering():
        server.add("/", **page(alternate("/rss")))
        server.add("/rss", body=feed("第一条", "第二条"))
        yield server


def test_what_an_address_would_give_is_answered_and_nothing_is_saved(
    patient: httpx.Client, session: Session, origin: Origin
) -> None:
    answer = patient.post("/v1/sources/preview", json={"url": origin.url("/")})
    assert answer.status_code == 200, answer.text
    [candidate, *_] = answer.json()["candidates"]
    assert (candidate["kind"], candidate["url"], candidate["title"]) == ("rss", origin.url("/rss"), "样例财经")
    assert [sample["title"] for sample in candidate["samples"]] == ["第一条", "第二条"]
    assert candidate["samples"][0]["published"].endswith("Z")
    assert session.scalar(select(func.count()).select_from(Source)) == 0


def test_a_kind_is_read_as_that_alone(patient: httpx.Client, origin: Origin) -> None:
    answer = patient.post("/v1/sources/preview", json={"url": origin.url("/"), "kind": "rss"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body.url"


def test_an_address_that_gives_nothing_is_answered_with_what_was_looked_at(
    patient: httpx.Client, origin: Origin
) -> None:
    origin.add("/empty", **page(alternate("/gone")))
    told = patient.post("/v1/sources/preview", json={"url": origin.url("/empty")}).json()
    assert told["candidates"] == []
    assert any(one["url"] == origin.url("/gone") and "404" in one["reason"] for one in told["others"])


@pytest.mark.ssrf
def test_an_inner_address_is_refused_and_never_called(
    patient: httpx.Client, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINQI_ALLOWED_NETWORKS", "")
    settings.cache_clear()
    with Origin() as canary:
        for url in (canary.url("/rss"), canary.url("/rss", host="localhost")):
            answer = patient.post("/v1/sources/preview", json={"url": url})
            assert answer.status_code == 422
        assert canary.connections == 0


def test_a_folder_that_is_not_open_is_refused(alice: httpx.Client) -> None:
    answer = alice.post("/v1/sources/preview", json={"url": "file:///etc"})
    assert answer.status_code == 422
    assert "YINQI_FOLDERS" in answer.text


def test_without_an_ingest_service_the_wait_has_an_end(
    alice: httpx.Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "PATIENCE", 0.3)
    answer = alice.post("/v1/sources/preview", json={"url": "https://news.example.com/"})
    assert answer.status_code == 504
    assert "ingest" in answer.json()["detail"]
    assert session.scalar(select(func.count()).select_from(Preview)) == 1


def test_looking_needs_the_operators_scope(subscribe: Subscribe) -> None:
    reader = subscribe("reader", scopes=("read", "write"))
    assert reader.post("/v1/sources/preview", json={"url": "https://news.example.com/"}).status_code == 403


def test_a_question_that_nobody_waits_for_any_more_is_not_answered(session: Session) -> None:
    old = Preview(url="https://news.example.com/", asked_at=func.now() - preview._WAITED_FOR * 2)
    session.add(old)
    session.commit()
    with Readers(1) as readers:
        assert not preview.answer_next(readers)
