"""Reads OFX statements, SGML (1.x) and XML (2.x), of bank and card accounts."""

import re
from datetime import date

from exigible.formats.bank import Movement, MovementKind, Statement
from exigible.formats.bank_text import (
    CURRENCY,
    account_of,
    amount_of,
    bounded,
    creditor_reference,
    french_iban,
    kind_of_label,
    one_line,
    plain_iban,
    said,
    text_of_bank,
    with_sure_ids,
)
from exigible.formats.bank_words import name_within, references_within
from exigible.formats.days import day
from exigible.formats.ofx_tree import Aggregate, tree_of
from exigible.formats.rows import Reading
from exigible.formats.sentences import row_error

TYPES: dict[str, MovementKind] = {
    "XFER": "transfer", "DIRECTDEP": "transfer", "CHECK": "cheque", "POS": "card", "ATM": "cash", "CASH": "cash",
    "FEE": "fee", "SRVCHG": "fee", "DIRECTDEBIT": "direct_debit", "REPEATPMT": "direct_debit",
}  # fmt: skip
DECLARED = re.compile(rb"(?:encoding\s*=\s*[\"']|CHARSET:\s*)([\w-]+)", re.IGNORECASE)
CODECS = {
    "1252": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-1": "cp1252",
    "8859-1": "cp1252",
    "iso-8859-15": "iso8859-15",
}


def read_ofx(data: bytes) -> Reading:
    """The statements of a file, one for each account. OFX gives the closing balance only: nothing says that none is missing.

    A movement without a readable day or amount is left out with a sentence for each fault.
    """
    declared = [CODECS.get(each.decode("ascii").lower(), "") for each in DECLARED.findall(data[:2000])]
    text, encoding, warnings = text_of_bank(data, next(filter(None, declared), ""))
    reading = Reading("ofx", encoding, warnings=warnings)
    for node in tree_of(text).all("STMTRS", "CCSTMTRS"):
        _read(reading, node)
    return reading


def _read(reading: Reading, node: Aggregate) -> None:
    """One account into the reading."""
    entries = [*node.all("STMTTRN")]
    currency = _currency(node, entries)
    if not currency:
        currency = "EUR"
        reading.warnings.append(row_error("bank.no_currency", node.line, currency=currency))
    movements = [found for each in entries if (found := _movement(reading, each, currency))]
    balance, period = node.first("LEDGERBAL"), node.first("BANKTRANLIST")
    days = [day_found for text in (period.text("DTEND"), balance.text("DTASOF")) if (day_found := _day(text))]
    closing = _closing(reading, balance, currency)
    if not entries and closing is None:
        return
    account = _account(node.first("BANKACCTFROM", "CCACCTFROM"))
    reading.statements.append(
        Statement(
            account, currency, with_sure_ids(movements), opening_on=_day(period.text("DTSTART")),
            closing_on=min(days, default=None), closing_minor=closing,
        )
    )  # fmt: skip


def _currency(node: Aggregate, entries: list[Aggregate]) -> str:
    """The currency that the account states, else the one that all its movements are in; empty when nothing says it."""
    stated = node.text("CURDEF").upper()
    among = {each.first("CURRENCY").text("CURSYM").upper() for each in entries}
    found = stated or (among.pop() if len(among) == 1 else "")
    return found if CURRENCY.fullmatch(found) else ""


def _account(node: Aggregate) -> str:
    """The account's IBAN, where it is one or a French account makes one; else its number as the bank writes it."""
    number = node.text("ACCTID").replace(" ", "")
    bank, branch = node.text("BANKID"), node.text("BRANCHID")
    if re.fullmatch(r"\d{5}", bank) and re.fullmatch(r"\d{5}", branch) and re.fullmatch(r"[0-9A-Za-z]{11}", number):
        return french_iban(bank, branch, number)
    return plain_iban(number) or account_of(number)


def _closing(reading: Reading, balance: Aggregate, currency: str) -> int | None:
    """The closing balance; one that is empty or cannot be read is said, and the movements stand without it."""
    text = balance.text("BALAMT")
    if not balance.name:
        return None
    if not text:
        reading.warnings.append(row_error("bank.no_balance", balance.line))
        return None
    try:
        return _minor(text, currency)
    except ValueError:
        reading.errors.append(row_error("bank.balance", balance.line, "balance", value=one_line(text, 40)))
        return None


def _movement(reading: Reading, node: Aggregate, currency: str) -> Movement | None:
    booked, amount = _day(node.text("DTPOSTED")), None
    try:
        amount = _minor(node.text("TRNAMT"), currency)
    except ValueError:
        _refuse(reading, node, "amount", "TRNAMT")
    if booked is None:
        _refuse(reading, node, "day", "DTPOSTED")
    own = node.first("CURRENCY").text("CURSYM").upper()
    if own not in ("", currency):
        reading.errors.append(row_error("bank.currency", node.line, "currency", value=one_line(own, 10)))
    if booked is None or amount is None or own not in ("", currency):
        return None
    return _told(node, booked, amount, currency)


def _refuse(reading: Reading, node: Aggregate, what: str, name: str) -> None:
    value = one_line(node.text(name), 40)
    code = f"bank.{what}" if value else f"bank.no_{what}"
    reading.errors.append(row_error(code, node.line, what, **({"value": value} if value else {})))


def _told(node: Aggregate, booked: date, amount: int, currency: str) -> Movement:
    name, memo = one_line(node.text("NAME")), one_line(node.text("MEMO"))
    label = memo if memo.startswith(name) else f"{name} {memo}"
    by_label = kind_of_label(label)
    cheque = node.text("CHECKNUM").strip("0")
    kind = TYPES.get(node.text("TRNTYPE").upper(), by_label)
    is_name = bool(memo) and kind_of_label(name) == "other"  # French banks put the beginning of the label there
    return bounded(
        Movement(
            node.line, booked, amount, currency, label, _day(node.text("DTAVAIL") or node.text("VALUEDATE")),
            references=(node.text("REFNUM"), cheque, *references_within(label)), structured=creditor_reference(label),
            payer_name=name_within(label, amount > 0) or (name if is_name else ""),
            payer_account=_account(node.first("BANKACCTTO", "CCACCTTO")), bank_id=said(node.text("FITID")),
            code=node.text("TRNTYPE"), kind="return" if by_label == "return" else kind,
        )
    )  # fmt: skip


def _day(text: str) -> date | None:
    """The day, whatever time and zone follow it; None when there is none that can be read."""
    try:
        return day(text[:8], "YMD") if re.match(r"[0-9]{8}", text) else None
    except ValueError:
        return None


def _minor(text: str, currency: str) -> int:
    """An amount with a decimal point or comma, in minor units. ValueError when it is none."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", text)
    mark = "," if plain.rfind(",") > plain.rfind(".") else "."
    other = "." if mark == "," else ","
    if plain.count(mark) > 1:
        raise ValueError(text)
    return amount_of(plain.replace(other, "").replace(mark, "."), currency)
