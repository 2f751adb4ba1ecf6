"""The sentences that readers say about a file: English source strings, each under a stable code."""

from exigible.formats.rows import Reading, RowError

SENTENCES = {
    "file.empty": "The file is empty: choose a file that holds the ledger.",
    "file.unknown": "This file is of no known kind: give a FEC, a CSV or XLSX table that starts with its headers, "
    "electronic invoices or a bank statement.",
    "pdf.no_invoice": "{file}: this PDF holds no structured invoice (Factur-X or ZUGFeRD), only its picture; nothing is guessed "
    "from it. Type the invoice in a table, or attach the PDF to an invoice of the books.",
    "pdf.password": "{file}: this PDF is protected by a password. Save it without one and give it again.",
    "pdf.broken": "{file}: this PDF cannot be opened; it is damaged. Ask for it again.",
    "einvoice.not_one": "{file}: this is no electronic invoice. Give a Factur-X PDF, or an invoice in CII or UBL.",
    "einvoice.broken": "{file}: the XML of this invoice is damaged or cut. Export the invoice again.",
    "einvoice.doctype": "{file}: this XML declares a document type, which no invoice does; it was not read. Export the "
    "invoice again.",
    "einvoice.too_large": "{file}: larger than an invoice may be ({limit} MB); it was not read.",
    "einvoice.amount": "{file}: “{value}” is not an amount. Correct the invoice and give it again.",
    "einvoice.date": "{file}: “{value}” is not a date. Correct the invoice and give it again.",
    "einvoice.total": "{file}: the invoice states no total. Correct it and give it again.",
    "einvoice.currency": "{file}: “{value}” is not a currency code of three letters. Correct the invoice and give it again.",
    "einvoice.number": "{file}: the invoice has no number. Correct it and give it again.",
    "einvoice.no_due_date": "Invoice {number} states no due date: the customer's terms are taken, else yours.",
    "einvoice.due_before_issue": "Invoice {number} falls due before its own date: check the due date.",
    "einvoice.negative": "{number} has a negative total: it was read as a credit note.",
    "einvoice.more_to_pay": "Invoice {number} asks for more than its total, as when it collects for others: "
    "what it asks for was taken.",
    "einvoice.overpaid": "Invoice {number} was overpaid before it was issued: the customer has the difference in credit.",
    "einvoice.no_buyer": "{file}: invoice {number} does not say who bought; it is left out. Correct it and give it again.",
    "einvoice.duplicate": "{file}: invoice {number} is in {other} already; it was read once.",
    "einvoice.conflict": "{file}: the same seller has another invoice {number} in {other}; this one is left out. "
    "Correct the number and give it again.",
    "status.columns": "This table of invoice statuses lacks a column: it needs the invoice's number, the status, and its date.",
    "status.none": "This file holds no status of an invoice: export it again for a period that holds some.",
    "status.message": "{file}: this XML is no life-cycle message of an invoice (CDAR). Export the message again.",
    "status.number": "Line {line}: no invoice number; the line is left out. Fill it in and give the file again.",
    "status.code": "Line {line}: “{value}” is no status of an electronic invoice (200 to 299, or its name); the line is left out. "
    "Correct it and give the file again.",
    "status.at": "Line {line}: “{value}” is not a date and time; the line is left out. Correct it and give the file again.",
    "status.amount": "Line {line}: “{value}” is not an amount; the line is left out. Correct it and give the file again.",
    "status.future": "Line {line}: this status is dated after today; the line is left out. Correct its date and give the file again.",
    "status.seller": "Line {line}: this status is about an invoice of another company (SIREN {value}); the line is left out. "
    "Give it to that company.",
    "bank.nothing": "{file}: this file holds no bank statement. Export the statement again.",
    "bank.not_one": "{file}: this is no bank statement; it is left out.",
    "bank.member": "{file}: faults in this file of the archive: {count}, the first on line {first}. Open it by itself to see them.",
    "bank.broken": "{file}: the XML of this statement is damaged or cut. Ask the bank for it again.",
    "bank.doctype": "{file}: this XML declares a document type, which no statement does; it was not read. Ask the bank for "
    "the statement again.",
    "bank.too_large": "{file}: larger than a statement may be ({limit} MB); it was not read. Export shorter periods.",
    "bank.day": "Line {line}: “{value}” is not a day; the movement is left out. Ask the bank for the file again.",
    "bank.amount": "Line {line}: “{value}” is not an amount; the movement is left out. Ask the bank for the file again.",
    "bank.no_day": "Line {line}: the movement has no day; it is left out. Ask the bank for the file again.",
    "bank.no_amount": "Line {line}: the movement has no amount; it is left out. Ask the bank for the file again.",
    "bank.no_balance": "Line {line}: the closing balance is empty; the movements were read without it.",
    "bank.sign": "Line {line}: nothing says whether money came in or went out; the movement is left out. Ask the bank for "
    "the file again.",
    "bank.currency": "Line {line}: the movement is in “{value}”, unlike its statement; it is left out. Export one statement "
    "for each currency.",
    "bank.opening": "Line {line}: the opening balance cannot be read (“{value}”); its statement is left out. Ask the bank for "
    "the file again.",
    "bank.closing": "Line {line}: the closing balance cannot be read (“{value}”); the movements were read without it. Ask the "
    "bank for the file again.",
    "bank.balance": "Line {line}: the balance “{value}” cannot be read; the movements were read without it. Ask the bank for "
    "the file again.",
    "bank.not_ended": "Line {line}: the statement that begins here has no closing balance: the file was cut. What it holds was "
    "read; ask the bank for the whole file.",
    "bank.running": "Line {line}: the balance does not follow from the line before: movements may be missing. Export the whole "
    "period again.",
    "bank.batch": "Line {line}: the payments of this batch do not add up to its amount: it was read as one movement.",
    "bank.pending": "Line {line}: {count} movements of this statement are not booked yet: they are left out until the bank "
    "books them.",
    "bank.unbalanced": "Statement of {day}: {opening} and movements of {movements} do not make {closing}; the difference "
    "is {difference} {currency}. Compare it with the bank's own.",
    "bank.no_currency": "Line {line}: nothing says the currency of this statement: {currency} was taken.",
    "mt940.field": "Line {line}: the field {value} stands where it may not; it is left out. Ask the bank for the file again.",
    "mt940.movement": "Line {line}: “{value}” is no movement that can be read (:61:); it is left out. Ask the bank for the "
    "file again.",
    "cfonb.record": "Line {line} begins with “{value}”, which is no record of a statement (01, 04, 05 or 07); it is left out.",
    "cfonb.outside": "Line {line}: this movement (04) stands outside of a statement of its account (01 to 07); it is left out. "
    "Ask the bank for the whole file.",
    "cfonb.complement": "Line {line}: this complement (05) follows no movement (04); it is left out. Ask the bank for the "
    "whole file.",
    "cfonb.no_beginning": "Line {line}: this closing balance (07) ends a statement that does not begin in the file (01); it is "
    "left out. Ask the bank for the whole file.",
    "archive.broken": "{file}: this archive is damaged or is none. Make it again.",
    "archive.too_many": "{file}: this archive holds more than {limit} files. Make several of it.",
    "archive.too_large": "{file}: this archive unpacks to more than {limit} MB. Make several of it.",
    "archive.password": "{file}: protected by a password in the archive; it is left out. Make the archive again without one.",
    "archive.method": "{file}: packed in a way that is not read; it is left out. Make an ordinary ZIP.",
    "archive.member": "{file}: damaged in the archive; it is left out. Make the archive again.",
    "encoding.mixed": "Line {line} is written in another encoding than the rest of the file ({encoding}): "
    "export the file again in one encoding.",
    "encoding.broken": "The text cannot be decoded as {encoding}: the file is damaged, export it again.",
    "fec.columns": "This FEC lacks {missing} on its first line: export it again with the 18 columns of the law.",
    "fec.no_lines": "This FEC has its headers but no line of entry: export it again for a period that holds entries.",
    "fec.truncated": "The file stops in the middle of line {line}: it was cut on its way, export it again.",
    "fec.quote": "A quotation mark on line {line} or just after it is never closed: correct it in the ledger and export again.",
    "fec.date": "Line {line}: “{value}” is not a day written YYYYMMDD; the line is left out "
    "and entry {entry} is incomplete. Correct the date in the ledger and export again.",
    "fec.amount": "Line {line}: “{value}” is not an amount; the line is left out and entry {entry} is incomplete. "
    "Correct the amount in the ledger and export again.",
    "fec.short": "Line {line} has {count} columns instead of {expected}; the line is left out and "
    "its entry is incomplete. Export the file again.",
    "fec.unbalanced": "Debits ({debit}) and credits ({credit}) of the file differ by {difference}; first entry out of "
    "balance: {entry}, line {line}. Correct it in the ledger and export again.",
    "fec.unbalanced_entry": "Entry {entry} (line {line}) is out of balance by {difference}.",
    "fec.unnumbered": "EcritureNum says nothing in the journals {journals}: entries were told apart by their balance.",
    "fec.no_header": "The file has no line of headers: its columns were taken in the order of the law.",
    "fec.optional": "The columns {missing} are absent: what they hold is left empty.",
    "fec.no_auxiliary": "{count} lines of account {account} name no customer: they stand together under the account.",
    "fec.currency": "{count} customer lines carry a foreign amount: the ledger's own amounts in euros were read.",
    "fec.replaced": "Some bytes mean nothing in {encoding}: they were replaced, check the names.",
    "register.broken": "This answer of the company register is cut or damaged: download it again.",
    "register.nobody": "This answer of the register names no company.",
    "register.siren": "Entry {line}: “{value}” is no SIREN of nine digits; the entry is left out.",
    "register.key": "Entry {line}: the check digit of SIREN {value} is wrong: check it.",
    "bodacc.broken": "This file of official notices (BODACC) is cut or damaged: download it again.",
    "bodacc.nobody": "This file holds no official notice.",
    "bodacc.date": "Entry {line}: the notice has no day of publication; it is left out.",
    "bodacc.which_day": "This list gives one day a notice without saying whether it is the judgment’s or the publication’s: "
    "it was taken for that of the publication. Check it on the notice before you count a delay.",
    "table.no_header": "No line of headers was recognised in the first {count} lines: name the columns in the mapping.",
    "table.unmapped": "No column was recognised for {missing}: name it in the mapping.",
    "table.workbook": "The workbook cannot be opened: it is damaged or protected by a password. Save it again as XLSX.",
    "table.mapping": "The mapping names column “{column}”, which is not on line {line} of the file.",
    "table.missing": "Line {line}: no {field}; the line is left out. Fill it in and import again.",
    "table.date": "Line {line}: “{value}” is not a date for {field}; the line is left out. "
    "Correct it and import again.",
    "table.amount": "Line {line}: “{value}” is not an amount for {field}; the line is left out. "
    "Correct it and import again.",
    "table.open_above_total": "Line {line}: the open balance {value} is larger than the total; the line is left out. "
    "Correct it and import again.",
    "table.duplicate": "Line {line} repeats line {first} (number {value}); the line is left out.",
    "table.currency": "Line {line}: “{value}” is not a currency code of three letters; the line is left out. "
    "Correct it and import again.",
    "table.total_line": "Line {line} looks like a total: it was not read as an invoice.",
    "table.total_agrees": "Line {line} is a total, {stated}: the lines above add up to it.",
    "table.total_differs": "Line {line} is a total, {stated}, and the lines above add up to {counted}: check that none is "
    "missing or left out.",
    "table.aged_balance": "This is an aged balance: what each customer owes, {total} in all, without the invoices. Nobody can "
    "be asked for an amount without its invoices: export the list of open invoices, or the customers' ledger (grand livre "
    "auxiliaire), and give it here.",
    "table.no_customer": "Line {line}: this movement stands under no customer; the line is left out. Export the ledger with "
    "the customer's account on each line, or above its lines.",
    "table.other_accounts": "{count} lines of accounts that are not customers' were not read.",
    "table.no_side": "Line {line}: neither a debit nor a credit; the line is left out. Fill it in and import again.",
    "table.method": "Line {line}: “{value}” is no means of payment that is known; the rest of the line was read.",
    "table.date_order": "Column “{column}” does not say whether days or months come first: days were taken first.",
    "table.decimal_mark": "Column “{column}” does not show its decimal mark: “{mark}” was taken.",
    "table.no_currency": "No column gives the currency: {currency} was taken.",
    "table.credit_note_used": "Line {line}: part of the credit note is already used; what is left of it was read.",
    "table.email": "Line {line}: “{value}” is not an e-mail address; the rest of the line was read.",
}


def row_error(code: str, line: int | None = None, field: str = "", **params: object) -> RowError:
    """The error of this code, its sentence filled in."""
    facts: dict[str, object] = {"line": line, "field": field, **params}
    return RowError(line, field, SENTENCES[code].format(**facts), code, facts)


def refused(kind: str, refusal: RowError, encoding: str = "", separator: str = "") -> Reading:
    """A reading of which nothing was read, and why."""
    return Reading(kind, encoding, separator, refusal=refusal)
