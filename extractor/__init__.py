"""From an article to its financing events: normalise -> stories -> sentences -> mentions -> frames -> events.

`extract` is a pure function of title, text, day and lexicon. The text is folded to half width and simplified script
with every character's way back kept (`normalise`), cut into blocks and sentences (`stories`, `sentences`), read by the
catalogue (`recognisers/`), remembered (`identity`, `memory`: who 该行 and 公司 are), and told as proposals (`frames`)
that are weighed (`confidence`) and joined (`assemble`) into events.
"""

from extractor.extract import ENGINE_VERSION, extract
from extractor.lexicon import Lexicon
from extractor.model import Amount, Event, Extraction, Mention, Referral

__all__ = ["ENGINE_VERSION", "Amount", "Event", "Extraction", "Lexicon", "Mention", "Referral", "extract"]
