"""What speaks for and against a candidate for one side of a grant: B the lender's, F the borrower's."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.case_words import GETS, GUARANTEE, LENDS, TO
from extractor.features.view import meant, recipient, slot_of, told, where, within
from extractor.frames import Frame, Unit
from extractor.memory import Ref


def of_unit(frame: Frame, unit: Unit, side: str) -> Iterator[str]:
    """What speaks for and against a candidate for one side: B the lender's, F the borrower's."""
    place = where(frame, unit)
    units = frame.lenders if side == "B" else frame.borrowers
    form = _form(unit.ref, side)
    yield f"{side}:at={place}"
    yield f"{side}:at={place}|{frame.anchor.kind}"
    yield f"{side}:rank={unit.rank}|{min(len(units), 4)}"
    yield f"{side}:rank={unit.rank}|{place}"
    yield f"{side}:form={form}"
    yield f"{side}:form={form}|{place}"
    yield f"{side}:group={min(len(unit.refs), 4)}|{place}"
    yield from _passed(frame, unit, side, place)
    if unit.ref.firm is not None:
        yield from _known(frame, unit, place)
        yield f"{side}:count={min(unit.ref.firm.count, 6)}"
        yield f"{side}:count={min(unit.ref.firm.count, 6)}|{place}"
    if unit.at < 0 or unit.how.startswith("syndicate"):
        return
    yield from _beside(frame, unit, side, place)
    scene = frame.scenes[unit.at]
    sentence = scene.sentence
    if place in ("0b", "0a"):
        gap = abs(sentence.clause(unit.ref.start) - sentence.clause(frame.anchor.start))
        yield f"{side}:clauses={min(gap, 5)}|{place}"
        lo, hi = sorted((unit.ref.start, frame.anchor.start))
        same = scene.banks if side == "B" else scene.firms
        passed = sum(lo < ref.start < hi for ref in same)
        yield f"{side}:passed={min(passed, 3)}|{place}"
        if frame.amount is not None:
            sums = sum(lo < m.start < hi for m in scene.within("amount"))
            yield f"{side}:sums_between={min(sums, 3)}|{place}"
    else:
        block = frame.scene.sentence.block
        yield f"{side}:block={sentence.block is block}|{place}"
        yield f"{side}:its_block={sentence.block.kind}|{block.kind}"
    mine = [ref.start for ref in (scene.banks if side == "B" else scene.firms)]
    yield f"{side}:order={min(mine.index(unit.ref.start), 3)}of{min(len(mine), 4)}|{place}"


def _passed(frame: Frame, unit: Unit, side: str, place: str) -> Iterator[str]:
    """How many banks, firms, sums and lines lie between a name and the anchor."""
    if unit.at < 0:
        return
    lo, hi = sorted((unit.ref.start, frame.anchor.start))
    first, last = sorted((unit.at, frame.at))
    between = frame.scenes[first : last + 1]
    sign = "<" if unit.ref.start < frame.anchor.start else ">"
    banks = {ref.bank for scene in between for ref in scene.banks if lo < ref.start < hi} - {unit.ref.bank}
    firms = {id(ref.firm) for scene in between for ref in scene.firms if lo < ref.start < hi} - {id(unit.ref.firm)}
    sums = sum(lo < m.start < hi for scene in between for m in scene.within("amount"))
    blocks = len({scene.sentence.block.start for scene in between}) - 1
    yield f"{side}:over={sign}b{min(len(banks), 2)}f{min(len(firms), 3)}"
    yield f"{side}:oversums={sign}{min(sums, 3)}|{min(blocks, 2)}"
    yield f"{side}:blocks={sign}{min(blocks, 3)}|{place}"
    mine = firms if side == "F" else banks
    yield f"{side}:overmine={sign}{min(len(mine), 3)}|{min(blocks, 2)}|{min(sums, 2)}"


def _known(frame: Frame, unit: Unit, place: str) -> Iterator[str]:
    """What the article says of a firm as a whole: whether it is the first, the title's, and whom a pronoun may mean."""
    scene, firm = frame.scene, unit.ref.firm
    first, here = frame.leads
    yield f"F:first={firm is first}"
    yield f"F:title={'none' if scene.title_firm is None else firm is scene.title_firm}"
    yield f"F:blockfirst={'none' if here is None else firm is here}|{place}"
    pronoun = next((ref for ref in scene.firms if not ref.named), None)
    if pronoun is not None:
        word = scene.page_text[pronoun.start : pronoun.end][:2]
        yield f"F:pron={word}|{firm is pronoun.firm}"
        yield f"F:pron={word}|{firm is first}|{place}"
        yield f"F:pron={word}|t{firm is scene.title_firm}"


