"""Atom 1.0 (RFC 4287) and its drafts."""

from ingest.formats._feed import read_feed
from ingest.formats._xml import root_of
from ingest.formats.base import Body, Parsed


class Atom:
    """Documents whose root is <feed>."""

    name = "atom"

    def sniff(self, body: Body) -> bool:
        """By the root element; content types of feeds are seldom right."""
        return root_of(body.content) == "feed"

    def parse(self, body: Body) -> Parsed:
        """The entries in the order of the feed."""
        return read_feed(body)
