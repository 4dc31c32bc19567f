"""A dossier in the words of a language: what every document says, as plain text in cells. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.dashboard import values
from api.dashboard.formats import Formats
from api.dashboard.wording import Words, words
from api.resources.dossier.schemas import DossierFirm, DossierOut, DossierRow, NotMeant
from api.resources.events.schemas import EvidenceOut
from api.resources.referrals.schemas import ChainOut

COLUMNS = ("bank", "service", "amount", "date", "status", "source")


@dataclass(frozen=True)
class Source:
    """The surest telling of a row: what it says, where, the address to go to if any, and how many more there are."""

    quote: str
    label: str
    url: str | None
    more: str


@dataclass(frozen=True)
class Line:
    """One row as it is printed. `is_planned` marks what is only intended."""

    bank: str
    service: str
    amount: str
    date: str
    status: str
    source: Source | None
    is_planned: bool

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells before the source."""
        return self.bank, self.service, self.amount, self.date, self.status


@dataclass(frozen=True)
class Section:
    """One firm: its name, what stands below it, its lines (none where nothing is known of it), and who recommended
    whom to a bank where it stands among them."""

    name: str
    note: str
    lines: tuple[Line, ...]
    chains: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A whole dossier: its title, a line about it, the columns' heads (of the firm and the quote where they have a
    column of their own), the firms, and the names that mean none."""

    title: str
    about: str
    firm_head: str
    heads: tuple[str, ...]
    quote_head: str
    sections: tuple[Section, ...]
    chains_head: str
    missing_head: str
    missing: tuple[str, ...]
    note: str


def sheet(found: DossierOut, language: str) -> Sheet:
    """The dossier in `language` (zh or en)."""
    return _Writer(words(language)).sheet(found)


class _Writer:
    """Writes in one language."""

    def __init__(self, t: Words) -> None:
        self._t = t
        self._formats = Formats(t)
        self._values = values.of(t)

    def sheet(self, found: DossierOut) -> Sheet:
        t = self._t
        counts = {"firms": len(found.firms), "events": found.events, "day": self._formats.day(found.made_at)}
        return Sheet(
            t("dossier.title"),
            t("dossier.about", **counts) + (t("dossier.truncated", events=found.events) if found.truncated else ""),
            t("dossier.column.firm"),
            tuple(t(f"dossier.column.{name}") for name in COLUMNS),
            t("dossier.column.quote"),
            tuple(self._section(one) for one in found.firms),
            t("dossier.chains"),
            t("dossier.missing"),
            tuple(self._missing(one) for one in found.not_meant),
            t("dossier.note"),
        )

    def _section(self, one: DossierFirm) -> Section:
        notes = [*filter(None, [one.stock_code])]
        if aliases := [name for name in one.firm.aliases if name != one.firm.name]:
            notes.append(self._t("dossier.also", names=self._t("dossier.comma").join(aliases[:6])))
        if not one.events:
            notes.append(self._t("dossier.nothing"))
        lines = tuple(self._line(group.bank.name, row) for group in one.banks for row in group.rows)
        chains = tuple(printable(self._chain(chain)) for chain in one.chains)
        return Section(printable(one.firm.name), printable(self._t("dossier.stop").join(notes)), lines, chains)

    def _chain(self, chain: ChainOut) -> str:
        return self._t("dossier.chain", bank=chain.bank.name, firms=" → ".join(firm.name for firm in chain.firms))

    def _line(self, bank: str, row: DossierRow) -> Line:
        t = self._t
        kind = self._values["instrument"](row.instrument)
        told = row.instrument_text
        service = t("dossier.service", kind=kind, told=told) if told and told != kind else kind
        amount = self._formats.money(row.amount.model_dump() if row.amount else None)
        if row.shared_amount and row.amount:
            amount = t("dossier.shared", amount=amount)
        if row.term_months:
            service = t("dossier.with_term", service=service, term=self._formats.term(row.term_months))
        status = self._values["status"](row.status)
        return Line(
            printable(
                f"{bank}{row.branch or ''}" if t.language == "zh" else " ".join(filter(None, (bank, row.branch)))
            ),
            printable(service),
            printable(amount),
            printable(self._formats.period(row.date)),
            t("dossier.planned", status=status) if row.planned else status,
            self._source(row.evidence),
            row.planned,
        )

    def _source(self, evidence: list[EvidenceOut]) -> Source | None:
        if not evidence:
            return None
        first, more = evidence[0], len(evidence) - 1
        day = self._formats.day(first.published) if first.published else ""
        label = printable(" ".join(filter(None, (first.source or first.title, day))))
        url = first.url if first.url and first.url.startswith(("http://", "https://")) else None
        return Source(_one_line(first.quote), label, url, self._t("dossier.more", n=more) if more else "")

    def _missing(self, one: NotMeant) -> str:
        near = self._t("dossier.or").join(suggestion.name for suggestion in one.suggestions)
        key = one.reason if near else "unknown_alone"
        return printable(self._t(f"dossier.not_meant.{key}", name=one.asked, near=near))


def printable(text: str) -> str:
    """The text on one line, without signs that no document may hold (controls, lone surrogates)."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


def _one_line(quote: str) -> str:
    """A quote without the breaks that its page made."""
    return printable("".join(_parts(quote)))


def _parts(quote: str) -> Iterator[str]:
    for line in quote.split("\n"):
        bare = line.strip()
        yield f" {bare}" if bare[:1].isascii() and bare[:1].isalpha() else bare
