"""Each case that the demonstration must show is in its files, counted there."""

import re
from collections import Counter
from datetime import date, timedelta

from stdnum import luhn
from stdnum.fr import siren, tva

from exigible.entrypoints.demo.days import due_on
from exigible.entrypoints.demo.tests.ledger_files import (
    UNTIL,
    current_year,
    customer_rows,
    foreign_rows,
    previous_year,
    signed,
)

CUSTOMERS = customer_rows()
CURRENT = [row for row in current_year() if row["CompteNum"] == "411000"]
OPEN = [row for row in CURRENT if not row["EcritureLet"].isupper()]
FICTION = (
    "01 99 00 ",
    "02 61 91 ",
    "03 53 01 ",
    "04 65 71 ",
    "05 36 49 ",
    "06 39 98 ",
    "+49 30 23125 ",
    "+44 20 7946 0",
)


def due(row: dict[str, str]) -> date:
    return due_on(date.fromisoformat(row["PieceDate"]), CUSTOMERS[row["CompAuxNum"]]["Conditions de règlement"])


def open_invoices() -> list[dict[str, str]]:
    return [row for row in OPEN if row["PieceRef"].startswith("FA") and signed(row) > 0]


def lateness() -> dict[str, list[int]]:
    """For each customer, the days from due date to lettering of its invoices of the current year that are paid."""
    found: dict[str, list[int]] = {}
    for row in CURRENT:
        if row["JournalCode"] == "VE" and row["EcritureLet"].isupper() and signed(row) > 0:
            late = (date.fromisoformat(row["DateLet"]) - due(row)).days
            found.setdefault(row["CompAuxNum"], []).append(late)
    return found


def test_every_identifier_passes_its_check_and_is_of_a_range_never_given_out() -> None:
    numbers = [row["SIREN"] for row in CUSTOMERS.values() if row["SIREN"]]
    assert len(numbers) == len(set(numbers)) > 40
    for number in numbers:
        assert luhn.is_valid(number)
        assert number.startswith(("0001", "2100", "1700", "2600")), number
    for row in CUSTOMERS.values():
        if row["N° TVA"].startswith("FR"):
            assert tva.is_valid(row["N° TVA"])
            assert row["N° TVA"].removeprefix("FR") == siren.to_tva(row["SIREN"])


def test_no_address_or_telephone_can_reach_anyone() -> None:
    for row in CUSTOMERS.values():
        assert not row["E-mail"] or row["E-mail"].endswith(".example")
        assert not row["Téléphone"] or row["Téléphone"].startswith(FICTION), row


def test_all_kinds_of_customer_are_there() -> None:
    kinds = Counter((row["Type"], row["Acheteur public"]) for row in CUSTOMERS.values())
    assert kinds["Professionnel", ""] >= 40
    assert kinds["Particulier", ""] >= 5
    assert kinds["Administration", "Collectivité"] >= 2
    assert kinds["Administration", "État"] >= 1
    assert kinds["Administration", "Hôpital"] >= 1
    assert kinds["", ""] >= 2
    assert {"France", "Belgique", "Allemagne", "Suisse", "Royaume-Uni"} == {row["Pays"] for row in CUSTOMERS.values()}


def test_some_contact_details_are_missing_or_wrong() -> None:
    emails = [row["E-mail"] for row in CUSTOMERS.values()]
    assert sum(1 for email in emails if email and not re.fullmatch(r"[^@]+@[^@]+", email)) == 1
    assert sum(1 for email in emails if email.startswith("adresse-inexistante@")) == 1
    assert sum(1 for email in emails if not email) >= 2
    assert sum(1 for row in CUSTOMERS.values() if not row["Adresse"]) >= 2
    assert [row["Code client"] for row in CUSTOMERS.values() if not row["Conditions de règlement"]] == ["MIRANDOL"]


def test_two_customers_have_one_name() -> None:
    names = Counter(row["Raison sociale"] for row in CUSTOMERS.values())
    assert [name for name, count in names.items() if count == 2] == ["Boulangerie Martelin"]
    assert len({row["SIREN"] for row in CUSTOMERS.values() if row["Raison sociale"] == "Boulangerie Martelin"}) == 2


def test_every_customer_of_the_ledger_is_in_the_table_under_the_same_name() -> None:
    for row in [*CURRENT, *(row for row in previous_year() if row["CompteNum"] == "411000")]:
        assert CUSTOMERS[row["CompAuxNum"]]["Raison sociale"] == row["CompAuxLib"]


def test_part_payments_are_lettered_in_lower_case_or_only_quote_their_invoice() -> None:
    small = [row for row in CURRENT if row["EcritureLet"].islower()]
    assert sorted(signed(row) for row in small) == [-300_000, 504_000]
    quoting = [row for row in OPEN if signed(row) < 0 and "FA2026" in row["EcritureLib"] and not row["EcritureLet"]]
    parts = [row for row in quoting if row["CompAuxNum"] == "THECAPUC"]
    assert [signed(row) for row in parts] == [-150_000]
    assert any(row["PieceRef"] in parts[0]["EcritureLib"] for row in open_invoices())


def test_a_part_payment_of_one_year_is_completed_and_lettered_in_the_next() -> None:
    before = [row for row in previous_year() if row["CompteNum"] == "411000" and row["EcritureLet"].islower()]
    assert sorted(signed(row) for row in before) == [-576_000, 1_152_000]
    number = next(row["PieceRef"] for row in before if signed(row) > 0)
    carried = [row for row in CURRENT if row["JournalCode"] == "AN" and row["PieceRef"] == number]
    assert [row["EcritureLet"].isupper() for row in carried] == [True]


