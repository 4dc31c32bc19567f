"""The typed Python client of Yinqi's API.

from yinqi import Client

with Client("http://127.0.0.1:8080", key) as yinqi:
    for event in yinqi.events(firm="示例机器人", min_amount=10_000_000):
        print(event.bank.name, event.amount, event.evidence[0].quote)
"""

from yinqi.client import Client, ProblemError
from yinqi.models import (
    Amount,
    Article,
    ArticleBrief,
    Bank,
    Event,
    Evidence,
    Firm,
    NewArticle,
    PushReport,
    Source,
)
from yinqi.news import News
from yinqi.own import Channel, Delivery, NewChannel, NewWatchlist, Watchlist, Window

__all__ = [
    "Amount",
    "Article",
    "ArticleBrief",
    "Bank",
    "Channel",
    "Client",
    "Delivery",
    "Event",
    "Evidence",
    "Firm",
    "NewArticle",
    "NewChannel",
    "NewWatchlist",
    "News",
    "ProblemError",
    "PushReport",
    "Source",
    "Watchlist",
    "Window",
]
