"""What speaks for and against a candidate for one side of a grant: B the lender's, F the borrower's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractor.case_words import GETS, GUARANTEE, LENDS, TO
from extractor.features.facts import Fact
from extractor.features.words import words_beside
from extractor.frames import Frame, Unit
from extractor.scene import Ref, Scene
from extractor.survey import Between


def of_unit(frame: Frame, unit: Unit, side: str) -> Iterator[Fact]:
    """What speaks for and against a candidate for one side: B the lender's, F the borrower's."""
    place, ref, group = unit.place, unit.ref, min(len(unit.refs), 4)
    units = frame.lenders if side == "B" else frame.borrowers
    yield _ranked, side, place, frame.anchor.kind, unit.rank, min(len(units), 4)
    if ref.firm is None:
        yield _formed, side, place, _form_of_bank(ref), group, None
    else:
        yield _formed, side, place, _form_of_firm(frame, ref), group, min(ref.firm.count, 6)
        yield _known(frame, unit)
    if unit.at < 0:
        return
    between = frame.between(unit)
    yield _passed(frame, unit, side, between)
    if unit.how.startswith("syndicate"):
        return
    if len(unit.refs) == 1 or unit.how == "near":
        yield from _beside(frame, unit, side)
    scene, block = frame.scenes[unit.at], frame.scene.sentence.block
    if place in ("0b", "0a"):
        yield _here(frame, unit, side, between)
    else:
        own = scene.sentence.block
        yield _elsewhere, side, place, own is block, own.kind, block.kind
    starts = [other.start for other in scene.refs(side)]
    yield _nth, side, place, min(starts.index(ref.start), 3), min(len(starts), 4)


def _ranked(side: str, place: str, kind: str, rank: int, units: int) -> Iterator[str]:
    yield f"{side}:at={place}"
    yield f"{side}:at={place}|{kind}"
    yield f"{side}:rank={rank}|{units}"
    yield f"{side}:rank={rank}|{place}"


def _formed(side: str, place: str, form: str, group: int, count: int | None) -> Iterator[str]:
    yield f"{side}:form={form}"
    yield f"{side}:form={form}|{place}"
    yield f"{side}:group={group}|{place}"
    if count is not None:
        yield f"{side}:count={count}"
        yield f"{side}:count={count}|{place}"


def _form_of_bank(ref: Ref) -> str:
    return f"{'named' if ref.named else 'word'}{'+' if ref.branch else ''}"


def _form_of_firm(frame: Frame, ref: Ref) -> str:
    """Full, register's, short or undisclosed, as the article tells the firm; ~ where a word stands for it here."""
    firm = ref.firm
    if firm is None or not firm.names:
        return "undisclosed"
    kind = frame.survey.forms.get(id(firm))
    if kind is None:
        kind = "full" if firm.name.endswith("公司") else "register" if firm.entry else "short"
        frame.survey.forms[id(firm)] = kind
    return kind if ref.named else f"{kind}~"


def _known(frame: Frame, unit: Unit) -> Fact:
    """What the article says of a firm as a whole: whether it is the first, the title's, and whom a pronoun may mean."""
    scene, firm = frame.scene, unit.ref.firm
    first, here = frame.leads
    title = None if scene.title_firm is None else firm is scene.title_firm
    word, meant = scene.pronoun
    return _led, unit.place, firm is first, title, None if here is None else firm is here, word, firm is meant


def _led(place: str, first: bool, title: bool | None, here: bool | None, word: str, meant: bool) -> Iterator[str]:
    yield f"F:first={first}"
    yield f"F:title={'none' if title is None else title}"
    yield f"F:blockfirst={'none' if here is None else here}|{place}"
    if word:
        yield f"F:pron={word}|{meant}"
        yield f"F:pron={word}|{first}|{place}"
        yield f"F:pron={word}|t{bool(title)}"


def _passed(frame: Frame, unit: Unit, side: str, between: Between) -> Fact:
    """How many banks, firms, sums and lines lie between a name and the anchor."""
    sign = "<" if unit.ref.start < frame.anchor.start else ">"
    banks, firms, sums, lines = between[:4]
    return _over, side, unit.place, sign, min(banks, 3), min(firms, 3), min(sums, 3), min(lines, 3)