def test_open_items_are_carried_with_their_own_number_and_day() -> None:
    carried = [row for row in CURRENT if row["JournalCode"] == "AN"]
    known = {(row["PieceRef"], row["PieceDate"], row["CompAuxNum"]) for row in previous_year()}
    assert len(carried) > 50
    assert all((row["PieceRef"], row["PieceDate"], row["CompAuxNum"]) in known for row in carried)
    assert any(row["PieceRef"].startswith("FA2024") for row in carried)


def test_a_credit_note_is_larger_than_all_its_customer_owes() -> None:
    credit = next(row for row in OPEN if row["PieceRef"].startswith("AV"))
    owed = [signed(row) for row in open_invoices() if row["CompAuxNum"] == credit["CompAuxNum"]]
    assert 0 < sum(owed) < -signed(credit)


def test_some_money_refers_to_nothing() -> None:
    lone = [
        row for row in OPEN if signed(row) < 0 and not re.search(r"FA\d|AV\d", row["EcritureLib"] + row["PieceRef"])
    ]
    amounts = {row["CompAuxNum"]: -signed(row) for row in lone}
    owed = {code: [signed(row) for row in open_invoices() if row["CompAuxNum"] == code] for code in amounts}
    assert amounts["SPAROSEE"] not in owed["SPAROSEE"]
    assert amounts["OPTIBELV"] in owed["OPTIBELV"]
    assert amounts["MIRANDOL"] > 0
    assert owed["MIRANDOL"] == []


def test_one_payment_quotes_its_invoice_but_is_not_lettered() -> None:
    payment = next(row for row in OPEN if row["CompAuxNum"] == "LUMIBRUX" and signed(row) < 0)
    invoice = next(row for row in open_invoices() if row["PieceRef"] in payment["EcritureLib"])
    assert signed(invoice) + signed(payment) == 0


def test_one_invoice_was_paid_twice() -> None:
    twice = [row for row in CURRENT if row["CompAuxNum"] == "LIBPAPIE" and signed(row) == -54_000]
    assert sorted(bool(row["EcritureLet"]) for row in twice) == [False, True]


def test_round_sums_without_a_reference_wait_to_be_spread_oldest_first() -> None:
    rows = [row for row in CURRENT if row["CompAuxNum"] == "CONCEPTU"]
    sums = [-signed(row) for row in rows if signed(row) < 0]
    assert len(sums) >= 3
    assert all(amount % 50_000 == 0 for amount in sums)
    assert not any(row["EcritureLet"] for row in rows)


def test_a_rejected_debit_is_lettered_with_its_payment_or_stands_alone() -> None:
    rejected = [row for row in CURRENT if row["EcritureLib"].startswith("REJET")]
    assert sorted(bool(row["EcritureLet"]) for row in rejected) == [False, True]
    assert any(row["EcritureLib"].startswith("REMBOURSEMENT") and signed(row) > 0 for row in CURRENT)


def test_other_customer_accounts_are_used() -> None:
    rows = [*previous_year(), *current_year()]
    for account, count in (("413000", 1), ("416000", 2), ("418100", 2), ("419100", 3)):
        assert sum(1 for row in rows if row["CompteNum"] == account) >= count, account
    doubtful = [row for row in current_year() if row["CompteNum"] == "416000"]
    assert {row["CompAuxNum"] for row in doubtful} == {"VERRSOUF"}
    assert any(row["CompteNum"] == "419100" and not row["EcritureLet"] and signed(row) < 0 for row in current_year())


def test_foreign_money_is_in_the_ledger_and_in_the_table() -> None:
    assert {row["Idevise"] for row in CURRENT} == {"", "GBP"}
    assert {row["Devise"] for row in foreign_rows()} == {"EUR", "CHF", "GBP", "USD"}


def test_the_table_holds_what_a_ledger_cannot() -> None:
    rows = foreign_rows()
    undated = [row["Code client"] for row in rows if not row["Date échéance"]]
    assert "MIRANDOL" in undated
    assert {row["Nature"] for row in rows} == {"Facture", "Avoir", "Acompte"}
    assert any(row["Déjà réglé"] != "0,00" for row in rows)
    assert all(row["Code client"] in CUSTOMERS for row in rows)
    assert not {row["N° facture"] for row in rows} & {row["PieceRef"] for row in current_year()}


def test_invoices_fall_due_today_tomorrow_and_in_five_days() -> None:
    days = Counter((due(row) - UNTIL).days for row in open_invoices())
    assert days[0] >= 1
    assert days[1] >= 1
    assert days[5] >= 1


def test_a_large_debt_is_old_and_a_consumers_is_near_its_limitation() -> None:
    assert [row for row in open_invoices() if signed(row) > 3_000_000 and UNTIL - due(row) > timedelta(days=365)]
    consumers = {code for code, row in CUSTOMERS.items() if row["Type"] == "Particulier"}
    late = [(UNTIL - due(row)).days for row in open_invoices() if row["CompAuxNum"] in consumers]
    assert 600 < max(late) < 730


def test_some_customers_are_always_on_time_and_some_always_late() -> None:
    found = lateness()
    early = [code for code, days in found.items() if len(days) >= 4 and max(days) <= 0]
    chronic = [code for code, days in found.items() if len(days) >= 4 and min(days) >= 8]
    assert len(early) >= 4
    assert len(chronic) >= 3


def test_new_customers_have_no_invoice_older_than_a_quarter() -> None:
    first: dict[str, str] = {}
    for row in [*previous_year(), *CURRENT]:
        if row["CompteNum"] == "411000":
            first[row["CompAuxNum"]] = min(first.get(row["CompAuxNum"], "9"), row["PieceDate"])
    assert sum(1 for day in first.values() if date.fromisoformat(day) > UNTIL - timedelta(days=100)) == 3
