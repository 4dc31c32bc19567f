"""The news site: the sample articles as an RSS feed over HTTP, with an ETag, and a page for each."""

import hashlib
from collections.abc import Sequence
from html import escape
from http.server import BaseHTTPRequestHandler

from cli.demo.loopback import Loopback
from seeds.samples import Sample, as_rss


class Feed(Loopback):
    """Serves `articles` at `url`."""

    def __init__(self, articles: Sequence[Sample]) -> None:
        super().__init__(_Handler)
        self.url = f"{self.address}/feed.xml"
        self.document = as_rss(articles, self.address)
        self.etag = f'"{hashlib.sha256(self.document).hexdigest()[:16]}"'
        self.pages = {f"/articles/{article.id}": _page(article) for article in articles}


class _Handler(BaseHTTPRequestHandler):
    server: Feed

    def do_GET(self) -> None:
        if self.path == "/feed.xml":
            self._feed()
        elif page := self.server.pages.get(self.path):
            self._answer(200, "text/html; charset=utf-8", page)
        else:
            self._answer(404, "text/plain", b"not found")

    def _feed(self) -> None:
        if self.headers.get("if-none-match") == self.server.etag:
            self.send_response(304)
            self.send_header("etag", self.server.etag)
            self.end_headers()
        else:
            self._answer(200, "application/rss+xml; charset=utf-8", self.server.document, etag=self.server.etag)

    def _answer(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the ingest service logs its polls."""


def _page(article: Sample) -> bytes:
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in article.text.split("\n\n"))
    head = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{escape(article.title)}</title>'
    return f"{head}<article><h1>{escape(article.title)}</h1>{paragraphs}</article></html>".encode()
