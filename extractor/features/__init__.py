"""What is known of a frame's choices, by name: of its anchor, of each lender and borrower, and of the two together.

A feature is a string; its weight is learnt (`train/`). Names tell their part: `a:` anchor, `B:` lender, `F:` borrower,
`P:` the pair. Nothing here holds a name of a bank or firm, so that what is learnt holds for all. What tells features
yields facts, which stand for them (`facts.py`).
"""

from extractor.features.anchor import of_anchor
from extractor.features.facts import Telling, Weights, names
from extractor.features.pair import of_pair
from extractor.features.sides import of_unit

__all__ = ["Telling", "Weights", "names", "of_anchor", "of_pair", "of_unit"]
