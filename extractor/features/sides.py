"""What speaks for and against a candidate for one side of a grant: B the lender's, F the borrower's."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.case_words import GETS, GUARANTEE, LENDS, TO
from extractor.features.view import meant, told, where, within
from extractor.frames import Frame, Unit
from extractor.memory import Ref, Scene


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
    banks, firms, sums, blocks = frame.between(unit)
    sign = "<" if unit.ref.start < frame.anchor.start else ">"
    yield f"{side}:over={sign}b{min(banks, 2)}f{min(firms, 3)}"
    yield f"{side}:oversums={sign}{min(sums, 3)}|{min(blocks, 2)}"
    yield f"{side}:blocks={sign}{min(blocks, 3)}|{place}"
    mine = firms if side == "F" else banks
    yield f"{side}:overmine={sign}{min(mine, 3)}|{min(blocks, 2)}|{min(sums, 2)}"


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
    """The words and senses left and right of a name; what hangs on the name alone is made once for all frames."""
    if len(unit.refs) > 1 and unit.how != "near":
        return
    scene = frame.scenes[unit.at]
    first, last = unit.refs[0], unit.refs[-1]
    near = "0" if place[0] == "0" else "-"
    key = (first.start, last.end, near)
    if key not in scene.beside:
        scene.beside[key] = tuple(_words_beside(scene, first, last, f"{side}:", near))
    yield from scene.beside[key]
    clause = scene.sentence.clause(first.start)
    begin = scene.sentence.start if clause == 0 else scene.sentence.commas[clause - 1] + 1
    yield f"{side}:head={first.start - begin <= 2}{min(clause, 2)}|{place}"
    if side == "F":
        yield f"F:case={_case(scene, first, last)}|{place}"
        yield from _slot(frame, unit, place)


def _slot(frame: Frame, unit: Unit, place: str) -> Iterator[str]:
    slot, filled = frame.slot
    if unit.at == frame.at:
        inside = slot is not None and any(slot[0] <= ref.start < slot[1] for ref in unit.refs)
        yield f"F:slot={inside}|{filled}|{place}"
    else:
        yield f"F:slot=away|{filled}"


def _case(scene: Scene, first: Ref, last: Ref) -> str:
    """What the words beside a firm make of it: to whom is lent, who gets, who is no borrower."""
    text = scene.page_text
    before, behind = text[max(scene.sentence.start, first.start - 8) : first.start], text[last.end : last.end + 16]
    if LENDS.search(before) or GUARANTEE.match(behind):
        return "not"
    if TO.search(before):
        return "to"
    return "gets" if GETS.match(behind) else "none"


def _words_beside(scene: Scene, first: Ref, last: Ref, head: str, near: str) -> Iterator[str]:
    words = told(scene)
    at, after = words.index(first.start), words.index(last.end)
    left, left2 = (words.words[at - n] if at >= n else "^" for n in (1, 2))
    right, right2 = (words.words[after + n] if after + n < len(words.words) else "$" for n in (0, 1))
    yield f"{head}l={left}|{near}"
    yield f"{head}l2={left2} {left}|{near}"
    yield f"{head}r={right}|{near}"
    yield f"{head}r2={right} {right2}|{near}"
    yield f"{head}r2w={right2}|{near}"
    clause = scene.sentence.clause(first.start)
    begin = scene.sentence.start if clause == 0 else scene.sentence.commas[clause - 1] + 1
    end = next((comma for comma in scene.sentence.commas if comma >= last.end), scene.sentence.end)
    yield from (f"{head}w={word}|{near}" for word in words.between(last.end, end)[:6])
    found = meant(scene)
    yield from (f"{head}after={name}|{near}" for name in within(found, last.end, end))
    yield from (f"{head}before={name}|{near}" for name in within(found, begin, first.start))
    follows = next((sense for sense in found if sense.start >= last.end), None)
    if follows is not None:
        gap = min((follows.start - last.end) // 3, 3)
        yield from (f"{head}next={name}{gap}|{near}" for name in follows.names)
    leads = next((sense for sense in reversed(found) if sense.end <= first.start), None)
    if leads is not None:
        gap = min((first.start - leads.end) // 3, 3)
        yield from (f"{head}last={name}{gap}|{near}" for name in leads.names)


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
