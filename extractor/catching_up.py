"""What follows from rows a little later, in the order in which the scheduler's process does it."""

from core import news, retention
from core.catch_up import Duty
from core.models import BankAlias, FirmAlias
from core.partitions import settle
from extractor import facilities, past, spelling, text_index

HOUR = 3600.0  # seconds; parts are made three months ahead
DUTIES: tuple[Duty, ...] = (
    Duty(spelling.spell_banks, batch=spelling.BATCH, open_=spelling.unspelt(BankAlias)),
    Duty(spelling.spell_firms, batch=spelling.BATCH, open_=spelling.unspelt(FirmAlias)),
    Duty(text_index.index_articles, batch=text_index.BATCH, open_=text_index.OPEN_ARTICLES),
    Duty(text_index.index_quotes, batch=text_index.BATCH, open_=text_index.OPEN_QUOTES),
    Duty(facilities.group_shared, batch=facilities.BATCH, open_=facilities.OPEN),
    Duty(past.look_back, open_=past.OPEN),
    Duty(news.number_news, batch=news.MOST, open_=news.OPEN),
    Duty(retention.let_go, open_=retention.OPEN),
    Duty(settle, rest=HOUR),
)
