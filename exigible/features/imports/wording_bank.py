"""The sentences about bank statements, here for the catalogue, and their amounts and days as the reader writes them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_noop

from exigible.core import typography
from exigible.core.money import minor_digits

AMOUNTS = ("opening", "movements", "closing", "difference")
SENTENCES = {
    "bank.nothing": gettext_noop("{file}: this file holds no bank statement. Export the statement again."),
    "bank.not_one": gettext_noop("{file}: this is no bank statement; it is left out."),
    "bank.member": gettext_noop(
        "{file}: faults in this file of the archive: {count}, the first on line {first}. Open it by itself to see them."
    ),
    "bank.broken": gettext_noop("{file}: the XML of this statement is damaged or cut. Ask the bank for it again."),
    "bank.doctype": gettext_noop(
        "{file}: this XML declares a document type, which no statement does; it was not read. Ask the bank for the statement again."
    ),
    "bank.too_large": gettext_noop(
        "{file}: larger than a statement may be ({limit} MB); it was not read. Export shorter periods."
    ),
    "bank.day": gettext_noop(
        "Line {line}: “{value}” is not a day; the movement is left out. Ask the bank for the file again."
    ),
    "bank.amount": gettext_noop(
        "Line {line}: “{value}” is not an amount; the movement is left out. Ask the bank for the file again."
    ),
    "bank.no_day": gettext_noop(
        "Line {line}: the movement has no day; it is left out. Ask the bank for the file again."
    ),
    "bank.no_amount": gettext_noop(
        "Line {line}: the movement has no amount; it is left out. Ask the bank for the file again."
    ),
    "bank.no_balance": gettext_noop("Line {line}: the closing balance is empty; the movements were read without it."),
    "bank.sign": gettext_noop(
        "Line {line}: nothing says whether money came in or went out; the movement is left out. Ask the bank for the file again."
    ),
    "bank.currency": gettext_noop(
        "Line {line}: the movement is in “{value}”, unlike its statement; it is left out. Export one statement for each currency."
    ),
    "bank.opening": gettext_noop(
        "Line {line}: the opening balance cannot be read (“{value}”); its statement is left out. Ask the bank for the file again."
    ),
    "bank.closing": gettext_noop(
        "Line {line}: the closing balance cannot be read (“{value}”); the movements were read without it. Ask the bank for the file again."
    ),
    "bank.balance": gettext_noop(
        "Line {line}: the balance “{value}” cannot be read; the movements were read without it. Ask the bank for the file again."
    ),
    "bank.not_ended": gettext_noop(
        "Line {line}: the statement that begins here has no closing balance: the file was cut. What it holds was read; ask the bank for the whole file."
    ),
    "bank.running": gettext_noop(
        "Line {line}: the balance does not follow from the line before: movements may be missing. Export the whole period again."
    ),
    "bank.batch": gettext_noop(
        "Line {line}: the payments of this batch do not add up to its amount: it was read as one movement."
    ),
    "bank.pending": gettext_noop(
        "Line {line}: {count} movements of this statement are not booked yet: they are left out until the bank books them."
    ),
    "bank.unbalanced": gettext_noop(
        "Statement of {day}: {opening} and movements of {movements} do not make {closing}; the difference is {difference} {currency}. Compare it with the bank's own."
    ),
    "bank.no_currency": gettext_noop("Line {line}: nothing says the currency of this statement: {currency} was taken."),
    "mt940.field": gettext_noop(
        "Line {line}: the field {value} stands where it may not; it is left out. Ask the bank for the file again."
    ),
    "mt940.movement": gettext_noop(
        "Line {line}: “{value}” is no movement that can be read (:61:); it is left out. Ask the bank for the file again."
    ),
    "cfonb.record": gettext_noop(
        "Line {line} begins with “{value}”, which is no record of a statement (01, 04, 05 or 07); it is left out."
    ),
    "cfonb.outside": gettext_noop(
        "Line {line}: this movement (04) stands outside of a statement of its account (01 to 07); it is left out. Ask the bank for the whole file."
    ),
    "cfonb.complement": gettext_noop(
        "Line {line}: this complement (05) follows no movement (04); it is left out. Ask the bank for the whole file."
    ),
    "cfonb.no_beginning": gettext_noop(
        "Line {line}: this closing balance (07) ends a statement that does not begin in the file (01); it is left out. Ask the bank for the whole file."
    ),
}


def written(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a sentence with the amounts and the day of a statement as the language of the page writes them."""
    language = "en" if (get_language() or "fr").startswith("en") else "fr"
    told = dict(facts)
    if "currency" in facts and all(name in facts for name in AMOUNTS):
        for name in AMOUNTS:
            minor = int(Decimal(facts[name]).scaleb(minor_digits(facts["currency"])))
            told[name] = typography.figure(minor, facts["currency"], language)
        if facts.get("day", "?") != "?":
            told["day"] = typography.short_day(date.fromisoformat(facts["day"]), language)
    return told
