"""A house that uses everything: customers of each kind, money of each shape, three weeks of days, a message in each state."""

from datetime import date, timedelta

from exigible.books.cases.models import Hold
from exigible.books.cases.operations import hold_case
from exigible.books.creditors.models import Role
from exigible.books.ledger.models import Contact, Customer, Invoice
from exigible.core.dates import is_working_day
from exigible.entrypoints.cli.filling import FILES
from exigible.features.bank.tests.world import bank_of
from exigible.features.customers.operations import add_note, pause_customer, receive_payment, send_statement
from exigible.features.imports.operations import import_now, start_import
from exigible.features.messages.compose import render_waiting
from exigible.features.outbox import operations as outbox
from exigible.features.outbox.deliver import deliver
from exigible.features.outbox.models import Message
from exigible.features.outbox.tests.mail_server import PostOffice, mail_through
from exigible.testing import MONDAY, House, atelier_lumen, noon

State = Message.State
FIRST_DAY = MONDAY - timedelta(days=24)
MOST_ATTEMPTS = 20
BALANCE = """Code client;Nom;N° facture;Date facture;Échéance;Montant TTC;Reste dû;Libellé
X001;Comptoir Vidal;VD-1001;21/10/2026;20/11/2026;1 234,56;1 234,56;Luminaires
X002;Papeterie Nogent;NG-1003;02/11/2026;22/12/2026;720,00;720,00;Étude
X002;Papeterie Nogent;NG-1004;32/11/2026;;abc;;ligne fausse
"""
CALLS_LEFT_FROM = MONDAY - timedelta(days=4)
ORDINARY = {
    "Imprimerie Colin": 13, "Fleurs Picard": 9, "Atelier Joly": 15, "Scierie Morel": 15, "Bistrot Brun": 4, "Clinique Dumas": 13,
    "Serrurerie Blin": 13, "Pressing Gaudin": 13, "Traiteur Lebrun": 17, "Librairie Faure": 13, "Vignobles Tessier": 8,
}  # fmt: skip


def everything(office: PostOffice, name: str = "Lumen et Filles") -> House:
    """A house on Monday 23 November 2026, after three weeks of work with a real mail server."""
    house = atelier_lumen(FIRST_DAY)
    mail_through(house.creditor, office)
    house.creditor.name = name
    house.creditor.save(update_fields=["name"])
    house.person("Olga", Role.OWNER)
    _businesses(house)
    _others(house)
    _peculiar(house)
    _live_through(house, MONDAY - timedelta(days=3))
    _odd_answers(house, office)
    _live_through(house, MONDAY)
    _acts_of_people(house)
    _rehearsed(house)
    _imports(house)
    bank_of(house)
    return house


def _late(house: House, customer: Customer, total_minor: int, days: int, **fields: object) -> Invoice:
    """An invoice that is this many days late on Monday."""
    return house.invoice(customer, total_minor, MONDAY - timedelta(days=days), **fields)  # type: ignore[arg-type]


def _businesses(house: House) -> None:
    durand = house.customer("Menuiserie Durand", segment="chronic", siren="000100115", usual_delay_days=21)
    for total, days in ((1_240_000, 24), (86_550, 12), (432_010, 3)):
        _late(house, durand, total, days)
    martin = house.customer("Garage Martin", segment="good", usual_delay_days=2)
    part_paid = _late(house, martin, 318_000, 16)
    house.pay(martin, 118_000, (part_paid, 118_000), on=FIRST_DAY)
    roux = house.customer("Boulangerie Roux")
    _late(house, roux, 74_420, 22)
    _late(house, roux, 31_200, 8)
    _late(house, house.customer("Nouvel Élan", segment="new", email="compta@elan.example"), 215_000, 6)
    _late(house, house.customer("Transports Vasseur"), 980_000, 33)
    upcoming = house.customer("Cabinet Aubry")
    _late(house, upcoming, 55_000, -5)
    for place, (name, days) in enumerate(ORDINARY.items()):
        _late(house, house.customer(name), 100_000 + 21_111 * place, days)


def _others(house: House) -> None:
    consumer = house.customer("Mme Petit", kind="consumer", siren="")
    _late(house, consumer, 48_990, 13)
    town = house.customer("Mairie de Vire", kind="public_body", buyer="local")
    _late(house, town, 1_872_300, 21)
    _late(
        house,
        house.customer("Hôpital Saint-Roch", email="regie@hopital.example", kind="public_body", buyer="hospital"),
        640_000,
        4,
    )
    _late(house, house.customer("Hall du Nord", kind="unknown"), 92_000, 17)
    for name in ("Maison Perrin", "Maison Perrin"):
        _late(house, house.customer(name), 61_000, 11)
    abroad = house.customer("Harbour Lights Ltd", country="GB", language="en", city="Bristol", postcode="BS1 4DJ")
    _late(house, abroad, 730_000, 12, currency="GBP")
    _late(house, abroad, 210_000, 2)


def _peculiar(house: House) -> None:
    credited = house.customer("Hôtel du Parc")
    _late(house, credited, 20_000, 14)
    house.invoice(credited, 90_000, None, number="AV-77", kind="credit_note")
    house.pay(house.customer("Scop Lanterne"), 25_000, on=FIRST_DAY)
    _late(house, house.customer("Studio Blanc"), 45_000, 7)
    house.pay(Customer.objects.of(house.creditor).get(name="Studio Blanc"), 10_000, on=FIRST_DAY)
    _late(house, house.customer("Sans Adresse", address="", postcode="", city="", email=""), 33_000, 19)
    _late(house, house.customer("Courriel Perdu"), 27_500, 6)
    _late(house, house.customer("Sans Courriel", email="", phone=""), 88_000, 18)
    house.invoice(house.customer("Sans Échéance", email="compta@echeance.example"), 64_000, None, due_origin="none")
    disputed = house.customer("Chantier Leroy")
    invoice = _late(house, disputed, 500_000, 20)
    hold_case(
        house.case(disputed), Hold.Reason.DISPUTED, None, today=house.today, at=house.at, invoice=invoice, amount_minor=200_000,
        source="deux portes rayées",
    )  # fmt: skip


