"""Word lists that are read together find what each finds by itself."""

from __future__ import annotations

import random

from extractor.wordlist import WordList, WordLists


def test_lists_read_together_find_what_each_finds_alone() -> None:
    chance = random.Random(5)
    for _ in range(50):
        lists = {name: {_some(chance, 4): name + str(i) for i in range(8)} for name in ("one", "other")}
        text = _some(chance, 60)
        assert WordLists(lists).find(text) == {name: list(WordList(told).find(text)) for name, told in lists.items()}


def test_the_longest_at_the_leftmost_place_is_found_in_each_list() -> None:
    lists = WordLists({"loan": {"贷款": "loan", "贷款合同": "contract"}, "money": {"款合": "odd", "贷款": "money"}})
    assert lists.find("贷款合同") == {"loan": [(0, 4, "contract")], "money": [(0, 2, "money")]}


def _some(chance: random.Random, most: int) -> str:
    return "".join(chance.choices("贷款银行", k=chance.randint(1, most)))
