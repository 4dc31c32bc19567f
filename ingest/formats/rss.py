"""RSS 0.9 to 2.0, RSS 1.0 (RDF) included."""

from ingest.formats._feed import read_feed, root_of
from ingest.formats.base import Parsed


class Rss:
    """Documents whose root is <rss> or <rdf:RDF>."""

    name = "rss"

    def sniff(self, body: bytes, content_type: str) -> bool:  # noqa: ARG002
        """By the root element; content types of feeds are seldom right."""
        return root_of(body) in {"rss", "rdf"}

    def parse(self, body: bytes, *, url: str, zone: str, content_type: str = "") -> Parsed:
        """The items in the order of the feed."""
        return read_feed(body, url=url, zone=zone, content_type=content_type)
