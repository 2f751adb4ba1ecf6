"""The sentences about a file in the reader's language: those of the readers and of the posting, here for the catalogue."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext, gettext_noop

from exigible.core.money import minor_digits
from exigible.core.typography import amount
from exigible.features.imports import wording_registers, wording_tables
from exigible.features.imports.wording_bank import SENTENCES as BANK
from exigible.features.imports.wording_bank import written

IN_MONEY = ("known", "given", "stated", "counted", "total")
AMOUNT = re.compile(r"(-?\d+)(?:\.(\d+))? ([A-Z]{3})\b")
SENTENCES = {
    **BANK,
    "file.empty": gettext_noop("The file is empty: choose a file that holds the ledger."),
    "file.unknown": gettext_noop(
        "This file is of no known kind: give a FEC, a CSV or XLSX table that starts with its headers, electronic invoices or a bank statement."
    ),
    "pdf.no_invoice": gettext_noop(
        "{file}: this PDF holds no structured invoice (Factur-X or ZUGFeRD), only its picture; nothing is guessed from it. Type the invoice in a table, or attach the PDF to an invoice of the books."
    ),
    "pdf.password": gettext_noop("{file}: this PDF is protected by a password. Save it without one and give it again."),
    "pdf.broken": gettext_noop("{file}: this PDF cannot be opened; it is damaged. Ask for it again."),
    "einvoice.not_one": gettext_noop(
        "{file}: this is no electronic invoice. Give a Factur-X PDF, or an invoice in CII or UBL."
    ),
    "einvoice.broken": gettext_noop("{file}: the XML of this invoice is damaged or cut. Export the invoice again."),
    "einvoice.doctype": gettext_noop(
        "{file}: this XML declares a document type, which no invoice does; it was not read. Export the invoice again."
    ),
    "einvoice.too_large": gettext_noop("{file}: larger than an invoice may be ({limit} MB); it was not read."),
    "einvoice.amount": gettext_noop("{file}: “{value}” is not an amount. Correct the invoice and give it again."),
    "einvoice.date": gettext_noop("{file}: “{value}” is not a date. Correct the invoice and give it again."),
    "einvoice.total": gettext_noop("{file}: the invoice states no total. Correct it and give it again."),
    "einvoice.currency": gettext_noop(
        "{file}: “{value}” is not a currency code of three letters. Correct the invoice and give it again."
    ),
    "einvoice.number": gettext_noop("{file}: the invoice has no number. Correct it and give it again."),
    "einvoice.no_due_date": gettext_noop(
        "Invoice {number} states no due date: the customer's terms are taken, else yours."
    ),
    "einvoice.due_before_issue": gettext_noop("Invoice {number} falls due before its own date: check the due date."),
    "einvoice.negative": gettext_noop("{number} has a negative total: it was read as a credit note."),
    "einvoice.more_to_pay": gettext_noop(
        "Invoice {number} asks for more than its total, as when it collects for others: what it asks for was taken."
    ),
    "einvoice.overpaid": gettext_noop(
        "Invoice {number} was overpaid before it was issued: the customer has the difference in credit."
    ),
    "einvoice.no_buyer": gettext_noop(
        "{file}: invoice {number} does not say who bought; it is left out. Correct it and give it again."
    ),
    "einvoice.duplicate": gettext_noop("{file}: invoice {number} is in {other} already; it was read once."),
    "einvoice.conflict": gettext_noop(
        "{file}: the same seller has another invoice {number} in {other}; this one is left out. Correct the number and give it again."
    ),
    "status.columns": gettext_noop(
        "This table of invoice statuses lacks a column: it needs the invoice's number, the status, and its date."
    ),
    "status.none": gettext_noop(
        "This file holds no status of an invoice: export it again for a period that holds some."
    ),
    "status.message": gettext_noop(
        "{file}: this XML is no life-cycle message of an invoice (CDAR). Export the message again."
    ),
    "status.number": gettext_noop(
        "Line {line}: no invoice number; the line is left out. Fill it in and give the file again."
    ),
    "status.code": gettext_noop(
        "Line {line}: “{value}” is no status of an electronic invoice (200 to 299, or its name); the line is left out. Correct it and give the file again."
    ),
    "status.at": gettext_noop(
        "Line {line}: “{value}” is not a date and time; the line is left out. Correct it and give the file again."
    ),
    "status.amount": gettext_noop(
        "Line {line}: “{value}” is not an amount; the line is left out. Correct it and give the file again."
    ),
    "status.future": gettext_noop(
        "Line {line}: this status is dated after today; the line is left out. Correct its date and give the file again."
    ),
    "status.seller": gettext_noop(
        "Line {line}: this status is about an invoice of another company (SIREN {value}); the line is left out. Give it to that company."
    ),
    "archive.broken": gettext_noop("{file}: this archive is damaged or is none. Make it again."),
    "archive.too_many": gettext_noop("{file}: this archive holds more than {limit} files. Make several of it."),
    "archive.too_large": gettext_noop("{file}: this archive unpacks to more than {limit} MB. Make several of it."),
    "archive.password": gettext_noop(
        "{file}: protected by a password in the archive; it is left out. Make the archive again without one."
    ),
    "archive.method": gettext_noop("{file}: packed in a way that is not read; it is left out. Make an ordinary ZIP."),
    "archive.member": gettext_noop("{file}: damaged in the archive; it is left out. Make the archive again."),
    "encoding.mixed": gettext_noop(
        "Line {line} is written in another encoding than the rest of the file ({encoding}): export the file again in one encoding."
    ),
    "encoding.broken": gettext_noop("The text cannot be decoded as {encoding}: the file is damaged, export it again."),
    "fec.columns": gettext_noop(
        "This FEC lacks {missing} on its first line: export it again with the 18 columns of the law."
    ),
    "fec.no_lines": gettext_noop(
        "This FEC has its headers but no line of entry: export it again for a period that holds entries."
    ),
    "fec.truncated": gettext_noop(
        "The file stops in the middle of line {line}: it was cut on its way, export it again."
    ),
    "fec.quote": gettext_noop(
        "A quotation mark on line {line} or just after it is never closed: correct it in the ledger and export again."
    ),
    "fec.date": gettext_noop(
        "Line {line}: “{value}” is not a day written YYYYMMDD; the line is left out and entry {entry} is incomplete. Correct the date in the ledger and export again."
    ),
    "fec.amount": gettext_noop(
        "Line {line}: “{value}” is not an amount; the line is left out and entry {entry} is incomplete. Correct the amount in the ledger and export again."
    ),
    "fec.short": gettext_noop(
        "Line {line} has {count} columns instead of {expected}; the line is left out and its entry is incomplete. Export the file again."
    ),
    "fec.unbalanced": gettext_noop(
        "Debits ({debit}) and credits ({credit}) of the file differ by {difference}; first entry out of balance: {entry}, line {line}. Correct it in the ledger and export again."
    ),
    "fec.unbalanced_entry": gettext_noop("Entry {entry} (line {line}) is out of balance by {difference}."),
    "fec.unnumbered": gettext_noop(
        "EcritureNum says nothing in the journals {journals}: entries were told apart by their balance."
    ),
    "fec.no_header": gettext_noop("The file has no line of headers: its columns were taken in the order of the law."),
    "fec.optional": gettext_noop("The columns {missing} are absent: what they hold is left empty."),
    "fec.no_auxiliary": gettext_noop(
        "{count} lines of account {account} name no customer: they stand together under the account."
    ),
    "fec.currency": gettext_noop(
        "{count} customer lines carry a foreign amount: the ledger's own amounts in euros were read."
    ),
    "fec.replaced": gettext_noop("Some bytes mean nothing in {encoding}: they were replaced, check the names."),
    "table.no_header": gettext_noop(
        "No line of headers was recognised in the first {count} lines: name the columns in the mapping."
    ),
    "table.unmapped": gettext_noop("No column was recognised for {missing}: name it in the mapping."),
    "table.workbook": gettext_noop(
        "The workbook cannot be opened: it is damaged or protected by a password. Save it again as XLSX."
    ),
    "table.mapping": gettext_noop("The mapping names column “{column}”, which is not on line {line} of the file."),
    "table.missing": gettext_noop("Line {line}: no {field}; the line is left out. Fill it in and import again."),
    "table.date": gettext_noop(
        "Line {line}: “{value}” is not a date for {field}; the line is left out. Correct it and import again."
    ),
    "table.amount": gettext_noop(
        "Line {line}: “{value}” is not an amount for {field}; the line is left out. Correct it and import again."
    ),
    "table.open_above_total": gettext_noop(
        "Line {line}: the open balance {value} is larger than the total; the line is left out. Correct it and import again."
    ),
    "table.duplicate": gettext_noop("Line {line} repeats line {first} (number {value}); the line is left out."),
    "table.currency": gettext_noop(
        "Line {line}: “{value}” is not a currency code of three letters; the line is left out. Correct it and import again."
    ),
    "table.total_line": gettext_noop("Line {line} looks like a total: it was not read as an invoice."),
    "table.date_order": gettext_noop(
        "Column “{column}” does not say whether days or months come first: days were taken first."
    ),
    "table.decimal_mark": gettext_noop("Column “{column}” does not show its decimal mark: “{mark}” was taken."),
    "table.no_currency": gettext_noop("No column gives the currency: {currency} was taken."),
    "table.credit_note_used": gettext_noop(
        "Line {line}: part of the credit note is already used; what is left of it was read."
    ),
    "table.email": gettext_noop("Line {line}: “{value}” is not an e-mail address; the rest of the line was read."),
    "posting.other_amount": gettext_noop(
        "Line {line}: {number} is in the books for {known}, and this file says {given}; the line is left out. Issue a credit note, or undo the first import."
    ),
    "posting.other_day": gettext_noop(
        "Line {line}: {number} is in the books with the date {known}, and this file says {given}; the line is left out. Correct the ledger, or undo the first import."
    ),
    "posting.other_customer": gettext_noop(
        "Line {line}: {number} is in the books of customer {known}, and this file says {given}; the line is left out. Correct the ledger, or undo the first import."
    ),
    "posting.other_nature": gettext_noop(
        "Line {line}: {number} is in the books as {known}, and this file says {given}; the line is left out. Correct the ledger, or undo the first import."
    ),
    "posting.no_customer": gettext_noop(
        "Line {line}: customer {given} is not in the file; the line is left out. Export the file again."
    ),
    "posting.terms": gettext_noop(
        "Customer {number}: the terms “{given}” cannot be read; write a number of days, like 30, 45 FDM or FDM + 45. The usual terms were taken."
    ),
    "posting.purchase": gettext_noop(
        "Invoice {number} was sold to you by {seller}: it is yours to pay, not to collect; it is left out."
    ),
    "posting.other_seller": gettext_noop(
        "Invoice {number} was sold by {seller}, not by you; it is left out. If it is yours, correct your SIREN in the settings."
    ),
    "posting.no_opening_order": gettext_noop(
        "Opening items of a later year stand in the books beside this file's: import the years in order, or undo the import of the later year and do it again."
    ),
    "reminder.number": gettext_noop("Line {line}: no unpaid invoice is numbered {value}."),
    "reminder.several": gettext_noop(
        "Line {line}: several invoices are numbered {value}; add a column with the customer's code."
    ),
    "reminder.step": gettext_noop(
        "Line {line}: “{value}” is no reminder; write friendly, firm, call, letter or formal notice."
    ),
    "reminder.day": gettext_noop("Line {line}: “{value}” is not a day between the invoice's date and today."),
    "reminder.proof": gettext_noop(
        "Line {line}: say what proves this reminder: the e-mail's date, the number of the registered letter…"
    ),
    "reminder.columns": gettext_noop("Name the columns number, step, date and proof on the first line."),
    **wording_tables.SENTENCES,
    **wording_registers.SENTENCES,
}


def said(error: Mapping[str, Any]) -> str:
    """An error kept as plain values, in the language of the page; one that is not known here as it was written."""
    sentence = SENTENCES.get(error.get("code", ""))
    if sentence is None:
        return str(error.get("reason", ""))
    params = {name: _with_amounts(name, value) for name, value in error.get("params", {}).items()}
    facts = {"line": error.get("line"), "field": error.get("field"), **params}
    try:
        return gettext(sentence).format(**written(facts))
    except (KeyError, IndexError):
        return str(error.get("reason", ""))


def _with_amounts(name: str, value: object) -> object:
    """A fact of a sentence with its amounts as the page's language writes them: 1234.50 EUR is 1 234,50 €."""
    return AMOUNT.sub(_amount_in_words, value) if name in IN_MONEY and isinstance(value, str) else value


def _amount_in_words(found: re.Match[str]) -> str:
    digits = minor_digits(found[3])
    if len(found[2] or "") != digits:
        return found[0]
    language = "en" if (get_language() or "fr").startswith("en") else "fr"
    return amount(int(f"{found[1]}{found[2] or ''}"), found[3], language)
