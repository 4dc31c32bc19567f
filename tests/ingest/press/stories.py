"""The invented stories, as their authors wrote them."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Story:
    """What a reader should get back; a paragraph that begins with `## ` is a heading inside the story."""

    name: str
    kicker: str = ""
    headline: list[str] = field(default_factory=list)
    subtitle: str = ""
    byline: str = ""
    caption: str = ""
    paragraphs: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return " ".join(filter(None, [self.kicker, *self.headline, self.subtitle]))

    @property
    def told(self) -> list[str]:
        return [one.removeprefix("## ") for one in self.paragraphs]


def read_stories() -> dict[str, Story]:
    stories: dict[str, Story] = {}
    marks = {"^": "kicker", "_": "subtitle", "@": "byline", "~": "caption"}
    for line in (Path(__file__).parent / "stories.txt").read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if not line or mark == "#":
            continue
        if mark == "=":
            story = stories[rest] = Story(rest)
        elif mark == "!":
            story.headline.append(rest)
        elif mark in marks:
            setattr(story, marks[mark], rest)
        else:
            story.paragraphs.append(line)
    return stories
