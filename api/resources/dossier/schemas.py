"""What goes in and out of `/v1/dossier`."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from api.resources.events.filters import EventFilter
from api.resources.events.schemas import Amount, EvidenceOut, FirmParty, Party
from api.resources.referrals.schemas import ChainOut
from api.schemas import Moment, Name, Out, examples

MOST_FIRMS = 200
MOST_EVENTS = 2000

Format = Literal["json", "md", "docx", "xlsx"]
Language = Literal["zh", "en"]
Meaning = Literal["name", "id", "code", "spelt", "several", "unknown"]


class DossierQuery(EventFilter):
    """The firms, in the order wanted, and any filter of events; `lang` is that of documents."""

    model_config = examples({"firm": ["示例机器人", "300024", "样例光电"], "format": "md", "lang": "zh"}) | {
        "extra": "forbid"
    }

    firm: list[Name] = Field(
        min_length=1, max_length=MOST_FIRMS, description="Firm by any of its names, stock code, pinyin, initials or id"
    )
    format: Format = Field("json", description="json, or a document: Markdown, Word, Excel")
    lang: Language = Field("zh", description="Language of a document")


class DossierRow(Out):
    """What one bank did for the firm: an event, with every telling of it, the surest first.

    `planned` says that no money has moved or been promised yet; a sum that is `shared_amount` stands for all banks
    together and is to be counted once.
    """

    event_id: UUID
    branch: str | None
    instrument: str
    instrument_text: str | None
    amount: Amount | None
    shared_amount: bool
    date: str | None
    term_months: int | None
    status: str
    planned: bool
    confidence: float
    evidence: list[EvidenceOut]


class DossierBank(Out):
    """One bank's rows, the earliest first; undated ones last."""

    bank: Party
    rows: list[DossierRow]


class DossierFirm(Out):
    """One firm with its banks, in the order of their first dates. `asked` are the names that meant it.

    `chains` are the recommendations to a bank in which it stands, from the first who recommended to the last.
    """

    asked: list[str]
    meant_by: Literal["name", "id", "code", "spelt"]
    firm: FirmParty
    stock_code: str | None
    events: int
    banks: list[DossierBank]
    chains: list[ChainOut]


class NotMeant(Out):
    """A name that means no one firm: of none (`unknown`) or of `several`, with what may have been meant."""

    asked: str
    reason: Literal["several", "unknown"]
    suggestions: list[Party]


class DossierOut(Out):
    """Firm → bank → what it did, when, how much, by which source. `truncated`: only the latest 2,000 are there."""

    model_config = examples(
        {
            "made_at": "2026-11-28T08:00:00.000Z",
            "firms": [],
            "not_meant": [{"asked": "样例光店", "reason": "unknown", "suggestions": []}],
            "events": 0,
            "truncated": False,
        }
    )

    made_at: Moment
    firms: list[DossierFirm]
    not_meant: list[NotMeant]
    events: int
    truncated: bool
