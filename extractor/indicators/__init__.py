"""Regional and sector figures: how much banks finance a class of firms, in a region or at one bank.

截至9月末，全省科技贷款余额1.2万亿元，同比增长15% is one figure with its growth. `words`, `numbers`, `dates` and
`places` find what a sentence holds, `figures` tells which number says what of which class, `owners` whose it is, and
`read` is the story. docs/indicators.md says what is kept and what is not; the words stand in
`extractor/data/indicator_*.csv`.
"""

from extractor.indicators.model import Change, Indicator
from extractor.indicators.read import of_page, of_scenes

__all__ = ["Change", "Indicator", "of_page", "of_scenes"]