def _over(side: str, place: str, sign: str, banks: int, firms: int, sums: int, lines: int) -> Iterator[str]:
    yield f"{side}:over={sign}b{min(banks, 2)}f{firms}"
    yield f"{side}:oversums={sign}{sums}|{min(lines, 2)}"
    yield f"{side}:blocks={sign}{lines}|{place}"
    yield f"{side}:overmine={sign}{firms if side == 'F' else banks}|{min(lines, 2)}|{min(sums, 2)}"


def _here(frame: Frame, unit: Unit, side: str, between: Between) -> Fact:
    """How many clauses, names of its kind and sums lie between the anchor and a name in its sentence."""
    sentence = frame.scene.sentence
    gap = abs(sentence.clause(unit.ref.start) - sentence.clause(frame.anchor.start))
    passed = between.banks_told if side == "B" else between.firms_told
    sums = None if frame.amount is None else min(between.sums, 3)
    return _near, side, unit.place, min(gap, 5), min(passed, 3), sums


def _near(side: str, place: str, gap: int, passed: int, sums: int | None) -> Iterator[str]:
    yield f"{side}:clauses={gap}|{place}"
    yield f"{side}:passed={passed}|{place}"
    if sums is not None:
        yield f"{side}:sums_between={sums}|{place}"


def _elsewhere(side: str, place: str, same: bool, own: str, block: str) -> Iterator[str]:
    yield f"{side}:block={same}|{place}"
    yield f"{side}:its_block={own}|{block}"


def _nth(side: str, place: str, number: int, of: int) -> Iterator[str]:
    yield f"{side}:order={number}of{of}|{place}"


def _beside(frame: Frame, unit: Unit, side: str) -> Sequence[Fact]:
    """The words and senses left and right of a name, and what they make of it; kept for the frames near it."""
    scene, (first, last) = frame.scenes[unit.at], (unit.refs[0], unit.refs[-1])
    near = "0" if unit.place[0] == "0" else "-"
    key = (first.start, last.end, near)
    known: tuple[Fact, ...] | None = scene.kept.get(key)
    if known is None:
        known = scene.kept[key] = tuple(words_beside(scene, first.start, last.end, side, near))
    case = _case(scene, first, last) if side == "F" else None
    clause = scene.sentence.clause(first.start)
    stands: Fact = (_stands, side, unit.place, first.start - scene.edges[clause] <= 2, min(clause, 2), case)
    return (*known, stands, _slot(frame, unit)) if side == "F" else (*known, stands)


def _stands(side: str, place: str, head: bool, clause: int, case: str | None) -> Iterator[str]:
    yield f"{side}:head={head}{clause}|{place}"
    if case is not None:
        yield f"{side}:case={case}|{place}"


def _case(scene: Scene, first: Ref, last: Ref) -> str:
    """What the words beside a firm make of it: to whom is lent, who gets, who is no borrower."""
    key = ("case", first.start, last.end)
    known: str | None = scene.kept.get(key)
    if known is None:
        known = scene.kept[key] = _case_of(scene, first, last)
    return known


def _case_of(scene: Scene, first: Ref, last: Ref) -> str:
    text = scene.page_text
    before, behind = text[max(scene.sentence.start, first.start - 8) : first.start], text[last.end : last.end + 16]
    if LENDS.search(before) or GUARANTEE.match(behind):
        return "not"
    if TO.search(before):
        return "to"
    return "gets" if GETS.match(behind) else "none"


def _slot(frame: Frame, unit: Unit) -> Fact:
    """Whether a firm stands where the words before the anchor say to whom money goes."""
    slot, filled = frame.slot
    if unit.at != frame.at:
        return _fills, "away", filled, None
    inside = slot is not None and any(slot[0] <= ref.start < slot[1] for ref in unit.refs)
    return _fills, inside, filled, unit.place


def _fills(inside: bool | str, filled: str, place: str | None) -> Iterator[str]:
    yield f"F:slot={inside}|{filled}" + ("" if place is None else f"|{place}")
