"""RSS 0.9 to 2.0, RSS 1.0 (RDF) included."""

from ingest.formats._feed import read_feed
from ingest.formats._xml import root_of
from ingest.formats.base import Body, Parsed


class Rss:
    """Documents whose root is <rss> or <rdf:RDF>."""

    name = "rss"

    def sniff(self, body: Body) -> bool:
        """By the root element; content types of feeds are seldom right."""
        return root_of(body.content) in {"rss", "rdf"}

    def parse(self, body: Body) -> Parsed:
        """The items in the order of the feed."""
        return read_feed(body)
