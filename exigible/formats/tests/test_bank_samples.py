"""Each bank statement from outside, with its own values; our own samples, alike in every format."""

from collections.abc import Iterator
from datetime import date

import pytest

from exigible.formats import read
from exigible.formats.bank import Movement
from exigible.formats.rows import Reading
from exigible.formats.tests.banks import DURAND_ACCOUNT, LUMEN_ACCOUNT
from exigible.formats.tests.ledgers import OWN_SAMPLES, SAMPLES

AGREE, DIFFER, UNKNOWN = "agree", "differ", "unknown"
# folder, file: statements, movements, their sum in cents, the balances of all of them, the currency.
VALUES = """
camt/oca/test-camt053.xml                                   1  4     -1299 differ  EUR
camt/oca/test-camt053-no-ntry.xml                           1  0         0 agree   CHF
camt/oca/test-camt053-txdtls.xml                            1  2    348300 agree   CHF
camt/oca/test-camt053.zip                                   2  6     11402 differ  EUR
camt/oca/test-camt054.xml                                   1  1       500 unknown EUR
cfonb120/akretion/bank_statement.cfo                        1  4   -200000 differ  EUR
cfonb120/pennylane/example.txt                              2  6      2668 agree   EUR
cfonb120/pennylane/end_of_statement_without_beginning.txt   1  1     -1070 differ  EUR
cfonb120/pennylane/new_statement_without_previous_ended.txt 2  2     -1860 differ  EUR
cfonb120/pennylane/operation_detail_without_operation.txt   1  1     -1070 differ  EUR
cfonb120/pennylane/operation_out_of_statement.txt           1  1     -1070 differ  EUR
mt940/wolph/abnamro.sta                                     2 10    -34593 differ  EUR
mt940/wolph/amount_formats.sta                              1  0         0 unknown EUR
mt940/wolph/empty_entry_date.sta                            1  1      5000 unknown EUR
mt940/wolph/generic.sta                                     2  2     -2000 agree   EUR
mt940/wolph/ing.sta                                         1  7     -4559 differ  EUR
mt940/wolph/knab.sta                                        2  3   -626000 differ  EUR
mt940/wolph/missing_crlf_at_end.sta                         1  0         0 unknown EUR
mt940/wolph/postfinance.sta                                 2  4     15940 differ  CHF
mt940/wolph/rabobank-iban.sta                               2  4     -7000 agree   EUR
mt940/wolph/rabobank.sta                                    4  5   -158909 differ  EUR
mt940/wolph/sepa_mt9401.sta                                26 97 -926913590 agree  EUR
mt940/wolph/sepa_snippet.sta                                2 11 -214332339 differ EUR
mt940/wolph/sepa_snippet_broken.sta                         1  1   5099005 differ  EUR
mt940/wolph/sns.sta                                         2  2     -2500 agree   EUR
mt940/wolph/triodos.sta                                     1  2    -71570 differ  EUR
mt940/wolph/with_binary_character.sta                       2  4 -17906675 agree   EUR
ofx/ofxparse/anzcc.ofx                                      1  1      -550 unknown AUD
ofx/ofxparse/bank_medium.ofx                                1  3    -34527 unknown CAD
ofx/ofxparse/checking.ofx                                   1  3     -5950 unknown USD
ofx/ofxparse/date_missing.ofx                               1  0         0 unknown USD
ofx/ofxparse/decimal_error.ofx                              1  0         0 unknown CAD
ofx/ofxparse/empty_balance.ofx                              1  1     12000 unknown CAD
ofx/ofxparse/multiple_accounts.ofx                          2  0         0 unknown USD
ofx/ofxparse/multiple_accounts2.ofx                         2  0         0 unknown USD
ofx/ofxparse/ofx-v102-empty-tags.ofx                        1  1      1234 unknown AUD
ofx/ofxparse/suncorp.ofx                                    1  1     -1685 unknown AUD
"""
# What each faulty file is told, as code and line: what could not be read at all, and what was left out or is missing.
REFUSED = {
    "cfonb120/pennylane/invalid_date.txt": ("bank.opening", 1),
    "cfonb120/pennylane/operation.txt": ("cfonb.outside", 1),
    "cfonb120/pennylane/operation_already_defined.txt": ("cfonb.outside", 1),
    "cfonb120/pennylane/operation_unstarted.txt": ("cfonb.complement", 1),
    "mt940/wolph/currency_in_25.sta": ("bank.nothing", None),
    "mt940/wolph/empty_86.sta": ("bank.nothing", None),
    "mt940/wolph/empty_line.sta": ("bank.nothing", None),
    "ofx/ofxparse/bank_small.ofx": ("bank.nothing", None),
}
FAULTS = {
    "cfonb120/pennylane/invalid_date.txt": [("cfonb.no_beginning", 9)],
    "cfonb120/pennylane/operation_already_defined.txt": [("cfonb.outside", 6)],
    "cfonb120/pennylane/end_of_statement_without_beginning.txt": [("cfonb.no_beginning", 9)],
    "cfonb120/pennylane/new_statement_without_previous_ended.txt": [("bank.not_ended", 1)],
    "cfonb120/pennylane/operation_detail_without_operation.txt": [("cfonb.complement", 3)],
    "cfonb120/pennylane/operation_out_of_statement.txt": [("cfonb.outside", 1)],
    "mt940/wolph/amount_formats.sta": [("bank.not_ended", 1)],
    "mt940/wolph/sepa_snippet_broken.sta": [("mt940.field", 6)],
    "ofx/ofxparse/date_missing.ofx": [("bank.no_day", 33), ("bank.no_day", 40), ("bank.day", 48)],
    "ofx/ofxparse/decimal_error.ofx": [("bank.amount", 34), ("bank.day", 34)],
}


