"""The resources, in the order in which the documentation shows them: to add one, make its folder and name it here."""

from fastapi import APIRouter

from api.resources import (
    articles,
    banks,
    channels,
    deliveries,
    events,
    exports,
    firms,
    health,
    index,
    indicators,
    mail,
    names,
    previews,
    search,
    sources,
    stats,
    stream,
    watched,
    watchlists,
)

ROUTERS: tuple[APIRouter, ...] = (
    events.router,
    articles.router,
    banks.router,
    firms.router,
    names.router,
    search.router,
    exports.router,
    indicators.router,
    stream.router,
    stats.router,
    index.router,
    watchlists.router,
    watched.router,
    channels.router,
    deliveries.router,
    mail.router,
    mail.suppressions,
    sources.router,
    previews.router,
    health.router,
)
