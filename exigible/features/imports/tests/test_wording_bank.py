"""A statement that does not balance is told with amounts and a day as the reader writes them."""

from django.utils.translation import override

from exigible.features.imports.wording import said
from exigible.formats import read
from exigible.formats.tests.banks import cfonb, statement


def test_a_statement_that_does_not_balance_is_told_in_the_readers_own_figures() -> None:
    (warning,) = read(statement(cfonb("04", "021026", minor=123456)), "releve").warnings
    kept = {"code": warning.code, "reason": warning.reason, "params": dict(warning.params)}
    with override("fr"):
        french = said(kept).replace("\u202f", " ").replace("\u00a0", " ")
    assert french.startswith("Relevé du 31/10/2026 : 1 000,00 et des mouvements de 1 234,56 ne font pas 1 000,00 ;")
    with override("en"):
        assert said(kept).startswith(
            "Statement of 31 Oct 2026: 1,000.00 and movements of 1,234.56 do not make 1,000.00;"
        )
