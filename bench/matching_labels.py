"""What the bank says of payments in the invented world: one kind of noise each, and the truth beside it."""

from collections import defaultdict
from datetime import timedelta
from random import Random
from typing import NamedTuple

from bench.matching_world import NOISE, TODAY, Noise, Told, World, bank_name
from exigible.core.matching import Credit, OpenItem

_CAUSES = ("fees", "discount", "charges", "retention", "credit_note", "rounding", "short", "part")
_PARENTS = ("HOLDING", "GROUPE", "FACTOR", "PARTICIPATIONS", "TRESORERIE")
_MONTHS = ("JANV", "FEV", "MARS", "AVRIL", "MAI", "JUIN", "JUILLET", "AOUT", "SEPT", "OCT", "NOV", "DEC")
_EMPTY = ("REGLEMENT", "VIREMENT", "SOLDE COMPTE", "PAIEMENT FOURNISSEUR", "", "REGLT VOS FACTURES", "FACTURE")


class _Payment(NamedTuple):
    items: list[OpenItem]
    amount_minor: int
    truth: dict[int, int]
    words: str
    detail: str


def movements(world: World, count: int, seed: int) -> list[Told]:
    """Payments of customers drawn by chance, each with one kind of noise in the proportions of NOISE.

    Several invoices are paid by customers that have several; a cause by those whose items allow it.
    """
    random = Random(seed)
    owned: dict[int, list[OpenItem]] = defaultdict(list)
    for item in world.items:
        owned[item.customer].append(item)
    payers = [customer for customer, items in owned.items() if _claims(items)]
    several = [customer for customer in payers if len(_claims(owned[customer])) > 1]
    kinds = random.choices(list(NOISE), list(NOISE.values()), k=count)
    told = []
    for place, kind in enumerate(kinds):
        if kind == "difference":
            payment = _difference(random, world, owned)
        else:
            items = owned[random.choice(several if kind == "several" else payers)]
            payment = _PAYMENTS[kind](random, _claims(items), items)
        told.append(_told(random, world, place, kind, payment))
    return told


def _claims(items: list[OpenItem]) -> list[OpenItem]:
    return [item for item in items if item.kind == "invoice"]


def _told(random: Random, world: World, place: int, kind: Noise, payment: _Payment) -> Told:
    debtor = world.debtors[payment.items[0].customer]
    name, account = bank_name(debtor.name), world.accounts[debtor.id]
    if kind == "third_party":
        name, account = (
            f"{random.choice(_PARENTS)} {random.choice('ABCDEFGHIJ')}{random.randrange(100)}",
            f"FR99{place:023d}",
        )
    return Told(_credit(random, place, payment, name, account), payment.truth, kind, payment.detail)


def _credit(random: Random, place: int, payment: _Payment, name: str, account: str) -> Credit:
    """The movement in one of four banks' ways; half of them keep payer and account in fields of their own."""
    booked = TODAY - timedelta(days=random.randrange(3))
    reference = f"{random.randrange(10**6):06d}"
    way = random.randrange(4)
    if way == 0:
        label = f"VIR SEPA RECU /DE {name} /MOTIF {payment.words} /REF {reference}"
    elif way == 1:
        label = f"VIR INST {name} {payment.words}"
    elif way == 2:
        label = f"VIREMENT RECU DE {name[:24]} {payment.words}"[:94]
    else:
        label = payment.words
    told = way in (0, 3) or random.random() < 0.6
    return Credit(
        id=place,
        amount_minor=payment.amount_minor,
        currency="EUR",
        booked=booked,
        label=label,
        references=(f"E2E{reference}",) if random.random() < 0.1 else (),
        payer_name=name if way == 3 or told else "",
        payer_account=account if told else "",
    )


def _clean(random: Random, claims: list[OpenItem], _items: list[OpenItem]) -> _Payment:
    item = random.choice(claims)
    words = random.choice(("{}", "FACTURE {}", "REGLEMENT FACTURE {}", "FACT {} DU {:%d/%m/%Y}", "RGLT {} MERCI"))
    return _whole([item], words.format(item.number, item.issued), "")


def _altered(random: Random, claims: list[OpenItem], _items: list[OpenItem]) -> _Payment:
    item = random.choice(claims)
    words, detail = alter(random, item)
    return _whole([item], words, detail)


def alter(random: Random, item: OpenItem) -> tuple[str, str]:
    """The number of an item as people write it, and which way that is."""
    number = item.number
    letters = "".join(sign for sign in number if sign.isalpha()) or "FACT"
    digits = "".join(sign if sign.isdigit() else " " for sign in number).split()
    tail = digits[-1].lstrip("0")
    detail = random.choices(
        ("tail", "letters", "zeros", "signs", "year", "with_order", "with_code", "cut", "wrong_digit", "swapped"),
        (25, 18, 12, 15, 5, 7, 5, 3, 5, 5),
    )[0]
    slip = random.randrange(len(tail) - 1)
    words = {
        "tail": random.choice((f"FACT {tail}", f"FACTURE N°{tail}", f"F {tail}", tail)),
        "letters": f"{letters}{tail}",
        "zeros": number.replace("0" * (len(digits[-1]) - len(tail)) + tail, tail),
        "signs": number.replace("-", random.choice((" ", "/", "", "."))),
        "year": f"FA{'-'.join(digits[:-1])[-2:]}-{digits[-1]}",
        "with_order": f"FACT {tail} V/CDE {random.randrange(10_000, 99_999)}",
        "with_code": f"CLIENT {random.randrange(1_000, 9_999)} FACT {tail}",
        "cut": f"REGLEMENT FACTURE {number}"[: 18 + len(number) - 1],
        "wrong_digit": f"FACT {tail[:slip]}{(int(tail[slip]) + random.randrange(1, 10)) % 10}{tail[slip + 1 :]}",
        "swapped": f"FACT {tail[:slip]}{tail[slip + 1]}{tail[slip]}{tail[slip + 2 :]}",
    }[detail]
    return words, detail


