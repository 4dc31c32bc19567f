"""A small tagger of firms' names for the sentences that may tell an event; see `extractor/models/README.md`."""

from extractor.tagger.decode import Span
from extractor.tagger.hints import DocumentHints
from extractor.tagger.tagger import Tagger

__all__ = ["DocumentHints", "Span", "Tagger"]
