"""What speaks for and against a candidate for one side of a grant: B the lender's, F the borrower's."""

from __future__ import annotations

from extractor.case_words import GETS, GUARANTEE, LENDS, TO
from extractor.features.facts import Fact, Telling
from extractor.features.words import words_beside
from extractor.frames import Frame, Unit
from extractor.joined import meant
from extractor.scene import Ref, Scene

Names = tuple[str, ...]
_Standing = tuple[int, int, bool | None, int, str | None]


def of_unit(frame: Frame, unit: Unit, side: str) -> Telling:
    """What speaks for and against a candidate for one side: B the lender's, F the borrower's."""
    place, group = unit.place, min(len(unit.refs), 4)
    many = min(len(frame.lenders if side == "B" else frame.borrowers), 4)
    form, count = _form_of_bank(unit.ref) if side == "B" else _form_of_firm(frame, unit.ref)
    facts: list[Fact] = [
        (_ranked, side, place, frame.anchor.kind, unit.rank, many),
        (_formed, side, place, form, group, count),
    ]
    stands = unit.at >= 0 and not unit.how.startswith("syndicate")
    beside = stands and (group == 1 or unit.how == "near")
    if unit.at >= 0:
        facts += _between(frame, unit, side)
    if side == "F":
        facts.append(_known(frame, unit, beside))
    if stands:
        facts.append((_stood, side, place, *_standing(frame.scenes[unit.at], unit, side, beside)))
    if not beside:
        return facts, ()
    near = "0" if place[0] == "0" else "-"
    return facts, (words_beside(frame.scenes[unit.at], unit.refs[0].start, unit.refs[-1].end, side, near),)


def _ranked(side: str, place: str, kind: str, rank: int, units: int) -> Names:
    return (
        f"{side}:at={place}",
        f"{side}:at={place}|{kind}",
        f"{side}:rank={rank}|{units}",
        f"{side}:rank={rank}|{place}",
    )


def _formed(side: str, place: str, form: str, group: int, count: int | None) -> Names:
    names = (f"{side}:form={form}", f"{side}:form={form}|{place}", f"{side}:group={group}|{place}")
    return names if count is None else (*names, f"{side}:count={count}", f"{side}:count={count}|{place}")


def _form_of_bank(ref: Ref) -> tuple[str, None]:
    return f"{'named' if ref.named else 'word'}{'+' if ref.branch else ''}", None


def _form_of_firm(frame: Frame, ref: Ref) -> tuple[str, int]:
    """Full, register's, short or undisclosed, as the article tells the firm; ~ where a word stands for it here. And
    how often the article tells of it.
    """
    firm = ref.firm
    assert firm is not None
    count = min(firm.count, 6)
    if not firm.names:
        return "undisclosed", count
    kind = frame.survey.forms.get(id(firm))
    if kind is None:
        kind = "full" if firm.name.endswith("公司") else "register" if firm.entry else "short"
        frame.survey.forms[id(firm)] = kind
    return kind if ref.named else f"{kind}~", count


def _known(frame: Frame, unit: Unit, beside: bool) -> Fact:
    """What the article says of a firm as a whole: whether it is the first, the title's, and whom a pronoun may mean;
    and, where `beside`, whether it stands where the words before the anchor say to whom money goes.
    """
    scene, firm = frame.scene, unit.ref.firm
    first, here = frame.leads
    title = None if scene.title_firm is None else firm is scene.title_firm
    word, meant = scene.pronoun
    told = (firm is first, title, None if here is None else firm is here, word, firm is meant)
    return _led, unit.place, *told, *(_slot(frame, unit) if beside else (None, ""))


def _led(
    place: str,
    first: bool,
    title: bool | None,
    here: bool | None,
    word: str,
    meant: bool,
    inside: str | None,
    slot: str,
) -> Names:
    names = [
        f"F:first={first}",
        f"F:title={'none' if title is None else title}",
        f"F:blockfirst={'none' if here is None else here}|{place}",
    ]
    if word:
        names += [f"F:pron={word}|{meant}", f"F:pron={word}|{first}|{place}", f"F:pron={word}|t{bool(title)}"]
    if inside is not None:
        names.append(f"F:slot={inside}|{slot}" + ("" if inside == "away" else f"|{place}"))
    return tuple(names)


