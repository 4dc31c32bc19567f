"""A sync client: one method for each thing that the API does; lists are iterators that fetch page after page."""

from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

import httpx
from pydantic import BaseModel, ValidationError

from yinqi import figures, found, models, own
from yinqi.corrections import Corrections
from yinqi.dossiers import Dossiers
from yinqi.keys import Keys
from yinqi.problems import ProblemError
from yinqi.problems import plain as _plain
from yinqi.problems import problem as _problem
from yinqi.profiles import ProfileCalls
from yinqi.registers import Registers
from yinqi.stats import StatsCalls
from yinqi.taking import Taking

__all__ = ["Client", "ProblemError"]
M = TypeVar("M", bound=BaseModel)
Id = UUID | str


class Client(StatsCalls, ProfileCalls, Taking, Registers, Corrections, Dossiers, Keys):
    """Speaks to the Yinqi at `base_url` with an API `key`; `timeout` in seconds.

    Raises ProblemError where the API refuses, httpx.HTTPError where it cannot be reached.
    """

    def __init__(self, base_url: str, key: str | None = None, *, timeout: float = 30.0) -> None:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        self._http = httpx.Client(base_url=base_url, headers=headers, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    # Events

    def events(self, *, limit: int = 50, **filters: Any) -> Iterator[models.Event]:
        """Events that pass every filter: bank, branch, firm, tech, instrument, sector, region, status, source, q …;
        newest first, or by `sort`; `evidence` none, sparse or full."""
        return self._pages("/v1/events", models.Event, limit, filters)

    def event_fields(self, *fields: str, limit: int = 50, **filters: Any) -> Iterator[dict[str, Any]]:
        """Only these fields of the same events, as plain JSON values."""
        asked = {**filters, "fields": ",".join(fields)}
        return (one.model_dump(mode="json") for one in self._pages("/v1/events", models.Part, limit, asked))

    def count_events(self, **filters: Any) -> int:
        """How many events pass every filter."""
        asked = {name: value for name, value in _plain(filters).items() if value is not None}
        found = self._call("GET", "/v1/events", params={**asked, "limit": 1, "fields": "id", "total": True})
        return int(found["total"])

    def event(self, event_id: Id) -> models.Event:
        """One event."""
        return self._get(f"/v1/events/{event_id}", models.Event)

    def event_versions(self, event_id: Id) -> list[models.Version]:
        """Every version of an event, oldest first."""
        found = self._call("GET", f"/v1/events/{event_id}/versions")
        return [models.Version.model_validate(item) for item in found["items"]]

    # Articles

    def articles(self, *, limit: int = 50, **filters: Any) -> Iterator[models.ArticleBrief]:
        """Articles without their texts, last collected first; filters: source, state, since."""
        return self._pages("/v1/articles", models.ArticleBrief, limit, filters)

    def article(self, article_id: Id) -> models.Article:
        """One article with its text and what was read in it."""
        return self._get(f"/v1/articles/{article_id}", models.Article)

    def article_revisions(self, article_id: Id) -> list[models.Revision]:
        """What an article said before it was corrected, the first version first."""
        answer = self._call("GET", f"/v1/articles/{article_id}/revisions")
        return [models.Revision.model_validate(one) for one in answer["items"]]

    def push(self, articles: models.NewArticle | Iterable[models.NewArticle]) -> models.PushReport:
        """Push articles, at most 1,000 at once; the report tells what became of each. Needs the operator scope."""
        given = [articles] if isinstance(articles, models.NewArticle) else articles
        body = [article.model_dump(mode="json", exclude_none=True) for article in given]
        return models.PushReport.model_validate(self._call("POST", "/v1/articles", json=body))

    # Names

    def names(self, q: str, **filters: Any) -> list[found.FoundName]:
        """Banks and firms that `q` may mean, the likeliest first; filters: kind (bank or firm), limit."""
        answer = self._call("GET", "/v1/names", params={"q": q, **filters})
        return [found.FoundName.model_validate(item) for item in answer["items"]]

    # Referrals

    def referrals(self, *, limit: int = 50, **filters: Any) -> Iterator[found.Referral]:
        """Which firm recommended which to a bank, last told first; filters: firm, bank, confidence."""
        return self._pages("/v1/referrals", found.Referral, limit, filters)

    def referral_chains(self, **filters: Any) -> list[found.Chain]:
        """Recommendations end to end, the longest first; filters: firm, bank, confidence, least (firms)."""
        answer = self._call("GET", "/v1/referrals/chains", params=filters)
        return [found.Chain.model_validate(item) for item in answer["items"]]

    # Search

    def search_articles(self, q: str, *, limit: int = 20, **filters: Any) -> Iterator[found.FoundArticle]:
        """Articles in which all pieces of `q` (set apart by blanks) stand; filters: sort (newest or best)."""
        return self._pages("/v1/search/articles", found.FoundArticle, limit, {"q": q, **filters})

    def search_events(self, q: str, *, limit: int = 20) -> Iterator[found.FoundEvent]:
        """Live events in one of whose quotes all pieces of `q` stand."""
        return self._pages("/v1/search/events", found.FoundEvent, limit, {"q": q})

    # Figures

    def indicators(self, *, limit: int = 50, **filters: Any) -> Iterator[figures.Series]:
        """Series of regional and sector figures; filters: region, kind, subject, bank, whose, date_from, date_to …"""
        return self._pages("/v1/indicators", figures.Series, limit, filters)

    def indicator(self, series_id: Id) -> figures.Series:
        """One series."""
        return self._get(f"/v1/indicators/{series_id}", figures.Series)

    def indicator_points(self, series_id: Id, *, limit: int = 50, **filters: Any) -> Iterator[figures.Point]:
        """The points of a series with their sources, last date first; filters: date_from, date_to."""
        return self._pages(f"/v1/indicators/{series_id}/points", figures.Point, limit, filters)

    # Watchlists and channels

    def watchlists(self, *, limit: int = 50) -> Iterator[own.Watchlist]:
        """Your watchlists."""
        return self._pages("/v1/watchlists", own.Watchlist, limit, {})

    def watchlist(self, watchlist_id: Id) -> own.Watchlist:
        """One of your watchlists."""
        return self._get(f"/v1/watchlists/{watchlist_id}", own.Watchlist)

    def watched_articles(self, watchlist_id: Id, *, limit: int = 50) -> Iterator[found.WatchedArticle]:
        """Articles in which stands what one of your watchlists names, past ones too; last collected first."""
        return self._pages(f"/v1/watchlists/{watchlist_id}/articles", found.WatchedArticle, limit, {})

    def create_watchlist(self, new: own.NewWatchlist) -> own.Watchlist:
        """Watch banks and firms."""
        return self._post("/v1/watchlists", new, own.Watchlist)

    def update_watchlist(self, watchlist_id: Id, **changes: Any) -> own.Watchlist:
        """Change what is named; a list that is named is replaced as a whole."""
        found = self._call("PATCH", f"/v1/watchlists/{watchlist_id}", json=_plain(changes))
        return own.Watchlist.model_validate(found)

    def backtest(
        self, watchlist: Id | own.NewWatchlist, *, since: str | None = None, until: str | None = None, limit: int = 100
    ) -> own.Backtest:
        """What a watchlist, one of yours or one not saved, would have told since 30 days ago, or as given."""
        asked = {"limit": limit} | {name: at for name, at in (("since", since), ("until", until)) if at}
        if isinstance(watchlist, own.NewWatchlist):
            draft = {**asked, "watchlist": watchlist.model_dump(mode="json")}
            return own.Backtest.model_validate(self._call("POST", "/v1/watchlists/backtest", json=draft))
        found = self._call("POST", f"/v1/watchlists/{watchlist}/backtest", json=asked)
        return own.Backtest.model_validate(found)

    def delete_watchlist(self, watchlist_id: Id) -> None:
        """Stop watching."""
        self._call("DELETE", f"/v1/watchlists/{watchlist_id}")

    def channels(self, *, limit: int = 50) -> Iterator[own.Channel]:
        """Your channels."""
        return self._pages("/v1/channels", own.Channel, limit, {})

    def channel(self, channel_id: Id) -> own.Channel:
        """One of your channels."""
        return self._get(f"/v1/channels/{channel_id}", own.Channel)

    def create_channel(self, new: own.NewChannel) -> own.Channel:
        """A new place to send to; `secret` of the answer is never shown again."""
        return self._post("/v1/channels", new, own.Channel)

    def update_channel(self, channel_id: Id, **changes: Any) -> own.Channel:
        """Rename it, give it another config, pause it (`paused`), or switch it on or off (`enabled`)."""
        return own.Channel.model_validate(self._call("PATCH", f"/v1/channels/{channel_id}", json=_plain(changes)))

    def rotate_channel_secret(self, channel_id: Id) -> own.Channel:
        """A new signing secret, shown this once; for 24 hours the old one signs too."""
        return own.Channel.model_validate(self._call("POST", f"/v1/channels/{channel_id}/rotate"))

    def test_channel(self, channel_id: Id) -> UUID:
        """Send a test alert; the id of its delivery, which tells what came of it."""
        return UUID(self._call("POST", f"/v1/channels/{channel_id}/test")["delivery"])

    def confirm_channel(self, channel_id: Id) -> UUID:
        """Ask an e-mail channel's address once more to confirm; the id of that delivery."""
        return UUID(self._call("POST", f"/v1/channels/{channel_id}/confirm")["delivery"])

    def delete_channel(self, channel_id: Id) -> None:
        """Send there no more."""
        self._call("DELETE", f"/v1/channels/{channel_id}")

    # Deliveries, sources, health

    def deliveries(self, *, limit: int = 50, **filters: Any) -> Iterator[own.Delivery]:
        """What was or is to be sent to your channels, newest first; filters: state (failed: dead letters), channel,
        type, event, article, since, until."""
        return self._pages("/v1/deliveries", own.Delivery, limit, filters)

    def delivery_counts(self, **filters: Any) -> list[own.ChannelCounts]:
        """For each of your channels how many deliveries wait, arrived and were given up; filters: since, until."""
        query = {name: value for name, value in _plain(filters).items() if value is not None}
        found = self._call("GET", "/v1/deliveries/counts", params=query)["items"]
        return [own.ChannelCounts.model_validate(one) for one in found]

    def delivery(self, delivery_id: Id) -> own.Delivery:
        """One delivery with its body and every attempt."""
        return self._get(f"/v1/deliveries/{delivery_id}", own.Delivery)

    def resend(self, delivery_id: Id) -> own.Delivery:
        """Send one delivery once more: the same id and body, a fresh count of attempts."""
        return own.Delivery.model_validate(self._call("POST", f"/v1/deliveries/{delivery_id}/resend"))

    def resend_all(self, **chosen: Any) -> int:
        """Send all once more that are chosen by state, since, until, channel; how many those are."""
        return int(self._call("POST", "/v1/deliveries/resend", json=_plain(chosen))["count"])

    def sources(self, *, limit: int = 50, **filters: Any) -> Iterator[models.Source]:
        """Where articles come from, and how each is; filter: health (`troubled`: in any way but ok)."""
        return self._pages("/v1/sources", models.Source, limit, filters)

    def source_errors(self, source_id: Id | None = None, *, limit: int = 50) -> Iterator[models.SourceError]:
        """What could not be read of a source, or of pushed text where none is named."""
        path = "/v1/sources/errors" if source_id is None else f"/v1/sources/{source_id}/errors"
        return self._pages(path, models.SourceError, limit, {})

    # Subscribers

    def subscriber(self) -> own.Subscriber:
        """Whose key it is that asks."""
        return self._get("/v1/subscriber", own.Subscriber)

    def subscribers(self, *, limit: int = 50) -> Iterator[own.Subscriber]:
        """Everyone, the newest first. Needs the operator scope."""
        return self._pages("/v1/subscribers", own.Subscriber, limit, {})

    def delete_subscriber(self, subscriber_id: Id) -> None:
        """Delete a subscriber with all that is private. Needs the operator scope."""
        self._call("DELETE", f"/v1/subscribers/{subscriber_id}")

    def delete_myself(self, name: str) -> None:
        """Delete yourself with all that is private; `name` is your own, so that it is no mistake."""
        self._call("DELETE", "/v1/subscriber", params={"name": name})

    def health(self) -> models.Health:
        """The state of the chain, green or red."""
        answer = self._http.get("/v1/health")
        if answer.status_code not in (200, 503):
            raise _problem(answer)
        try:
            return models.Health.model_validate(answer.json())
        except (ValidationError, ValueError):
            raise _problem(answer) from None

    # How

    def _pages(self, path: str, model: type[M], limit: int, filters: Mapping[str, Any]) -> Iterator[M]:
        query = {name: value for name, value in _plain(filters).items() if value is not None} | {"limit": limit}
        while True:
            page = self._call("GET", path, params=query)
            yield from (model.model_validate(item) for item in page["items"])
            if page["next"] is None:
                return
            query["cursor"] = page["next"]

    def _asked(self, path: str, query: Mapping[str, Any]) -> Any:
        given = {name: value for name, value in _plain(query).items() if value is not None}
        return self._call("GET", path, params=given)

    def _get(self, path: str, model: type[M]) -> M:
        return model.model_validate(self._call("GET", path))

    def _post(self, path: str, new: BaseModel, model: type[M]) -> M:
        return model.model_validate(self._call("POST", path, json=new.model_dump(mode="json", exclude_none=True)))

    def _call(self, method: str, path: str, *, params: Mapping[str, Any] | None = None, json: Any = None) -> Any:
        answer = self._http.request(method, path, params=params, json=json)
        if not answer.is_success:
            raise _problem(answer)
        return answer.json() if answer.content else None
