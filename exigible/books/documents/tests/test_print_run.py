"""The payment code and the print run: what stands beside and around the letters."""

import pytest

from exigible.books.documents.payment_code import transfer_lines
from exigible.books.documents.render import epc_qr, print_run, render
from exigible.books.documents.tests.test_render import IBAN, letter, read, text_of


def test_the_payment_code_says_what_the_standard_asks() -> None:
    assert transfer_lines(IBAN, "AGRI FRPP", "Lacaze\nSAS", 123_405, "D-187\x00 F-2031") == [
        *("BCD", "002", "1", "SCT", "AGRIFRPP", "Lacaze SAS", IBAN, "EUR1234.05", "", "", "D-187 F-2031"),
    ]
    assert transfer_lines(IBAN, None, "N" * 300, None, "R" * 300)[4:] == ["", "N" * 70, IBAN, "", "", "", "R" * 140]


def test_the_payment_code_is_a_drawing_that_differs_by_amount() -> None:
    code = epc_qr(IBAN, "AGRIFRPP", "Lacaze", 123_405, "D-187")
    assert code.startswith("<svg")
    assert code != epc_qr(IBAN, "AGRIFRPP", "Lacaze", 123_406, "D-187")
    assert epc_qr(IBAN, None, "é" * 70, None, "é" * 140).startswith("<svg")


@pytest.mark.parametrize("amount_minor", [0, -1, 100_000_000_000])
def test_the_payment_code_refuses_an_amount_that_the_standard_does(amount_minor: int) -> None:
    with pytest.raises(ValueError, match="payment code carries"):
        epc_qr(IBAN, None, "Lacaze", amount_minor, "D-187")


def test_no_payment_code_is_drawn_in_another_currency_or_for_nothing_owed() -> None:
    caption = "Scanner pour préparer le virement"
    assert caption in text_of(render("letter", letter(1)))
    assert caption not in text_of(render("letter", letter(1) | {"currency": "CHF"}))
    assert caption not in text_of(render("letter", letter(1) | {"totals": [["Total", 0]]}))


def test_a_print_run_holds_all_letters_in_order_and_repeats_its_bytes() -> None:
    letters = [render("letter", letter(1) | {"subject": f"Lettre {rank}"}) for rank in range(3)]
    run = print_run(letters)
    assert run == print_run(iter(letters))
    assert ["Lettre " + str(rank) in page.extract_text() for rank, page in enumerate(read(run).pages)] == [True] * 3


def test_a_print_run_on_both_sides_never_puts_a_letter_on_anothers_back() -> None:
    letters = [render("letter", letter(1)), render("letter", letter(1, annexed=True)), render("letter", letter(1))]
    pages = [page.extract_text().strip() for page in read(print_run(letters, both_sides=True)).pages]
    assert [bool(page) for page in pages] == [True, False, True, True, True, False]
