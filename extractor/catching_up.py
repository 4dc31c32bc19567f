"""What follows from rows a little later, in the order in which the scheduler's process does it."""

from core.catch_up import Duty, Seldom
from core.news import number_news
from core.partitions import settle
from core.retention import let_go
from extractor.facilities import group_shared
from extractor.past import look_back
from extractor.spelling import spell_banks, spell_firms
from extractor.text_index import index_articles, index_quotes

HOUR = 3600.0  # seconds; parts are made three months ahead
DUTIES: tuple[Duty, ...] = (
    spell_banks,
    spell_firms,
    index_articles,
    index_quotes,
    group_shared,
    look_back,
    number_news,
    let_go,
    Seldom(settle, HOUR),
)
