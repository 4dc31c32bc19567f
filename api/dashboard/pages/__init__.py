"""The pages, in the order of the menu: to add one, write its file, its template and its words, and name it here."""

from api.dashboard.page import Page
from api.dashboard.pages import (
    account,
    articles,
    banks,
    corrections,
    dossier,
    events,
    failed,
    feed,
    firms,
    index,
    indicators,
    network,
    preferences,
    search,
    sign_in,
    sources,
    statistics,
    watchlists,
)

PAGES: tuple[Page, ...] = (
    feed.PAGE,
    search.PAGE,
    events.PAGE,
    corrections.PAGE,
    articles.PAGE,
    firms.PAGE,
    banks.PAGE,
    network.PAGE,
    watchlists.PAGE,
    sources.PAGE,
    failed.PAGE,
    dossier.PAGE,
    statistics.PAGE,
    index.PAGE,
    indicators.PAGE,
    account.PAGE,
    sign_in.PAGE,
    preferences.PAGE,
)