def _several(random: Random, claims: list[OpenItem], items: list[OpenItem]) -> _Payment:
    notes = [item for item in items if item.kind == "credit_note"]
    taken = random.sample(claims, min(len(claims), random.choice((2, 2, 2, 3, 3, 4, 5, 7))))
    taken.sort(key=lambda item: item.id)
    draw = random.random()
    if draw < 0.10:
        month = random.choice(claims).issued.month
        taken = [item for item in claims if item.issued.month == month]
        return _whole(taken, f"FACTS {_MONTHS[month - 1]}", "month")
    if draw < 0.18:
        return _whole(taken, f"FACT {taken[0].number} ET AUTRES", "half_named")
    if notes and sum(each.left_minor for each in taken) > notes[0].left_minor:
        return _whole([*taken, notes[0]], _list(random, [*taken, notes[0]]), "credit_note")
    return _whole(taken, _list(random, taken), "list")


def _list(random: Random, items: list[OpenItem]) -> str:
    tails = ["".join(sign if sign.isdigit() else " " for sign in item.number).split()[-1].lstrip("0") for item in items]
    return random.choice(
        (
            " ".join(item.number for item in items),
            "FACT " + "/".join(tails),
            "FACTURES " + " ".join(tails),
            "REGLT FACTURES " + " ET ".join(tails),
            "FACT N°" + ", ".join(tails),
            " + ".join(item.number for item in items),
        )
    )


def _none(random: Random, claims: list[OpenItem], _items: list[OpenItem]) -> _Payment:
    draw = random.random()
    own = random.choice((*_EMPTY, f"V/REF {random.randrange(1_000, 9_999)}", f"CDE {random.randrange(1_000, 99_999)}"))
    if draw < 0.7:
        return _whole([random.choice(claims)], own, "one")
    due = [item for item in claims if item.due and item.due <= TODAY - timedelta(days=3)]
    if draw < 0.85 and due:
        return _whole(due, own, "all_due")
    return _whole(random.sample(claims, min(len(claims), 2)), own, "two")


def _third(random: Random, claims: list[OpenItem], items: list[OpenItem]) -> _Payment:
    draw = random.random()
    kind = _clean if draw < 0.7 else _altered if draw < 0.9 else _none
    payment = kind(random, claims, items)
    return payment._replace(detail=f"{kind.__name__[1:]} {payment.detail}".strip())


def _difference(random: Random, world: World, owned: dict[int, list[OpenItem]]) -> _Payment:
    """One number as printed, and the amount changed by a cause that the item allows; each cause as often as another."""
    cause = random.choice(_CAUSES)
    while True:
        item = random.choice(world.items)
        notes = [
            each for each in owned[item.customer] if each.kind == "credit_note" and each.left_minor < item.left_minor
        ]
        allows = {
            "fees": world.debtors[item.customer].country != "FR" and item.left_minor > 10_000,
            "discount": item.discount_minor,
            "charges": item.indemnity_minor,
            "retention": item.retention_minor,
            "credit_note": notes,
        }
        if item.kind == "invoice" and allows.get(cause, True):
            break
    change = {
        "fees": -random.randrange(500, 2_500),
        "discount": -item.discount_minor,
        "charges": item.indemnity_minor + random.choice((0, item.interest_minor)),
        "retention": -item.retention_minor,
        "credit_note": -notes[0].left_minor if notes else 0,
        "rounding": -random.randrange(1, 6),
        "short": -item.left_minor * random.randrange(2, 9) // 100,
        "part": -item.left_minor * random.randrange(3, 8) // 10,
    }[cause]
    words = f"{'ACOMPTE' if cause == 'part' else 'FACTURE'} {item.number}"
    truth = {item.id: item.left_minor + min(change, 0)}
    if cause == "credit_note":
        truth = {item.id: item.left_minor, notes[0].id: -notes[0].left_minor}
    return _Payment([item], item.left_minor + change, truth, words, cause)


def _whole(items: list[OpenItem], words: str, detail: str) -> _Payment:
    truth = {item.id: -item.left_minor if item.kind == "credit_note" else item.left_minor for item in items}
    return _Payment(items, sum(truth.values()), truth, words, detail)


_PAYMENTS = {
    "clean": _clean, "altered": _altered, "several": _several, "none": _none, "third_party": _third,
}  # fmt: skip
