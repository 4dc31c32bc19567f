"""The catalogue of what can be recognised, in the order in which it runs. To add one, see `base.py`."""

from extractor.recognisers.amounts import Amounts
from extractor.recognisers.banks import Banks
from extractor.recognisers.base import Mark, Recogniser
from extractor.recognisers.brands import Brands
from extractor.recognisers.collaterals import Collaterals
from extractor.recognisers.dates import Dates
from extractor.recognisers.firms import Firms
from extractor.recognisers.instruments import Instruments
from extractor.recognisers.refusals import Refusals
from extractor.recognisers.short_names import ShortNames
from extractor.recognisers.slotted import Slotted
from extractor.recognisers.statuses import Statuses
from extractor.recognisers.tagged import Tagged
from extractor.recognisers.terms import Terms
from extractor.recognisers.undisclosed import Undisclosed

RECOGNISERS: tuple[Recogniser, ...] = (
    Banks(),
    Firms(),
    ShortNames(),
    Brands(),
    Slotted(),
    Tagged(),
    Undisclosed(),
    Amounts(),
    Dates(),
    Terms(),
    Instruments(),
    Collaterals(),
    Statuses(),
    Refusals(),
)

__all__ = ["RECOGNISERS", "Mark", "Recogniser"]
