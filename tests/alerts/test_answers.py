"""What becomes of an alert after each answer and each trouble on the way, over real servers."""

import re
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime

import pytest

from alerts.channels import _out
from core.clock import now
from tests.alerts.fates import DAY, DONE, GONE, LATER, Alerts, Fate, asked, told_apart
from tests.core.test_http_tls import certificate
from tests.fakes.origin import Origin
from tests.fakes.receiver import Receiver

__all__ = ["certificate"]  # a fixture


DELIVERED = (200, 201, 202, 204, 206, 299)
REDIRECTED = (300, 301, 302, 303, 304, 307, 308)
REFUSED = (400, 401, 403, 404, 405, 406, 408, 409, 411, 413, 415, 418, 422, 423, 425, 428, 429, 431, 451, 499)
BROKEN = (500, 501, 502, 503, 504, 505, 507, 511, 520, 599)


def test_each_status_decides_what_becomes_of_an_alert(alerts: Alerts) -> None:
    wanted = dict.fromkeys(DELIVERED, DONE) | {410: GONE}
    wanted |= dict.fromkeys((*REDIRECTED, *REFUSED, *BROKEN), LATER)
    with Receiver() as elsewhere, Receiver() as receiver:
        found = {}
        for status in wanted:
            receiver.answers = [(status, {"location": elsewhere.url})]
            found[str(status)] = alerts.fate(receiver.url)
        assert len(receiver.received) == len(wanted)
        assert elsewhere.received == []
    assert told_apart(found, {str(status): fate for status, fate in wanted.items()}) == {}


def retry_after_forms() -> dict[str, float | None]:
    """Ways to ask for a later attempt, and the least seconds that they then make it wait (a date is nearer by the time
    that a busy machine takes until it is told); None: they ask nothing."""
    soon, past, far = (now() + timedelta(seconds=s) for s in (7200, -7200, 3 * DAY))
    return {
        "": None,
        "0": None,
        "1": None,
        "120": 120,
        " 120 ": 120,
        "86400": DAY,
        "86401": DAY,
        "999999999999999999999": DAY,
        "-5": None,
        "1.5": None,
        "1e3": None,
        "²": None,
        "soon": None,
        "120, 240": None,
        "Mon, 99 Foo 2026 99:99:99 GMT": None,
        format_datetime(soon, usegmt=True): 7000,
        f"{soon:%A, %d-%b-%y %H:%M:%S} GMT": 7000,  # the two obsolete forms that RFC 9110 has readers accept
        f"{soon:%a %b %e %H:%M:%S %Y}": 7000,
        format_datetime(past, usegmt=True): None,
        format_datetime(far, usegmt=True): DAY,
    }


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_each_form_of_retry_after_is_obeyed_up_to_a_day_and_nonsense_is_none(alerts: Alerts, status: int) -> None:
    found, wanted = {}, {}
    with Receiver() as receiver:
        for form, least in retry_after_forms().items():
            receiver.answers = [(status, {"retry-after": form})]
            found[form] = alerts.fate(receiver.url)
            sound = least is not None or form in ("0", "1") or ("GMT" in form and "Foo" not in form)
            alive = status == 429 and sound
            wanted[form] = asked(least or LATER.wait or 0, alive=alive)
    assert told_apart(found, wanted) == {}


def test_who_asks_to_wait_with_another_status_is_not_obeyed(alerts: Alerts) -> None:
    with Receiver() as receiver:
        for status in (302, 400, 404, 500):
            receiver.answers = [(status, {"retry-after": "7200"})]
            assert told_apart({"": alerts.fate(receiver.url)}, {"": LATER}) == {}


def _read_whole(connection: socket.socket) -> None:
    """Read a request with a content-length to its end."""
    read = b""
    while b"\r\n\r\n" not in read and (more := connection.recv(65536)):
        read += more
    head, _, body = read.partition(b"\r\n\r\n")
    told = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    left = int(told[1]) - len(body) if told else 0
    while left > 0 and (more := connection.recv(left)):
        left -= len(more)


@contextmanager
def raw(answer: bytes, *, reset: bool = False) -> Iterator[str]:
    """The address of a server that reads a request, answers these bytes, and hangs up, or cuts the line."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    _read_whole(connection)  # what is left unread would cut the line
                    connection.sendall(answer)
                    if reset:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hook"
        server.shutdown(socket.SHUT_RDWR)


RAW: dict[bytes, Fate] = {
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n": DONE,
    b"HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\nHTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n": LATER,
    b"HTTP/1.1 100 Continue\r\n\r\n": LATER,
    b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n": LATER,
    b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n": DONE,
    b"HTTP/1.0 200 OK\r\n\r\ntaken": DONE,
    b"HTTP/1.1 600 What\r\ncontent-length: 0\r\n\r\n": LATER,
    b"HTTP/1.1 2000 Much\r\ncontent-length: 0\r\n\r\n": LATER,
    b"SSH-2.0-OpenSSH_9.2\r\n": LATER,
    b"HTTP/1.1 200 OK\r\ncontent-length: nonsense\r\n\r\n": LATER,
    b"\x16\x03\x01\x00\x05hello": LATER,
    b"": LATER,
}


def test_each_broken_answer_is_tried_later_and_interim_ones_are_none(alerts: Alerts) -> None:
    found = {}
    for answer in RAW:
        with raw(answer) as url:
            found[repr(answer)] = alerts.fate(url)
    with raw(b"HTTP/1.1 200 OK\r\n", reset=True) as url:
        found["reset"] = alerts.fate(url)
    assert told_apart(found, {repr(answer): fate for answer, fate in RAW.items()} | {"reset": LATER}) == {}


def test_each_trouble_on_the_way_is_tried_later(
    alerts: Alerts, certificate: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_out, "TOTAL", 1.5)
    _out._ways.clear()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(str(certificate))
    with Origin() as origin, Origin(tls=context) as distrusted:
        wanted = {
            "http://127.0.0.1:9/refused": LATER,
            "http://yinqi-no-such-host.invalid/": LATER,
            distrusted.url("/"): LATER,
            origin.url("/").replace("http:", "https:"): LATER,  # speaks no TLS
            origin.url("/slow"): LATER,  # never answers
            origin.url("/break"): LATER,  # half a body
            origin.url("/drip"): LATER,  # a body that does not end, byte by byte
            origin.url("/endless"): DONE,  # an endless body: 64 KiB of it are read, and 200 stands
            origin.url("/vast"): DONE,
        }
        found = {url: alerts.fate(url) for url in wanted}
    _out._ways.clear()
    assert told_apart(found, wanted) == {}
