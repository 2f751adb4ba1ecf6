"""The aged balance as a workbook: amounts are numbers, texts are never formulas."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from exigible.books.creditors.models import Creditor
from exigible.books.ledger.queries import AgedRow
from exigible.core.money import minor_digits
from exigible.core.typography import day_in_words
from exigible.features.customers.balance import Totals, control, rows_for, totals_of

LONGEST = 32_000


def write_balance_xlsx(
    target: str | Path | IO[bytes], creditor: Creditor, as_of: date, currency: str, language: str = "fr"
) -> int:
    """Write the aged balance of one currency to a path or a file; returns the number of customers."""
    rows = rows_for(creditor, as_of, currency)
    totals = totals_of(rows)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Aged balance"))
    sheet.freeze_panes = "C4"
    for column, width in zip("ABCDEFGHI", (14, 40, *[16] * 7), strict=True):
        sheet.column_dimensions[column].width = width
    title = _("%(creditor)s: aged balance on %(day)s, in %(currency)s")
    words = {"creditor": creditor.name, "day": day_in_words(as_of, language), "currency": currency}
    sheet.append([_text(sheet, title % words, bold=True)])
    sheet.append([])
    heads = (_("Reference"), _("Customer"), *bucket_names(), _("Not allocated"), _("Total"))
    sheet.append([_text(sheet, str(head), bold=True) for head in heads])
    for row in rows:
        sheet.append([_text(sheet, row.reference), _text(sheet, row.name), *_figures(sheet, row, currency)])
    sheet.append([None, _text(sheet, _("Total"), bold=True), *_figures(sheet, totals, currency, bold=True)])
    sheet.append([])
    for account, minor in control(creditor, as_of, currency, totals.total).accounts:
        sheet.append(
            [
                None,
                _text(sheet, _("Balance of account %(account)s") % {"account": account}),
                _number(sheet, minor, currency),
            ]
        )
    book.save(target)
    return len(rows)


def bucket_names() -> tuple[str, ...]:
    """Return the heads of the buckets, in the language of the reader."""
    return (_("Not due"), _("1 to 30 d"), _("31 to 60 d"), _("61 to 90 d"), _("Over 90 d"))


def _text(sheet: Any, value: str, bold: bool = False) -> Any:
    """A cell of text: what looks like a formula stays text, and what a workbook cannot hold is left out."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST])
    cell.data_type = "s"
    cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell


def _figures(sheet: Any, row: AgedRow | Totals, currency: str, bold: bool = False) -> list[Any]:
    return [_number(sheet, minor, currency, bold) for minor in (*row.buckets, row.unallocated, row.total)]


def _number(sheet: Any, minor: int, currency: str, bold: bool = False) -> Any:
    digits = minor_digits(currency)
    cell = WriteOnlyCell(sheet, value=Decimal(minor).scaleb(-digits))  # type: ignore[arg-type]
    cell.number_format = "#,##0" + ("." + "0" * digits if digits else "")
    if bold:
        cell.font = Font(bold=True)
    return cell
