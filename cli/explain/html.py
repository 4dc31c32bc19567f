"""An explanation as one page of HTML that stands alone: no script, no font, nothing loaded from anywhere."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cli.explain import wording
from extractor.explanation import Explanation


def page(wholes: Sequence[Explanation]) -> str:
    """The page of one or more articles."""
    return _templates().get_template("page.html").render(articles=wholes)


@lru_cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["w"] = wording
    made.globals["word"] = wording.page_word
    return made
