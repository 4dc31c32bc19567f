"""The resources, in the order in which the documentation shows them: to add one, make its folder and name it here."""

from fastapi import APIRouter

from api.resources import articles, channels, events, watchlists

ROUTERS: tuple[APIRouter, ...] = (
    events.router,
    articles.router,
    watchlists.router,
    channels.router,
)
