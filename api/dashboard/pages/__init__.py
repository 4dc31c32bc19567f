"""The pages, in the order of the menu: to add one, write its file, its template and its words, and name it here."""

from api.dashboard.page import Page
from api.dashboard.pages import account, feed, preferences, sign_in

PAGES: tuple[Page, ...] = (
    feed.PAGE,
    account.PAGE,
    sign_in.PAGE,
    preferences.PAGE,
)