def _beside(frame: Frame, unit: Unit, side: str, place: str) -> Iterator[str]:
    """The words left and right of a name."""
    scene = frame.scenes[unit.at]
    words = told(scene)
    first, last = unit.refs[0], unit.refs[-1]
    if len(unit.refs) > 1 and unit.how != "near":
        return
    at, after = words.index(first.start), words.index(last.end)
    left = words.words[at - 1] if at > 0 else "^"
    left2 = words.words[at - 2] if at > 1 else "^"
    right = words.words[after] if after < len(words.words) else "$"
    right2 = words.words[after + 1] if after + 1 < len(words.words) else "$"
    near = "0" if place[0] == "0" else "-"
    yield f"{side}:l={left}|{near}"
    yield f"{side}:l2={left2} {left}|{near}"
    yield f"{side}:r={right}|{near}"
    yield f"{side}:r2={right} {right2}|{near}"
    yield f"{side}:r2w={right2}|{near}"
    clause = scene.sentence.clause(first.start)
    starts = scene.sentence.start if clause == 0 else scene.sentence.commas[clause - 1] + 1
    yield f"{side}:head={first.start - starts <= 2}{min(clause, 2)}|{place}"
    if side == "F":
        text = scene.page_text
        before, behind = text[max(scene.sentence.start, first.start - 8) : first.start], text[last.end : last.end + 16]
        case = (
            "not"
            if LENDS.search(before) or GUARANTEE.match(behind)
            else "to"
            if TO.search(before)
            else "gets"
            if GETS.match(behind)
            else "none"
        )
        yield f"F:case={case}|{place}"
        # what the clause says after the firm, when it is told elsewhere
    end = next((comma for comma in scene.sentence.commas if comma >= last.end), scene.sentence.end)
    if side == "F" and unit.at == frame.at:
        slot = recipient(frame)
        inside = slot is not None and any(slot[0] <= ref.start < slot[1] for ref in unit.refs)
        yield f"F:slot={inside}|{slot_of(frame)}|{place}"
    elif side == "F":
        yield f"F:slot=away|{slot_of(frame)}"
    found = meant(scene)
    for name in within(found, last.end, end):
        yield f"{side}:after={name}|{near}"
    for name in within(found, starts, first.start):
        yield f"{side}:before={name}|{near}"
    behind_it = next((sense for sense in found if sense.start >= last.end), None)
    if behind_it is not None:
        yield from (f"{side}:next={name}{min((behind_it.start - last.end) // 3, 3)}|{near}" for name in behind_it.names)
    ahead = [sense for sense in found if sense.end <= first.start]
    if ahead:
        yield from (
            f"{side}:last={name}{min((first.start - ahead[-1].end) // 3, 3)}|{near}" for name in ahead[-1].names
        )
    for word in words.between(last.end, end)[:6]:
        yield f"{side}:w={word}|{near}"


def _form(ref: Ref, side: str) -> str:
    if side == "B":
        return f"{'named' if ref.named else 'word'}{'+' if ref.branch else ''}"
    firm = ref.firm
    if firm is None:
        return "none"
    if not firm.names:
        return "undisclosed"
    kind = "full" if firm.name.endswith("公司") else "register" if firm.entry else "short"
    return f"{kind}{'' if ref.named else '~'}"
