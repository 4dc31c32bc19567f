"""Atom 1.0 (RFC 4287) and its drafts."""

from ingest.formats._feed import read_feed, root_of
from ingest.formats.base import Parsed


class Atom:
    """Documents whose root is <feed>."""

    name = "atom"

    def sniff(self, body: bytes, content_type: str) -> bool:  # noqa: ARG002
        """By the root element; content types of feeds are seldom right."""
        return root_of(body) == "feed"

    def parse(self, body: bytes, *, url: str, zone: str, content_type: str = "") -> Parsed:
        """The entries in the order of the feed."""
        return read_feed(body, url=url, zone=zone, content_type=content_type)
