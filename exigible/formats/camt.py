"""Reads CAMT.053 statements and CAMT.054 notifications (ISO 20022), whatever the version of their namespace."""

from datetime import date

from exigible.formats.bank import Movement, Statement
from exigible.formats.bank_text import CURRENCY, account_of, amount_of, one_line, plain_iban, with_sure_ids
from exigible.formats.camt_entry import Unsound, day_within, movements_of, sign_of
from exigible.formats.einvoice import Unreadable
from exigible.formats.rows import Reading
from exigible.formats.sentences import refused, row_error
from exigible.formats.xml_tree import Node, attribute, child, children, local, text, tree_of

STATEMENTS = ("BkToCstmrStmt", "Stmt")
NOTIFICATIONS = ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
LARGEST = 64 * 1024 * 1024
# ISO 20022 balance types: the booked balance that opens (PRCD: the one that closed the statement before) and that closes.
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)


def read_camt(data: bytes, name: str = "") -> Reading:
    """The statements or notifications of one document; a movement that cannot be read is left out with its line."""
    try:
        root = tree_of(data, LARGEST)
    except Unreadable as fault:
        code = fault.code.replace("einvoice.", "bank.")
        return refused("camt053", row_error(code, None, "file", file=name or "The file", **fault.params))
    message = next((each for each in (root, *root) if local(each) in (STATEMENTS[0], NOTIFICATIONS[0])), None)
    is_notification = message is not None and local(message) == NOTIFICATIONS[0]
    reading = Reading("camt054" if is_notification else "camt053", "utf-8")
    for node in children(message, NOTIFICATIONS[1] if is_notification else STATEMENTS[1]):
        _read(reading, node, is_notification)
    return reading


def _read(reading: Reading, node: Node, is_notification: bool) -> None:
    """One statement into the reading."""
    account, currency = _account(node), _currency(node)
    movements: list[Movement] = []
    pending = 0
    for entry in children(node, "Ntry"):
        if (text(entry, "Sts", "Cd") or text(entry, "Sts")) not in ("BOOK", ""):
            pending += 1
            continue
        try:
            found, is_batch_sound = movements_of(entry, currency, account)
        except Unsound as fault:
            line = entry.sourceline
            reading.errors.append(row_error(fault.code, line, fault.field, value=one_line(fault.value, 40)))
            continue
        if not is_batch_sound:
            reading.warnings.append(row_error("bank.batch", entry.sourceline))
        movements += found
    if pending:
        reading.warnings.append(row_error("bank.pending", node.sourceline, count=pending))
    opening, opened = _balance(reading, node, OPENING, currency)
    closing, closed = _balance(reading, node, CLOSING, currency)
    reading.statements.append(
        Statement(
            account, currency, with_sure_ids(movements), one_line(text(node, "Id"), 40), opened,
            closed or day_within(child(node, "FrToDt"), "ToDtTm"), opening, closing, is_notification,
        )
    )  # fmt: skip


def _account(node: Node) -> str:
    iban = text(node, "Acct", "Id", "IBAN")
    return plain_iban(iban) or account_of(iban or text(node, "Acct", "Id", "Othr", "Id"))


def _currency(node: Node) -> str:
    """The account's currency: as stated, else of its balances, else of its first entry."""
    found = [text(node, "Acct", "Ccy")]
    found += [attribute(child(each, "Amt"), "Ccy") for each in (*children(node, "Bal"), *children(node, "Ntry"))]
    return next((each for each in found if CURRENCY.fullmatch(each)), "EUR")


def _balance(reading: Reading, node: Node, types: tuple[str, ...], currency: str) -> tuple[int | None, date | None]:
    """The first balance of these types with its day, or nothing; one that cannot be read is said and counts as absent."""
    balances = {text(each, "Tp", "CdOrPrtry", "Cd"): each for each in reversed([*children(node, "Bal")])}
    found = next((balances[each] for each in types if each in balances), None)
    if found is None:
        return None, None
    amount = child(found, "Amt")
    try:
        if attribute(amount, "Ccy") not in ("", currency):
            raise ValueError(attribute(amount, "Ccy"))
        return sign_of(found) * amount_of(text(amount), currency), day_within(child(found, "Dt"), "Dt", "DtTm")
    except (ValueError, Unsound):
        reading.errors.append(row_error("bank.balance", found.sourceline, value=one_line(text(amount), 40)))
        return None, None
