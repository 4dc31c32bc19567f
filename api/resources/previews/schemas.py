"""What goes in and out of `/v1/sources/preview`."""

from typing import Any

from pydantic import Field

from api.resources.sources.schemas import Kind, Url
from api.schemas import In, Moment, Out, Text, examples

EXAMPLE: dict[str, Any] = {"url": "https://news.example.com/"}


class PreviewIn(In):
    """An address to look at. With a `kind` or a `selector` (CSS, of a list page's links) it is read as that alone."""

    model_config = examples(EXAMPLE, {"url": "https://bank.example.com/news/", "selector": "ul.news a"})

    url: Url
    kind: Kind | None = None
    selector: Text | None = Field(None, max_length=500)


class SampleOut(Out):
    """One article as it would be collected: its first words, none of a link whose page was not fetched."""

    title: str
    url: str | None
    published: Moment | None
    text: str


class CandidateOut(Out):
    """One way to collect from an address. `how` tells where it was found, `items` how many there are now, `samples` the
    first of them. `full_text`: its texts are cut, and their pages tell more."""

    kind: str
    url: str
    title: str
    how: str
    items: int
    samples: list[SampleOut]
    selector: str | None
    full_text: bool


class OtherOut(Out):
    """What else was looked at, and why it is no candidate."""

    url: str
    reason: str


class PreviewOut(Out):
    """The candidates in order of trust, none where nothing was found."""

    candidates: list[CandidateOut]
    others: list[OtherOut]
