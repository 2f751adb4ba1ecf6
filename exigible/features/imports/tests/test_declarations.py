"""Earlier reminders declared, and PDFs attached in bulk."""

from datetime import date

import pytest

from exigible.books.cases.models import Case, Standing, TakenStep
from exigible.books.creditors.money_known import learn_money
from exigible.books.documents.models import Evidence
from exigible.books.journal.models import Event
from exigible.books.ledger.tests.fec import TODAY, Ledger
from exigible.features.imports.operations import import_now
from exigible.features.imports.pdfs import attach_pdfs, numbers_in
from exigible.features.imports.reminders import Reminder, declare_reminders, read_reminders, step_named
from exigible.features.imports.undo import ReminderRestsOnIt, undo_import
from exigible.testing import MONDAY, House, atelier_lumen, noon

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def house() -> House:
    house = atelier_lumen(TODAY)
    ledger = Ledger(2026, names={"C1": "Tilleul SARL", "C2": "Orme SARL"})
    for customer, number, day in (
        ("C1", "FA-2026/012", 5),
        ("C1", "FA-2026/013", 6),
        ("C2", "77", 7),
        ("C2", "1077", 8),
    ):
        ledger.sale(customer, number, 12000, date(2026, 9, day))
    import_now(house.creditor, "fec.txt", ledger.bytes(), TODAY, house.at)
    return house


def declared(house: House, *rows: Reminder) -> list[tuple[str, int, str]]:
    return declare_reminders(house.creditor, rows, TODAY, house.at).rejected


def test_a_declared_reminder_counts_as_delivered_and_is_told(house: House) -> None:
    assert declared(house, Reminder(2, "fa-2026/012", "relance 1", "15/10/2026", "courriel du 15 octobre")) == []
    standing = Standing.objects.get(invoice__number="FA-2026/012")
    assert (standing.last_step, standing.last_taken_on, standing.last_is_delivered) == (
        "friendly",
        date(2026, 10, 15),
        True,
    )
    assert standing.stage == "reminded"
    step = TakenStep.objects.get()
    assert (step.is_declared, step.delivered_on) == (True, date(2026, 10, 15))
    (event,) = Event.objects.filter(kind="step.declared")
    assert event.stream == f"case/{standing.case_id}"
    assert Case.objects.get(pk=standing.case_id).highest_tone > 0


def test_an_earlier_step_declared_later_does_not_take_the_place_of_the_highest(house: House) -> None:
    declared(
        house,
        Reminder(2, "77", "relance 2", "20/10/2026", "courriel"),
        Reminder(3, "77", "relance 1", "12/10/2026", "courriel"),
    )
    assert Standing.objects.get(invoice__number="77").last_step == "firm"
    assert TakenStep.objects.count() == 2


def test_a_reminder_declared_twice_is_declared_once(house: House) -> None:
    row = Reminder(2, "77", "courrier", "20/10/2026", "lettre")
    declared(house, row)
    assert declare_reminders(house.creditor, [row], TODAY, house.at).known == 1
    assert TakenStep.objects.count() == 1


def test_lines_that_cannot_be_believed_are_named_and_stop_no_other(house: House) -> None:
    rows = [
        Reminder(2, "404", "relance 1", "15/10/2026", "courriel"),
        Reminder(3, "77", "visite", "15/10/2026", "courriel"),
        Reminder(4, "77", "relance 1", "31/12/2026", "courriel"),
        Reminder(5, "77", "relance 1", "01/01/2026", "courriel"),
        Reminder(6, "77", "relance 1", "15/10/2026", " "),
        Reminder(7, "77", "relance 1", "15/10/2026", "courriel"),
    ]
    codes = ["reminder.number", "reminder.step", "reminder.day", "reminder.day", "reminder.proof"]
    assert [(code, line) for code, line, _value in declared(house, *rows)] == list(zip(codes, range(2, 7), strict=True))
    assert TakenStep.objects.count() == 1


def test_a_table_of_reminders_is_read_by_its_headers(house: House) -> None:
    table = "N° facture;Étape;Date;Preuve\n77;Mise en demeure;20/10/2026;LRAR 1A 123 456\n".encode()
    rows = read_reminders(table)
    assert rows == [Reminder(2, "77", "Mise en demeure", "20/10/2026", "LRAR 1A 123 456")]
    declared(house, *rows)
    assert Standing.objects.get(invoice__number="77").stage == "formal_notice"
    assert read_reminders(b"a;b\n1;2\n") is None


@pytest.mark.parametrize(
    ("words", "step"),
    [("Relance n°2", "firm"), ("1ère relance", "friendly"), ("R3", "letter"), ("LRAR", "formal_notice"), ("Appel", "call"),
     ("rappel", "friendly"), ("friendly", "friendly"), ("visite", "")],
)  # fmt: skip
def test_steps_are_known_by_the_words_of_the_trade(words: str, step: str) -> None:
    assert step_named(words) == step


def test_the_day_goes_on_after_a_declared_reminder(house: House) -> None:
    declared(
        house,
        Reminder(2, "77", "relance 1", "01/11/2026", "courriel"),
        Reminder(3, "1077", "relance 1", "01/11/2026", "courriel"),
    )
    invoice = Standing.objects.get(invoice__number="77").invoice
    customer = invoice.customer
    customer.kind = "business"
    customer.save()
    customer.contacts.create(creditor=house.creditor, email="a@orme.example", is_main=True)
    learn_money(house.creditor, MONDAY, MONDAY)
    steps = {action.step for action in house.run(MONDAY)}
    assert "friendly" not in steps
    assert steps


def test_a_declared_reminder_keeps_its_import(house: House) -> None:
    from exigible.features.imports.models import Import

    declared(house, Reminder(2, "77", "relance 1", "15/10/2026", "courriel"))
    with pytest.raises(ReminderRestsOnIt, match="77"):
        undo_import(Import.objects.get(creditor=house.creditor), TODAY, noon(TODAY))


def test_pdfs_find_their_invoice_by_the_number_in_their_name(house: House) -> None:
    names = [
        "Facture FA-2026-012 Tilleul.pdf",
        "fa2026_013.PDF",
        "scan.pdf",
        "1077.pdf",
        "facture_FA_2026_012_FA_2026_013.pdf",
    ]
    told = attach_pdfs(
        house.creditor, [*((name, PDF + name.encode()) for name in names), ("77.pdf", b"GIF89a")], TODAY, house.at
    )
    assert dict(told.attached) == {
        names[0]: "FA-2026/012",
        names[1]: "FA-2026/013",
        names[3]: "1077",
        names[4]: "FA-2026/012",
    }
    assert (told.unmatched, told.not_pdf) == (["scan.pdf"], ["77.pdf"])
    assert Evidence.objects.filter(proves="invoice").count() == 4
    again = attach_pdfs(house.creditor, [(names[0], PDF + names[0].encode())], TODAY, house.at)
    assert len(again.attached) == 1
    assert Evidence.objects.count() == 4


def test_a_short_number_is_not_found_inside_a_longer_one() -> None:
    assert numbers_in("Facture 1077 du 12.pdf")[0] == "facture1077du12"
    assert "077" not in numbers_in("Facture 1077 du 12.pdf")
    assert "1077" in numbers_in("Facture 1077 du 12.pdf")
