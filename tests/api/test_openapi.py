"""The OpenAPI document: every body has an example that is taken, every error is a problem document."""

import httpx
import pytest
from pydantic import BaseModel

from tests.api.conftest import Subscribe
from tests.api.document import DOCUMENT, NO_PROBLEMS, OPERATIONS, SCHEMAS, Operation, resolved
from yinqi import corrections, dossiers, figures, found, keys, models, own, profiles, registers, stats


def test_operations_have_names_of_their_own_for_clients() -> None:
    names = [one.told["operationId"] for one in OPERATIONS]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name.islower() for name in names)


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_every_error_is_described_as_a_problem_document(operation: Operation) -> None:
    for status, told in operation.told["responses"].items():
        if status >= "400" and (operation.path, status) not in NO_PROBLEMS:
            assert resolved(told["content"]["application/problem+json"]["schema"]) is SCHEMAS["Problem"]
    assert "HTTPValidationError" not in SCHEMAS


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_every_body_has_an_example(operation: Operation) -> None:
    if "requestBody" in operation.told or operation.method == "PATCH":
        assert operation.example()


def test_the_examples_are_taken(alice: httpx.Client, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.resources.channels.config.system_resolve", lambda host, port: ["93.184.215.14"])
    for number, example in enumerate(SCHEMAS["ChannelIn"]["examples"]):
        channel = alice.post("/v1/channels", json={**example, "name": str(number)})
        assert channel.status_code == 201, channel.text
    [example] = SCHEMAS["WatchlistIn"]["examples"]
    watchlist = alice.post("/v1/watchlists", json={**example, "channels": [channel.json()["id"]]})
    assert watchlist.status_code == 201, watchlist.text
    for change in SCHEMAS["WatchlistPatch"]["examples"]:
        assert alice.patch(f"/v1/watchlists/{watchlist.json()['id']}", json=change).status_code == 200
    [example] = SCHEMAS["SourceIn"]["examples"]
    assert alice.post("/v1/sources", json=example).status_code == 201
    [example] = SCHEMAS["ArticleIn"]["examples"]
    assert alice.post("/v1/articles", json=example).json()["stored"] == 1


def test_the_document_is_served_to_everyone(stranger: httpx.Client) -> None:
    assert stranger.get("/v1/openapi.json").json() == DOCUMENT


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("EventOut", models.Event),
        ("EvidenceOut", models.Evidence),
        ("CorrectionOut", corrections.Correction),
        ("Amount", models.Amount),
        ("VersionOut", models.Version),
        ("ArticleBrief", models.ArticleBrief),
        ("ArticleOut", models.Article),
        ("Span", models.Span),
        ("MentionOut", models.Mention),
        ("NameOut", found.FoundName),
        ("BacktestOut", own.Backtest),
        ("WouldTell", own.WouldTell),
        ("WouldNotTell", own.WouldNotTell),
        ("WatchedArticleOut", found.WatchedArticle),
        ("StandingOut", found.Standing),
        ("FoundArticle", found.FoundArticle),
        ("FoundEvent", found.FoundEvent),
        ("SnippetOut", found.Snippet),
        ("ReferralOut", found.Referral),
        ("DossierOut", dossiers.Dossier),
        ("DossierFirm", dossiers.DossierFirm),
        ("DossierBank", dossiers.DossierBank),
        ("DossierRow", dossiers.DossierRow),
        ("NotMeant", dossiers.NotMeant),
        ("ChainOut", found.Chain),
        ("ArticleIn", models.NewArticle),
        ("PushOut", models.PushReport),
        ("PushResultOut", models.Pushed),
        ("BankOut", models.Bank),
        ("FirmOut", models.Firm),
        ("BankMerged", registers.BankMerged),
        ("FirmMerged", registers.FirmMerged),
        ("EditOut", registers.Edit),
        ("WatchlistIn", own.NewWatchlist),
        ("WatchlistOut", own.Watchlist),
        ("ChannelIn", own.NewChannel),
        ("ChannelCreated", own.Channel),
        ("DeliveryDetail", own.Delivery),
        ("AttemptOut", own.Attempt),
        ("ChannelCounts", own.ChannelCounts),
        ("KeyOut", keys.Key),
        ("KeyCreated", keys.NewKey),
        ("SourceOut", models.Source),
        ("SubscriberOut", own.Subscriber),
        ("SourceErrorOut", models.SourceError),
        ("Health", models.Health),
        ("IndicatorOut", figures.Series),
        ("IndicatorPoint", figures.Point),
        ("IndicatorSource", figures.FigureSource),
        ("IndicatorChange", figures.Change),
        ("ComputedGrowth", figures.Computed),
        ("StatsOut", stats.Stats),
        ("RowOut", stats.Row),
        ("SumOut", stats.Sum),
        ("RateOut", stats.Rate),
        ("Basis", stats.Basis),
        ("Unplaced", stats.Unplaced),
        ("LeagueOut", stats.League),
        ("LeagueRow", stats.LeagueRow),
        ("MatrixOut", stats.Matrix),
        ("CellOut", stats.Cell),
        ("BankProfile", profiles.BankProfile),
        ("FirmProfile", profiles.FirmProfile),
        ("Years", profiles.Years),
        ("Rows", profiles.Rows),
        ("Counterparties", profiles.Counterparties),
        ("Related", profiles.Related),
        ("Tie", profiles.Tie),
        ("NetworkOut", profiles.Network),
        ("NodeOut", profiles.Node),
        ("EdgeOut", profiles.Edge),
        ("ReferralEdge", profiles.ReferralEdge),
        ("IndexOut", stats.ActivityIndex),
        ("IndustryOut", stats.Industry),
        ("BaseOut", stats.IndexBase),
        ("PointOut", stats.Point),
    ],
)
def test_the_client_knows_every_field_that_the_api_has(ours: str, theirs: type[BaseModel]) -> None:
    assert theirs.model_fields.keys() == SCHEMAS[ours]["properties"].keys()
