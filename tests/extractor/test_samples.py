"""The demo's sample articles come out whole: what each tells, and nothing else."""

from datetime import date
from functools import cache

import pytest

from extractor import Lexicon, extract
from seeds.registers import read_banks, read_firms
from seeds.samples import Sample, samples

DAY = date(2026, 11, 21)


@cache
def _lexicon() -> Lexicon:
    return Lexicon.build(read_banks(), read_firms())


@pytest.mark.parametrize("sample", samples(DAY), ids=lambda sample: sample.id)
def test_a_sample_tells_what_it_is_expected_to_and_nothing_else(sample: Sample) -> None:
    found = extract(title=sample.title, text=sample.text, published=sample.published, lexicon=_lexicon())
    got = {
        (e.bank, e.firm or e.firm_description, e.instrument, e.amount.min if e.amount else None) for e in found.events
    }
    expected = {(x.bank, x.firm or x.firm_description, x.instrument, x.amount_min) for x in sample.expected}
    assert got == expected
