"""An invented creditor's open book and what its bank would say of payments, each with what it truly paid.

Nothing of it is drawn from real data. The noise of a movement is that of the issue; what each kind holds is written in
docs/matching.md. Truth is made first, then told badly: no line of this page calls the matcher.
"""

from datetime import date, timedelta
from random import Random
from typing import Literal, NamedTuple

from exigible.core.matching import Credit, Debtor, OpenItem

Noise = Literal["clean", "altered", "several", "none", "third_party", "difference"]
NOISE: dict[Noise, int] = {"clean": 40, "altered": 20, "several": 15, "none": 10, "third_party": 5, "difference": 10}
TODAY = date(2026, 11, 20)


def _words(text: str) -> list[str]:
    return text.split()


_SURNAMES = _words("""
MARTIN BERNARD THOMAS PETIT ROBERT RICHARD DURAND DUBOIS MOREAU LAURENT SIMON MICHEL LEFEBVRE LEROY ROUX DAVID BERTRAND MOREL
FOURNIER GIRARD BONNET DUPONT LAMBERT FONTAINE ROUSSEAU VINCENT MULLER FAURE ANDRE MERCIER BLANC GUERIN BOYER GARNIER CHEVALIER
LEGRAND GAUTHIER GARCIA PERRIN ROBIN CLEMENT MORIN NICOLAS HENRY ROUSSEL MATHIEU GAUTIER MASSON MARCHAND DUVAL DENIS DUMONT
""")
_TRADES = _words("""
Transports Menuiserie Bâtiment Électricité Plomberie Charpente Conseil Logistique Imprimerie Garage Boulangerie Négoce Énergie
Maçonnerie Paysage Informatique Peinture Hôtel Brasserie Pharmacie Optique Carrelage Isolation Location
""")
_TOWNS = _words("""
Nantes Lyon Vire Brest Dijon Tours Metz Pau Nice Lille Caen Gap Albi Sète Dole Laon
""")
_SYLLABLES = _words("""
BAR BEL BON CAR COR DEL FAY GAL GUI HEN JOU LAM LOR MAR MER MON NOR PAL PER RIV ROC SAB SOU TAL TOU VAL VER VIL
""")
_FORMS = ("SAS", "SARL", "SA", "EURL", "SASU", "")
_PRICES = (4_900, 9_900, 14_900, 24_000, 29_900, 60_000, 118_800)
_STYLES = ("FA-{year}-{n:06d}", "F{n:07d}", "{year}{month:02d}-{n:05d}", "FC{short}-{n:05d}", "FAC{n:06d}", "{n:08d}")
_FOREIGN = ("DE", "BE", "ES", "IT")


class World(NamedTuple):
    """A creditor's debtors, its open items and those settled lately, and the names under which each debtor pays."""

    debtors: dict[int, Debtor]
    items: list[OpenItem]
    accounts: dict[int, str]
    style: str


class Told(NamedTuple):
    """A movement with its truth: what each item took of the money; `kind` says the noise, `detail` which of it."""

    credit: Credit
    truth: dict[int, int]
    kind: Noise
    detail: str


def make_world(seed: int, customers: int, *, invoices_each: int = 5) -> World:
    """A creditor who numbers its invoices one after the other; a quarter of its customers pay equal amounts monthly."""
    random = Random(seed)
    style = _STYLES[seed % len(_STYLES)]
    debtors, accounts = {}, {}
    surnames = _surnames(random, customers // 8)
    for key in range(1, customers + 1):
        accounts[key] = f"FR76{key:023d}"
        debtors[key] = _debtor(random, key, accounts[key], surnames)
    count = customers * invoices_each
    owners = _owners(random, customers, count)
    first = random.randrange(1_000, 40_000)
    items = [_item(random, first + rank, owners[rank], style, rank / count) for rank in range(count)]
    return World(debtors, items, accounts, style)


def _debtor(random: Random, key: int, account: str, surnames: list[str]) -> Debtor:
    name = _name(random, surnames)
    is_known = random.random() < 0.8  # a person has confirmed who pays, from an earlier movement
    return Debtor(
        id=key,
        name=name,
        reference=f"C{key:05d}",
        country=random.choice(_FOREIGN) if random.random() < 0.06 else "FR",
        accounts=frozenset({account}) if is_known else frozenset(),
        payer_names=frozenset({bank_name(name)}) if is_known else frozenset(),
    )


def _surnames(random: Random, count: int) -> list[str]:
    """The usual ones, and others made of syllables: some eight customers share each."""
    made = ["".join(random.choice(_SYLLABLES) for _part in range(random.choice((2, 3)))) for _name in range(count)]
    return [*_SURNAMES, *made]


def _name(random: Random, surnames: list[str]) -> str:
    """Look-alikes on purpose: a surname that several bear, two dozen trades, sixteen towns, or the surname alone."""
    surname, trade, form = random.choice(surnames).title(), random.choice(_TRADES), random.choice(_FORMS)
    pattern = random.choice(
        ("{s} {t}", "{t} {s}", "Établissements {s}", "{s} et Fils", "{t} {s} {c}", "{s} {t} {c}", "{s}")
    )
    return f"{form} {pattern.format(s=surname, t=trade, c=random.choice(_TOWNS))}".strip()


def _owners(random: Random, customers: int, count: int) -> list[int]:
    """Whose each invoice is: some have one open, some a score."""
    weights = [random.expovariate(1.0) + 0.15 for _key in range(customers)]
    return random.choices(range(1, customers + 1), weights, k=count)


def _item(random: Random, serial: int, owner: int, style: str, age: float) -> OpenItem:
    """An item of this serial number; `age` runs from 0, the oldest, to 1."""
    issued = TODAY - timedelta(days=150 - int(148 * age))
    due = issued + timedelta(days=random.choice((30, 30, 45, 60)))
    number = style.format(year=issued.year, short=issued.year % 100, month=issued.month, n=serial)
    total = _amount(random, owner)
    kind: Literal["invoice", "credit_note"] = "credit_note" if random.random() < 0.04 else "invoice"
    if kind == "credit_note":
        total = max(total // random.choice((2, 4, 10)), 100)
    draw = random.random()
    late = due < TODAY - timedelta(days=20) and random.random() < 0.3
    return OpenItem(
        id=serial,
        customer=owner,
        kind=kind,
        number=number if kind == "invoice" else number.replace("F", "A", 1),
        issued=issued,
        due=due,
        currency="EUR",
        left_minor=total,
        total_minor=total,
        order_reference=f"PO{random.randrange(10_000, 99_999)}" if random.random() < 0.3 else "",
        retention_minor=total * 5 // 100 if draw < 0.05 else 0,
        discount_minor=total * 2 // 100 if draw > 0.92 else 0,
        discount_until=TODAY + timedelta(days=5) if draw > 0.92 else None,
        interest_minor=random.randrange(150, 9_000) if late else 0,
        indemnity_minor=4_000 if late else 0,
    )


def _amount(random: Random, owner: int) -> int:
    if owner % 4 == 0:
        return _PRICES[owner // 4 % len(_PRICES)]
    amount = max(1_500, int(random.lognormvariate(11.2, 1.1)))
    return amount if random.random() < 0.85 else -(-amount // 10_000) * 10_000


def bank_name(name: str) -> str:
    """A name as a bank keeps it: capitals without accents, 32 signs."""
    plain = name.upper()
    for accented, bare in zip("ÉÈÊÔÇÎÂ", "EEEOCIA", strict=True):
        plain = plain.replace(accented, bare)
    return plain[:32].strip()
