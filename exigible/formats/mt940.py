"""Reads MT940 statements (SWIFT): fields :20: to :86:, as banks of several countries fill them."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from exigible.formats.bank import Movement, MovementKind, Statement
from exigible.formats.bank_text import (
    account_of,
    amount_of,
    bounded,
    creditor_reference,
    french_iban,
    iban_within,
    kind_of_label,
    one_line,
    said,
    text_of_bank,
    with_sure_ids,
)
from exigible.formats.mt940_text import told_by
from exigible.formats.rows import Reading
from exigible.formats.sentences import row_error

TAG = re.compile(r":(\d\d[A-Z]?):(.*)", re.DOTALL)
BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})(\d{1,15}(?:,\d{0,6})?)")
# R before the mark takes a booking back: a credit taken back is money out. A letter after it is the funds code.
MOVEMENT = re.compile(
    r"(\d{6})(\d{4})?\s?(RC|RD|C|D)([A-Z])?(\d{1,15}(?:,\d{0,6})?)([A-Z][A-Z0-9]{3})?([^\n]*)(?:\n(.*))?", re.DOTALL
)
POINTER = re.compile(r"(EREF|KREF|MREF|NONREF)\+?(\s|$)")  # where the reference stands, or that there is none
# SWIFT transaction types, after their first letter.
TYPES: dict[str, MovementKind] = {
    "TRF": "transfer", "STO": "transfer", "DDT": "direct_debit", "CHK": "cheque", "CHG": "fee", "COM": "fee", "INT": "fee",
    "RTI": "return",
}  # fmt: skip


class Field(NamedTuple):
    """One field: the line it begins on, its tag, and its lines."""

    number: int
    tag: str
    lines: list[str]

    @property
    def text(self) -> str:
        """Its lines as the bank wrote them."""
        return "\n".join(self.lines)


def read_mt940(data: bytes) -> Reading:
    """The statements of a file; a movement that cannot be read is left out with its line.

    A fragment is read as far as it goes: movements without balances, or a balance alone; what holds neither is no statement.
    """
    text, encoding, warnings = text_of_bank(data)
    reader = _Reader(Reading("mt940", encoding, warnings=warnings))
    for field in _fields(text):
        reader.take(field)
    reader.finish()
    return reader.reading


def _fields(text: str) -> Iterator[Field]:
    """The fields in their order; headers, the blocks of SWIFT and ends of messages are passed over."""
    field: Field | None = None
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rpartition("{4:")[2].rstrip()
        match = TAG.fullmatch(line)
        if match:
            if field:
                yield field
            field = Field(number, match[1], [match[2]])
        elif re.match(r"-\}?$|\{", line):
            if field:
                yield field
            field = None
        elif field and line and len(field.lines) < 100:
            field.lines.append(line)
    if field:
        yield field


class _Reader:
    """Takes fields one by one; holds the statement that is open and the movement that texts may follow."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._start()

    def _start(self) -> None:
        self._line = 0
        self._account = self._number = self._currency = ""
        self._opening: tuple[date, int] | None = None
        self._closing: tuple[date, int] | None = None
        self._movements: list[tuple[Field, list[str]]] = []
        self._may_have_text = False

    def take(self, field: Field) -> None:
        """One field."""
        if field.tag == "20" or (field.tag in ("25", "25P", "60F", "60M") and self._closing):
            account = self._account
            self.finish()
            self._account = account if field.tag.startswith("60") else ""
        self._line = self._line or field.number
        if field.tag == "86":
            if self._may_have_text:
                self._movements[-1][1].extend(field.lines)
            return
        self._may_have_text = field.tag == "61"
        if field.tag == "61":
            self._movements.append((field, []))
        elif field.tag.startswith("25"):
            self._take_account(field)
        elif field.tag.startswith("28"):
            self._number = one_line(field.lines[0], 40)
        elif field.tag[:2] in ("60", "62"):
            self._take_balance(field)

    def _take_account(self, field: Field) -> None:
        if self._account:
            self.reading.errors.append(row_error("mt940.field", field.number, "account", value=f":{field.tag}:"))
            return
        text = field.lines[0].strip()
        match = re.fullmatch(r"(.*\d)\s?([A-Z]{3})", text)
        self._account = _account(match[1] if match else text)
        self._currency = match[2] if match else self._currency

    def _take_balance(self, field: Field) -> None:
        match = BALANCE.fullmatch(field.lines[0].replace(" ", ""))
        is_known = self._opening is not None or self._closing is not None
        try:
            if not match or (is_known and match[3] != self._currency):
                raise ValueError(field.lines[0])
            minor = amount_of(match[4].replace(",", "."), match[3]) * (1 if match[1] == "C" else -1)
            balance = _day(match[2]), minor
        except ValueError:
            value = one_line(field.lines[0], 40)
            self.reading.errors.append(row_error("bank.balance", field.number, "balance", value=value))
            return
        self._currency = match[3]
        if field.tag.startswith("62"):
            self._closing = balance
        else:
            self._opening = self._opening or balance

    def finish(self) -> None:
        """The statement that ends here into the reading, if it holds anything."""
        if self._movements and not self._currency:
            self.reading.warnings.append(row_error("bank.no_currency", self._line, currency="EUR"))
        currency = self._currency or "EUR"
        movements = [found for field, lines in self._movements if (found := self._movement(field, lines, currency))]
        if movements or self._opening or self._closing:
            if self._opening and not self._closing:
                self.reading.errors.append(row_error("bank.not_ended", self._line))
            opened, opening = self._opening or (None, None)
            closed, closing = self._closing or (None, None)
            self.reading.statements.append(
                Statement(
                    self._account, currency, with_sure_ids(movements), self._number, opened, closed, opening, closing,
                )
            )  # fmt: skip
        self._start()

    def _movement(self, field: Field, lines: list[str], currency: str) -> Movement | None:
        match = MOVEMENT.fullmatch(field.text)
        value = one_line(field.lines[0], 40)
        if not match:
            self.reading.errors.append(row_error("mt940.movement", field.number, value=value))
            return None
        try:
            return _movement(field.number, match, lines, currency)
        except ValueError as fault:
            code = "bank.day" if str(fault) == "day" else "bank.amount"
            self.reading.errors.append(row_error(code, field.number, value=value))
            return None


