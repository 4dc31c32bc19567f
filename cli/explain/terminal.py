"""An explanation on a terminal: coloured by Rich; where colours cannot be shown, kinds stand in brackets."""

from collections.abc import Sequence
from unicodedata import category

from rich.console import Console
from rich.text import Text

from cli.explain import wording
from cli.explain.wording import page_word
from extractor.explanation import Choice, Explanation, Reason, Span, Told

COLOURS = {
    "bank": "bold blue",
    "the_bank": "italic blue",
    "firm": "bold green",
    "short_firm": "green",
    "brand": "green",
    "tagged": "dim green",
    "undisclosed": "dim green",
    "the_firm": "italic green",
    "amount": "bold red",
    "date": "cyan",
    "term": "cyan",
    "instrument": "magenta",
    "collateral": "magenta",
    "status": "yellow",
    "refusal": "strike bright_black",
}
SHOWN = 4
"""Features shown for and against a choice; the page of HTML holds all."""


def show(whole: Explanation, console: Console) -> None:
    """Print one article's explanation."""
    _Printed(console).whole(whole)


class _Printed:
    def __init__(self, console: Console) -> None:
        self.console = console
        self.plain = not console.is_terminal or console.no_color

    def whole(self, whole: Explanation) -> None:
        day = whole.published.isoformat()[:10] if whole.published else page_word("undated")
        self.line(self.marked(whole.title or page_word("untitled"), whole.in_title), f"  {day}", style="bold")
        if not whole.worth_reading:
            self.line(page_word("aside"))
        self.section("article")
        self.line(self.marked(whole.text, whole.spans))
        if not self.plain:
            self.line(*self.legend())
        self.memory(whole)
        self.events(whole)
        self.frames(whole)
        self.refused(whole)

    def memory(self, whole: Explanation) -> None:
        self.section("memory", *wording.words_meant(whole), *whole.firms)
        for span in wording.words_meant(whole):
            self.line("  ", Text(span.text, style=self.style(span.kind)), f" {page_word('means')} {span.means}")
        for firm in whole.firms:
            more = [f"{page_word('names')} {'、'.join(firm.names)}"] if firm.names else []
            more.append(page_word("times", count=firm.count))
            more += [page_word("register", name=firm.register)] if firm.register else []
            self.line("  ", Text(firm.name, style=self.style("firm")), f"  {'；'.join(more)}")

    def events(self, whole: Explanation) -> None:
        self.section("events", *whole.events)
        for made in whole.events:
            sure = f"  {page_word('confidence')} {made.event.confidence:.2f}"
            self.line(f"  {made.number}  ", Text(wording.event_line(made.event), style=self.bold()), sure)
            frames = "、".join(f"#{number}" for number in dict.fromkeys(made.frames))
            self.line(f"     {page_word('from_frames')} {frames}；“{' '.join(made.event.evidence.split())}”")

    def frames(self, whole: Explanation) -> None:
        self.section("frames", *whole.frames)
        for told in whole.frames:
            anchor = Text(told.anchor.text, style=self.style(told.anchor.kind))
            self.line(f"  #{told.number}  ", anchor, "  ", self.sentence(whole, told))
            for choice in told.choices:
                self.choice(choice, whole.threshold)

    def sentence(self, whole: Explanation, told: Told) -> Text:
        text = whole.text[told.start : told.end].replace("\n", " ")
        return self.marked(text, wording.within(whole.spans, told.start, told.end))

    def choice(self, choice: Choice, threshold: float) -> None:
        sign = "✓" if choice.events else "✗"
        style = "" if self.plain else "bold" if choice.events else "dim"
        told = f"{choice.bank}（{wording.found(choice.bank_from)}）→ {choice.firm}（{wording.found(choice.firm_from)}）"
        self.line(f"      {sign} {told} {choice.confidence:.2f}  {wording.fate(choice, threshold)}", style=style)
        for side, reasons in wording.sides(choice):
            self.reasons(side, reasons)

    def reasons(self, side: str, reasons: Sequence[Reason]) -> None:
        told = "，".join(f"{wording.feature(one.feature)} {one.weight:+.2f}" for one in reasons[:SHOWN])
        if told:
            self.line(f"          {page_word(side)} {told}", style="" if self.plain else "dim")

    def refused(self, whole: Explanation) -> None:
        self.section("refused", *whole.refused)
        for one in whole.refused:
            self.line("  ", Text(one.span.text, style=self.style(one.span.kind)), f"  {wording.why(one)}")

    def section(self, name: str, *held: object) -> None:
        """A heading; with nothing under it (where something is counted) it says so."""
        self.line("")
        empty = name != "article" and not held
        self.line(page_word(name), f"  {page_word('none')}" if empty else "", style=self.bold())

    def marked(self, text: str, spans: Sequence[Span]) -> Text:
        """A text with its spans coloured, or in brackets with their kinds: [银行 工行]."""
        out = Text()
        for piece, span in wording.pieces(text, spans):
            if span is None:
                out.append(piece)
            elif self.plain:
                out.append(f"[{wording.kind(span)} {piece}]")
            else:
                out.append(piece, style=COLOURS.get(span.kind, ""))
        return out

    def legend(self) -> Sequence[Text]:
        return [Text(f"{wording.words()['kind'][kind]} ", style=style) for kind, style in COLOURS.items()]

    def style(self, kind: str) -> str:
        return "" if self.plain else COLOURS.get(kind, "")

    def bold(self) -> str:
        return "" if self.plain else "bold"

    def line(self, *parts: str | Text, style: str = "") -> None:
        # never wrapped where it is piped on; control characters of an article stay out of the terminal
        text = Text.assemble(*parts, style=style)
        text.plain = "".join("�" if category(sign)[0] == "C" and sign != "\n" else sign for sign in text.plain)
        self.console.print(text, soft_wrap=self.plain, highlight=False)
