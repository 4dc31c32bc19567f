"""`yinqi extract --explain`: readable in a pipe, coloured on a terminal, and a page that stands alone."""

import io
import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import Result
from markupsafe import escape
from rich.console import Console
from typer.testing import CliRunner

from cli.explain import page, show, wording
from cli.explain.terminal import COLOURS
from cli.main import app
from extractor.explain import explain
from extractor.explanation import Explanation, Span
from extractor.recognisers import RECOGNISERS
from tests.extractor.readers import LEXICON

TEXT = (
    "近日，招商银行苏州分行向苏州明远机器人股份有限公司（以下简称“明远机器人”）发放知识产权质押贷款2000万元。"
    "该行还向该公司发放信用贷款500万元。截至2月末，该行科技贷款余额突破300亿元。"
)
HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e"


@pytest.fixture(scope="module")
def whole() -> Explanation:
    return explain(title="专利换钱" + HOSTILE, text=TEXT + HOSTILE, published=date(2026, 3, 13), lexicon=LEXICON)


def extracted(*arguments: str, **line: str) -> Result:
    article = {"id": "a", "title": "专利换钱", "published": "2026-03-13", "text": TEXT, **line}
    return CliRunner().invoke(app, ["extract", *arguments], input=json.dumps(article))


def printed(whole: Explanation, *, terminal: bool) -> str:
    out = io.StringIO()
    colours = "standard" if terminal else None
    # no_color=False: CI sets NO_COLOR for its own log
    show(whole, Console(file=out, force_terminal=terminal, color_system=colours, no_color=False, width=100))
    return out.getvalue()


def test_a_pipe_gets_plain_text_with_everything_in_it() -> None:
    result = extracted("--explain")
    assert result.exit_code == 0, result.stderr
    assert "\x1b" not in result.stdout
    for told in ("[银行 招商银行苏州分行]", "[金额 2000万元]", "该行 指 招商银行苏州分行", "成为事件1", "支持", "反对"):
        assert told in result.stdout
    assert "突破300亿元  句中有排除词" in result.stdout


def test_a_terminal_gets_colours_instead_of_brackets(whole: Explanation) -> None:
    shown = printed(whole, terminal=True)
    assert "\x1b[1;34m招商银行苏州分行" in shown
    assert "[银行" not in shown


def test_an_article_cannot_steer_the_terminal(whole: Explanation) -> None:
    assert "\x1b" not in printed(whole, terminal=False)
    assert "\u202e" not in printed(whole, terminal=True)
    assert "\x1b[31m\u202e" not in printed(whole, terminal=True)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        self.ids |= {value or "" for name, value in attrs if name == "id"}
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone_and_runs_nothing(whole: Explanation) -> None:
    html = page([whole])
    tags = _Tags()
    tags.feed(html)
    assert tags.open == []
    assert not {"script", "link", "img", "iframe", "object"} & set(tags.tags)
    assert "url(" not in html and "@import" not in html
    assert all(link.startswith("#") and link[1:] in tags.ids for link in tags.links)
    assert "&lt;script&gt;" in html


def test_the_page_says_all_that_the_explanation_holds(whole: Explanation) -> None:
    html = page([whole])
    for made in whole.events:
        assert f"{made.event.confidence:.2f}" in html
    for frame in whole.frames:
        for choice in frame.choices:
            assert wording.fate(choice, whole.threshold) in html
            assert all(f"<code>{escape(reason.feature)}</code>" in html for reason in choice.reasons)
    for one in whole.refused:
        assert wording.why(one) in html


def test_the_page_goes_into_a_file_and_the_terminal_stays_quiet(tmp_path: Path) -> None:
    result = extracted("--explain", "--html", str(tmp_path / "out.html"))
    assert (result.exit_code, result.stdout) == (0, "")
    assert "苏州明远机器人股份有限公司" in (tmp_path / "out.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("options", [["--html", "x.html"], ["--explain", "--merge"]])
def test_options_that_do_not_go_together_are_refused(options: list[str]) -> None:
    result = extracted(*options)
    assert result.exit_code == 2
    assert "--explain" in result.stderr


def test_every_kind_that_is_recognised_has_its_word_and_its_colour() -> None:
    kinds = {recogniser.kind for recogniser in RECOGNISERS} | {"the_bank", "the_firm"}
    assert kinds <= set(wording.words()["kind"])
    assert kinds <= set(COLOURS)
    styled = set(re.findall(r"mark\.(\w+)", (Path(wording.__file__).parent / "page.html").read_text(encoding="utf-8")))
    assert kinds <= styled


def test_every_character_is_shown_once_where_spans_overlap() -> None:
    spans = [Span("status", 0, 4, "", ""), Span("bank", 2, 6, "", ""), Span("instrument", 5, 8, "", "")]
    cut = list(wording.pieces("零一二三四五六七八九", spans))
    assert "".join(piece for piece, _ in cut) == "零一二三四五六七八九"
    assert [(piece, span.kind) for piece, span in cut if span] == [("二三四五", "bank")]