def files(folder: str) -> Iterator[tuple[str, Reading]]:
    """Every sample of a folder, read."""
    for path in sorted((SAMPLES / folder).rglob("*.*")):
        yield path.relative_to(SAMPLES).as_posix(), read(path.read_bytes(), path.name)


def balances(reading: Reading) -> str:
    """Whether all balances of a file agree, some differ, or some are not given."""
    told = {each.is_balanced for each in reading.statements}
    return DIFFER if False in told else UNKNOWN if None in told else AGREE


@pytest.mark.skipif(not SAMPLES.exists(), reason="EXIGIBLE_SAMPLES is absent")
@pytest.mark.parametrize("folder", ["camt", "cfonb120", "mt940", "ofx"])
def test_every_statement_from_outside_has_its_own_values(folder: str) -> None:
    values = {name: told for name, *told in map(str.split, VALUES.strip().splitlines())}
    for name, reading in files(folder):
        refusal = reading.refusal and (reading.refusal.code, reading.refusal.line)
        assert refusal == REFUSED.get(name), name
        assert [(each.code, each.line) for each in reading.errors] == FAULTS.get(name, []), name
        if refusal:
            continue
        movements = [movement for each in reading.statements for movement in each.movements]
        total = sum(movement.amount_minor for movement in movements)
        told = [str(len(reading.statements)), str(len(movements)), str(total), balances(reading)]
        assert [*told, reading.statements[0].currency] == values.pop(name), name
    assert not [name for name in values if name.startswith(folder)]


def own(name: str) -> list[Movement]:
    """The movements of one of our own samples: one statement of the invented account, whose balances agree or are absent."""
    reading = read((OWN_SAMPLES / name).read_bytes(), name)
    (found,) = reading.statements
    assert (reading.refusal, reading.errors, found.is_balanced) == (None, [], None if name.endswith("ofx") else True)
    assert found.account in (LUMEN_ACCOUNT, "0000123456X")
    return list(found.movements)


@pytest.mark.parametrize(
    "name", ["releve.cfonb120.txt", "releve.camt053.xml", "releve.mt940", "releve-cp1252.ofx", "operations.csv"]
)
def test_our_own_statement_tells_the_same_transfer_in_every_format(name: str) -> None:
    movements = own(name)
    (transfer,) = [each for each in movements if each.amount_minor == 125000]
    assert (transfer.booked, transfer.currency) == (date(2026, 10, 2), "EUR")
    assert "FA-2026-017" in transfer.label
    assert name.endswith("ofx") or transfer.payer_name == "DURAND ET FILS"
    assert [each.kind for each in movements if each.amount_minor == -450] == ["fee"]
    returned = [each for each in movements if each.amount_minor == -30000]
    assert [each.kind for each in returned] == ([] if name.endswith("ofx") else ["return"])


def test_a_message_cut_after_seventy_characters_is_put_together_again() -> None:
    transfer, returned, _, cheques = own("releve.cfonb120.txt")
    assert transfer.label.endswith("FA-2026-018 DU 8 SEPT ET FA-2026-019 MERCI")
    assert (transfer.payer_account, transfer.end_to_end) == (DURAND_ACCOUNT, "DURAND-2026-114")
    assert (returned.payer_name, returned.end_to_end, returned.reason) == (
        "MARTIN SARL", "PRELEVEMENT-77", "04 AM04 PROVISION INSUFFISANTE",
    )  # fmt: skip
    assert (cheques.kind, cheques.references) == ("cheque", ("BORDEREAU 12",))


def test_accents_of_an_ofx_file_are_those_of_the_encoding_that_it_declares() -> None:
    transfer, _ = own("releve-cp1252.ofx")
    assert transfer.label == "VIR SEPA REÇU DURAND & FILS Règlement FA-2026-017 et FA-2026-018 €"
    assert transfer.bank_id == "20261002-0001"
