"""Entries of the demonstration's ledger: their lines, and one function for each kind of entry."""

from dataclasses import dataclass, field
from datetime import date

ACCOUNTS = {
    "101000": "CAPITAL",
    "106100": "RESERVE LEGALE",
    "110000": "REPORT A NOUVEAU",
    "120000": "RESULTAT DE L'EXERCICE",
    "215400": "MATERIEL INDUSTRIEL",
    "281540": "AMORTISSEMENTS DU MATERIEL",
    "401000": "FOURNISSEURS",
    "411000": "CLIENTS",
    "413000": "CLIENTS EFFETS A RECEVOIR",
    "416000": "CLIENTS DOUTEUX",
    "418100": "CLIENTS FACTURES A ETABLIR",
    "419100": "CLIENTS AVANCES ET ACOMPTES",
    "421000": "PERSONNEL REMUNERATIONS DUES",
    "431000": "SECURITE SOCIALE",
    "445510": "TVA A DECAISSER",
    "445660": "TVA DEDUCTIBLE",
    "445710": "TVA COLLECTEE",
    "445870": "TVA SUR FACTURES A ETABLIR",
    "491000": "DEPRECIATION DES COMPTES CLIENTS",
    "512000": "BANQUE",
    "601000": "ACHATS DE MATIERES",
    "606100": "ENERGIE",
    "613200": "LOCATIONS IMMOBILIERES",
    "624100": "TRANSPORTS SUR VENTES",
    "627000": "SERVICES BANCAIRES",
    "641000": "REMUNERATIONS DU PERSONNEL",
    "645000": "CHARGES SOCIALES",
    "658000": "CHARGES DIVERSES DE GESTION",
    "666000": "PERTES DE CHANGE",
    "681740": "DOTATIONS DEPRECIATION CREANCES",
    "701000": "VENTES DE PRODUITS FINIS",
    "704000": "TRAVAUX",
    "707900": "VENTES HORS DE FRANCE",
}
JOURNALS = {"AN": "A NOUVEAUX", "VE": "VENTES", "HA": "ACHATS", "BQ": "BANQUE", "OD": "OPERATIONS DIVERSES"}


@dataclass(frozen=True)
class Line:
    """One line of an entry, in cents; lines of one account with the same `match` are lettered together."""

    account: str
    debit: int = 0
    credit: int = 0
    party: str = ""  # the customer's or supplier's code
    match: str = ""
    piece: str = ""  # where they differ from the entry's: what an opening line carries forward
    piece_day: date | None = None
    text: str = ""
    currency: str = ""
    foreign_minor: int = 0

    @property
    def signed(self) -> int:
        """Debit less credit."""
        return self.debit - self.credit


@dataclass(frozen=True)
class Entry:
    """One balanced entry."""

    journal: str
    day: date
    piece: str
    text: str
    lines: tuple[Line, ...] = field(default=())

    def __post_init__(self) -> None:
        """An unbalanced entry never exists."""
        assert sum(line.signed for line in self.lines) == 0, self


@dataclass(frozen=True)
class Sale:
    """An invoice (positive) or a credit note (negative) as it was issued; amounts in cents."""

    customer: str
    issued: date
    due: date
    net: int
    rate: int  # VAT in whole percent
    tag: str = ""  # a hand-placed sale, settled by its own story
    currency: str = ""
    foreign_minor: int = 0
    number: str = ""

    @property
    def vat(self) -> int:
        """The VAT, rounded half up on the absolute amount."""
        sign = -1 if self.net < 0 else 1
        return sign * ((abs(self.net) * self.rate + 50) // 100)

    @property
    def total(self) -> int:
        """What the customer owes for it."""
        return self.net + self.vat


def two_sided(
    account: str, signed: int, *, party: str = "", match: str = "", currency: str = "", foreign_minor: int = 0
) -> Line:
    """A line with the amount on the side its sign says."""
    return Line(
        account,
        debit=max(signed, 0),
        credit=max(-signed, 0),
        party=party,
        match=match,
        currency=currency,
        foreign_minor=foreign_minor,
    )


def sale_entry(sale: Sale, name: str, match: str = "") -> Entry:
    """The entry of an invoice or a credit note in the sales journal."""
    account = "707900" if sale.rate == 0 else "704000" if sale.rate == 10 else "701000"
    lines = [
        two_sided(
            "411000",
            sale.total,
            party=sale.customer,
            match=match,
            currency=sale.currency,
            foreign_minor=sale.foreign_minor,
        ),
        two_sided(account, -sale.net),
    ]
    if sale.vat:
        lines.append(two_sided("445710", -sale.vat))
    word = "AVOIR" if sale.net < 0 else "FACTURE"
    return Entry("VE", sale.issued, sale.number, f"{word} {sale.number} {name}", tuple(lines))


def statement(day: date) -> str:
    """The number of the bank statement that shows a movement of this day."""
    return f"RLV{day:%Y%m}"


def received(day: date, text: str, customer: str, amount: int, *, match: str = "", account: str = "411000") -> Entry:
    """Money received from a customer; a negative amount is a refund or a payment that bounced."""
    lines = (two_sided("512000", amount), two_sided(account, -amount, party=customer, match=match))
    return Entry("BQ", day, statement(day), text, lines)