def _slot(frame: Frame, unit: Unit) -> tuple[str, str]:
    """Whether a firm stands where the words before the anchor say to whom money goes, and what stands there."""
    slot, filled = frame.slot
    if unit.at != frame.at:
        return "away", filled
    return str(slot is not None and any(slot[0] <= ref.start < slot[1] for ref in unit.refs)), filled


def _between(frame: Frame, unit: Unit, side: str) -> list[Fact]:
    """What lies between a name and the anchor: banks, firms, sums, lines, clauses, and whether it is another block."""
    place, amount = unit.place, frame.amount
    ref, anchor = unit.ref, frame.anchor
    places = (unit.at, ref.start), (frame.at, anchor.start)
    banks, firms, sums, lines, *told = frame.survey.between(*places, own=meant(ref))
    sign = "<" if ref.start < anchor.start else ">"
    over: Fact = (_over, side, place, sign, min(banks, 3), min(firms, 3), min(sums, 3), min(lines, 3))
    if unit.how.startswith("syndicate"):
        return [over]
    own, block = frame.scenes[unit.at].sentence, frame.scene.sentence.block
    if place not in ("0b", "0a"):
        return [over, (_elsewhere, side, place, own.block is block, own.block.kind, block.kind)]
    gap = abs(own.clause(ref.start) - frame.clause)
    passed = told[side == "F"]
    return [over, (_here, side, place, min(gap, 5), min(passed, 3), None if amount is None else min(sums, 3))]


def _over(side: str, place: str, sign: str, banks: int, firms: int, sums: int, lines: int) -> Names:
    return (
        f"{side}:over={sign}b{min(banks, 2)}f{firms}",
        f"{side}:oversums={sign}{sums}|{min(lines, 2)}",
        f"{side}:blocks={sign}{lines}|{place}",
        f"{side}:overmine={sign}{firms if side == 'F' else banks}|{min(lines, 2)}|{min(sums, 2)}",
    )


def _here(side: str, place: str, gap: int, passed: int, sums: int | None) -> Names:
    names = (f"{side}:clauses={gap}|{place}", f"{side}:passed={passed}|{place}")
    return names if sums is None else (*names, f"{side}:sums_between={sums}|{place}")


def _elsewhere(side: str, place: str, same: bool, own: str, block: str) -> Names:
    return f"{side}:block={same}|{place}", f"{side}:its_block={own}|{block}"


def _standing(scene: Scene, unit: Unit, side: str, beside: bool) -> _Standing:
    """The how many-eth of how many of its sentence a name is; where `beside`, also whether it heads its clause, which
    clause that is, and what the words beside a firm make of it. Told once.
    """
    first, last = unit.refs[0], unit.refs[-1]
    key = (unit.ref.start, first.start, last.end, beside)
    known: _Standing | None = scene.kept.get(key)
    if known is None:
        starts = [ref.start for ref in (scene.banks if side == "B" else scene.firms)]
        number, of = min(starts.index(unit.ref.start), 3), min(len(starts), 4)
        clause = scene.sentence.clause(first.start)
        head = first.start - scene.edges[clause] <= 2 if beside else None
        case = _case(scene, first, last) if beside and side == "F" else None
        known = scene.kept[key] = (number, of, head, min(clause, 2), case)
    return known


def _stood(side: str, place: str, number: int, of: int, head: bool | None, clause: int, case: str | None) -> Names:
    names = [f"{side}:order={number}of{of}|{place}"]
    if head is not None:
        names.append(f"{side}:head={head}{clause}|{place}")
    if case is not None:
        names.append(f"{side}:case={case}|{place}")
    return tuple(names)


def _case(scene: Scene, first: Ref, last: Ref) -> str:
    """What the words beside a firm make of it: to whom is lent, who gets, who is no borrower."""
    text = scene.page_text
    before, behind = text[max(scene.sentence.start, first.start - 8) : first.start], text[last.end : last.end + 16]
    if LENDS.search(before) or GUARANTEE.match(behind):
        return "not"
    if TO.search(before):
        return "to"
    return "gets" if GETS.match(behind) else "none"