def _movement(line: int, match: re.Match[str], lines: list[str], currency: str) -> Movement:
    """One movement. ValueError when its day is none, or its amount finer than its currency."""
    value = _day(match[1])
    sign = 1 if match[3] in ("C", "RD") else -1
    amount = sign * amount_of(match[5].replace(",", "."), currency)
    own, _, bank = match[7].partition("//")
    reference = "" if POINTER.match(own) else said(own[:16])
    supplement = one_line(f"{own[16:]} {match[8] or ''}")
    told = told_by(lines, amount > 0)
    label = told.label if supplement in told.label else one_line(f"{told.label} {supplement}")
    kind: MovementKind = TYPES.get((match[6] or "")[1:], "other")
    if match[3].startswith("R") or told.is_return:
        kind = "return"
    elif kind == "other" or kind_of_label(label) == "return":
        kind = kind_of_label(label)
    return bounded(
        Movement(
            line, _booked(match[2], value), amount, currency, label, value,
            references=(told.end_to_end, *told.references, reference), structured=creditor_reference(label),
            payer_name=told.payer_name, payer_account=told.payer_account or iban_within(supplement),
            end_to_end=told.end_to_end, bank_id=said(bank), code=match[6] or "", kind=kind,
            reason=told.reason,
        )
    )  # fmt: skip


def _day(text: str) -> date:
    """The day written YYMMDD. ValueError when it is none."""
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))
    except ValueError:
        raise ValueError("day") from None


def _booked(text: str | None, value: date) -> date:
    """The day of booking, written MMDD, in the year that is nearest to the value date; that date where it is not said."""
    if not text:
        return value
    candidates = []
    for year in (value.year - 1, value.year, value.year + 1):
        try:
            candidates.append(date(year, int(text[:2]), int(text[2:])))
        except ValueError:
            continue
    return min(candidates, key=lambda day: abs((day - value).days), default=value)


def _account(text: str) -> str:
    """The account: an IBAN where there is one, or a French account with its right key; else as the bank writes it."""
    plain = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    if re.fullmatch(r"\d{10}[0-9A-Z]{11}\d\d", plain):
        found = french_iban(plain[:5], plain[5:10], plain[10:21])
        if found.endswith(plain):
            return found
    return iban_within(text) or account_of(text)