def working_days(first: date, last: date) -> list[date]:
    """The working days between two days, both included."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if is_working_day(day, "FR")]


def _live_through(house: House, last: date) -> None:
    """Each morning until a day: decide, write, send what may leave by itself; a clerk posts the letters approved."""
    for day in working_days(house.today, last):
        house.run(day)
        render_waiting(house.creditor, house.at)
        if day < MONDAY:
            _clerk(house)
        _send(house)


def _clerk(house: House) -> None:
    """What a clerk does on a former day: approve, post, call."""
    alice, waiting = (
        house.people["Alice"],
        Message.objects.of(house.creditor).select_related("case", "customer", "creditor", "document"),
    )
    if found := [message.pk for message in waiting.filter(state=State.TO_APPROVE)]:
        outbox.approve(house.creditor, found, alice, house.today, house.at)
    for letter in waiting.filter(state=State.TO_POST):
        outbox.record_posting(letter, house.today, alice, today=house.today, at=house.at, proof="RK 12 345 678 9 FR")
    for call in waiting.filter(state=State.TO_DO, channel="phone", on__lt=CALLS_LEFT_FROM):
        outbox.record_call(call, "message_left", "Rappelle jeudi", alice, today=house.today, at=house.at)


def _send(house: House) -> None:
    ready = Message.objects.of(house.creditor).filter(state=State.READY).values_list("pk", flat=True)
    for key in list(ready):
        deliver(key, house.at)


def _odd_answers(house: House, office: PostOffice) -> None:
    """An address that refuses, a server that hangs up after the data, one that never takes a message."""
    lost = _address(house, "Courriel Perdu")
    sent = Message.objects.of(house.creditor).filter(recipient=lost, state=State.SENT).first()
    if sent is not None:
        outbox.record_bounce(sent, lost, "550 5.1.1 no such user", today=house.today, at=house.at)
    uncertain = _statement(house, "Fleurs Picard")
    office.hang_up_after_data()
    deliver(uncertain.pk, house.at)
    office.mend()
    failed = _statement(house, "Bistrot Brun")
    office.recipients["*"] = "451 4.3.0 try again later"
    for _attempt in range(MOST_ATTEMPTS):
        failed.refresh_from_db()
        deliver(failed.pk, failed.not_before or house.at)
    office.mend()


def _address(house: House, name: str) -> str:
    return Contact.objects.get(customer__creditor=house.creditor, customer__name=name).email


def _statement(house: House, name: str) -> Message:
    """A statement of account that waits, written."""
    customer = Customer.objects.of(house.creditor).get(name=name)
    message = send_statement(customer, "EUR", today=house.today)
    render_waiting(house.creditor, house.at)
    return Message.objects.get(pk=message.pk)


def _acts_of_people(house: House) -> None:
    """On Monday: a message withdrawn, a payment, a note, a pause."""
    alice, by = house.people["Alice"], {"today": house.today, "at": house.at}
    customers = Customer.objects.of(house.creditor)
    withdrawn = _statement(house, "Imprimerie Colin")
    outbox.withdraw(withdrawn, alice, house.today, house.at)
    paying = customers.get(name="Boulangerie Roux")
    invoice = paying.invoices.order_by("due_on").first()
    assert invoice is not None
    receive_payment(
        paying, 74_420, house.today, [(invoice, 74_420)], label="VIR ROUX 23/11", actor=f"user:{alice.pk}", **by
    )
    add_note(
        customers.get(name="Mairie de Vire"),
        "Le mandat part mercredi, dit la comptable.",
        actor=f"user:{alice.pk}",
        **by,
    )
    pause_customer(customers.get(name="Transports Vasseur"), house.days_from_now(9), "Congés du comptable", **by)
    _statement(house, "Cabinet Aubry")
    letter = Message.objects.of(house.creditor).filter(state=State.TO_APPROVE, channel="letter").first()
    assert letter is not None, "a letter waits for approval"
    outbox.approve(house.creditor, [letter.pk], alice, house.today, house.at)


def _rehearsed(house: House) -> None:
    """One message decided while the house rehearsed."""
    house.creditor.rehearses = True
    house.creditor.save(update_fields=["rehearses"])
    _statement(house, "Nouvel Élan")
    house.creditor.rehearses = False
    house.creditor.save(update_fields=["rehearses"])


def _imports(house: House) -> None:
    """A file imported, one to confirm, one that cannot be read."""
    import_now(house.creditor, "balance.csv", BALANCE.encode(), house.today, house.at)
    start_import(
        house.creditor,
        "foreign-invoices.csv",
        (FILES / "foreign-invoices.csv").read_bytes(),
        house.people["Alice"],
        house.at,
    )
    start_import(house.creditor, "photo.png", b"\x89PNG\r\n\x1a\n nothing", house.people["Alice"], house.at)


def states(house: House) -> set[str]:
    """The states in which the house has a message."""
    return set(Message.objects.of(house.creditor).values_list("state", flat=True))


__all__ = ["everything", "noon", "states", "working_days"]
