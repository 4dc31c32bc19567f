"""What follows from rows a little later, in the order in which the scheduler's process does it."""

from core import news
from core.catch_up import Duty
from core.partitions import settle
from core.retention import let_go
from extractor import facilities, spelling, text_index
from extractor.past import look_back

HOUR = 3600.0  # seconds; parts are made three months ahead
DUTIES: tuple[Duty, ...] = (
    Duty(spelling.spell_banks, batch=spelling.BATCH),
    Duty(spelling.spell_firms, batch=spelling.BATCH),
    Duty(text_index.index_articles, batch=text_index.BATCH),
    Duty(text_index.index_quotes, batch=text_index.BATCH),
    Duty(facilities.group_shared, batch=facilities.BATCH),
    Duty(look_back),
    Duty(news.number_news, batch=news.MOST),
    Duty(let_go),
    Duty(settle, rest=HOUR),
)
