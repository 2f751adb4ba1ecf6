"""The sentences about totals, ledgers and aged balances given as tables, and about terms of settlement."""

from django.utils.translation import gettext_noop

SENTENCES = {
    "table.total_agrees": gettext_noop("Line {line} is a total, {stated}: the lines above add up to it."),
    "table.total_differs": gettext_noop(
        "Line {line} is a total, {stated}, and the lines above add up to {counted}: check that none is missing or left out."
    ),
    "table.aged_balance": gettext_noop(
        "This is an aged balance: what each customer owes, {total} in all, without the invoices. Nobody can be asked for an amount without its invoices: export the list of open invoices, or the customers' ledger (grand livre auxiliaire), and give it here."
    ),
    "table.no_customer": gettext_noop(
        "Line {line}: this movement stands under no customer; the line is left out. Export the ledger with the customer's account on each line, or above its lines."
    ),
    "table.other_accounts": gettext_noop("{count} lines of accounts that are not customers' were not read."),
    "table.no_side": gettext_noop(
        "Line {line}: neither a debit nor a credit; the line is left out. Fill it in and import again."
    ),
    "table.method": gettext_noop(
        "Line {line}: “{value}” is no means of payment that is known; the rest of the line was read."
    ),
}
