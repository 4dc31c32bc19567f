"""A table of names finds what an automaton finds, and a lexicon laid over one is as one built of all names."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.register import FirmEntry
from extractor.lexicon import Automaton, Lexicon, digest, watched_keys
from extractor.name_table import LONGEST, NameTable, build

FEW = "澄砺航芯𠮷A"
NAMES = st.dictionaries(st.text(FEW, min_size=2, max_size=7), st.integers(0, 3), max_size=25)
ENTRIES = [json.dumps({"number": number}).encode() for number in range(4)]


def table(names: dict[str, int]) -> NameTable:
    return NameTable(build(names, ENTRIES), lambda told: FirmEntry(name=f"firm {told['number']}"))


@settings(max_examples=300, deadline=None)
@given(NAMES, st.text(FEW + "。", max_size=60), st.integers(0, 5))
def test_a_table_finds_what_an_automaton_finds(names: dict[str, int], text: str, start: int) -> None:
    built = table(names)
    assert list(built.find(text, start)) == list(Automaton(dict.fromkeys(names)).find(text, start))
    assert len(built) == len(names)
    for name, number in names.items():
        assert built.get(name) == FirmEntry(name=f"firm {number}")
    assert built.get(text + "不") is None


@settings(max_examples=300, deadline=None)
@given(NAMES, NAMES, st.text(FEW + "。", max_size=60))
def test_newer_names_over_a_table_are_found_as_if_built_with_it(
    old: dict[str, int], new: dict[str, int], text: str
) -> None:
    firms = {name: FirmEntry(name=f"newer {number}") for name, number in new.items()}
    laid = Lexicon(table(old), frozenset(), "1", Automaton(firms))
    whole = Lexicon(Automaton({name: FirmEntry(name=f"firm {n}") for name, n in old.items()} | firms), frozenset(), "1")
    assert list(laid.find(text)) == list(whole.find(text))


def test_what_is_only_watched_keeps_the_entry_of_the_table() -> None:
    watched = watched_keys(["澄砺"])
    lexicon = Lexicon(table({"澄砺": 1}), watched, "1", Automaton(dict.fromkeys(watched)))
    (hit,) = lexicon.find("澄砺开业")
    assert hit.entry == FirmEntry(name="firm 1")
    assert lexicon.is_watched("澄砺") and list(lexicon.watched_in("在澄砺")) == [(1, 3)]


def test_an_empty_table_knows_nothing() -> None:
    assert list(table({}).find("澄砺航芯")) == [] and table({}).get("澄砺") is None


def test_names_too_long_for_a_table_are_left_out() -> None:
    long = "澄" * (LONGEST + 1)
    built = table({long: 0, long[1:]: 1})
    assert built.get(long) is None and [hit[:2] for hit in built.find(long)] == [(0, LONGEST)]


def test_broken_surrogates_and_other_planes_do_no_harm() -> None:
    built = table({"\ud800澄": 0, "𠮷澄砺": 1})
    assert [hit[2] for hit in built.find("a\ud800澄b𠮷澄砺")] == ["\ud800澄", "𠮷澄砺"]


@pytest.mark.parametrize("data", [b"", b"not a table", bytes(5000)])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no table"):
        NameTable(data)


def test_a_digest_tells_other_names_and_other_entries_apart() -> None:
    one, other = FirmEntry(name="澄砺"), FirmEntry(name="澄砺", tech=True)
    told = {digest({"澄砺": one}, ()), digest({"澄砺": other}, ()), digest({"澄砺": one}, ["澄砺"]), digest({}, ())}
    assert len(told) == 4
