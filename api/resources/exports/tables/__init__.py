"""The tables that can be taken away: to add one, write its file and name it here."""

from api.resources.exports.tables.articles import ARTICLES
from api.resources.exports.tables.banks import BANKS
from api.resources.exports.tables.base import Table
from api.resources.exports.tables.deliveries import DELIVERIES
from api.resources.exports.tables.events import EVENTS
from api.resources.exports.tables.firms import FIRMS

TABLES: tuple[Table, ...] = (EVENTS, ARTICLES, BANKS, FIRMS, DELIVERIES)

__all__ = ["ARTICLES", "BANKS", "DELIVERIES", "EVENTS", "FIRMS", "TABLES", "Table"]
