"""Reads CFONB 120: the statement of account of French banks, records of 120 characters 01, 04, 05 and 07.

Source: CFONB, relevé de compte sur support informatique (July 2004), and the complements of SEPA transfers (March 2010).
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from exigible.core.money import minor_digits
from exigible.formats.bank import Movement, MovementKind, Statement
from exigible.formats.bank_text import (
    CURRENCY,
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
from exigible.formats.bank_words import name_within, references_within
from exigible.formats.cfonb120_codes import KINDS
from exigible.formats.rows import Reading
from exigible.formats.sentences import row_error

LENGTH = 120
RECORDS = ("01", "04", "05", "07")
# The last character of an amount holds its last figure and its sign: { and A to I credit, } and J to R debit.
SIGNED = {letter: (figure, 1) for figure, letter in enumerate("{ABCDEFGHI")} | {
    letter: (figure, -1) for figure, letter in enumerate("}JKLMNOPQR")
}  # fmt: skip
# What stands in a complement and is no text of the payer: accounts, references, amounts, countries and banks.
NOT_IN_LABEL = re.compile("NPY|NBE|NPO|NBU|IPY|IBE|IPO|IBU|CPY|CBE|BDB|BPY|PDO|PBE|REF|RCN|RUM|RET|FEE|MMO|LCC|LC2")


class Unsound(ValueError):
    """A field of a record that cannot be read: the code of the sentence, the field and what stands there."""

    def __init__(self, code: str, field: str, value: str) -> None:
        super().__init__(code)
        self.code, self.field, self.value = code, field, value


class Line(NamedTuple):
    """One record and where it stands; fields by their positions in the standard, which count from 1."""

    number: int
    text: str

    def at(self, first: int, last: int) -> str:
        """The characters of these positions."""
        return self.text[first - 1 : last]

    @property
    def record(self) -> str:
        """Its code: 01, 04, 05 or 07."""
        return self.at(1, 2)

    @property
    def account(self) -> str:
        """The eleven characters of the account, which all records of a statement share."""
        return self.at(22, 32).strip()

    @property
    def currency(self) -> str:
        """The currency, or nothing where the bank leaves it out."""
        return self.at(17, 19).strip().upper()

    def day(self, first: int, name: str) -> date:
        """The day written DDMMYY there. Unsound when it is none."""
        text = self.at(first, first + 5)
        try:
            if not re.fullmatch(r"[0-9]{6}", text):
                raise ValueError(text)
            return date(2000 + int(text[4:]), int(text[2:4]), int(text[:2]))
        except ValueError:
            raise Unsound("day", name, text.strip()) from None

    def amount(self, currency: str, decimals: str = "") -> int:
        """The signed amount of positions 91 to 104 in minor units. Unsound when it is none, or finer than the currency."""
        text = self.at(91, 104)
        figures, last = text[:-1].strip(), text[-1:]
        places = int(decimals) if re.fullmatch("[0-9]", decimals) else minor_digits(currency)
        if last not in SIGNED or not re.fullmatch(r"[0-9]{1,13}", figures):
            raise Unsound("amount", "amount", text.strip())
        figure, sign = SIGNED[last]
        value = int(figures) * 10 + figure
        places -= minor_digits(currency)
        if places > 0 and value % 10**places:
            raise Unsound("amount", "amount", text.strip())
        return sign * (value // int(10**places) if places > 0 else value * int(10**-places))


def read_cfonb120(data: bytes) -> Reading:
    """The statements of a file; each record that stands where it may not is left out with a sentence.

    A statement whose opening cannot be read is left out whole, with one sentence. One that is cut before its closing balance
    is read without it. Refused when nothing is left.
    """
    text, encoding, warnings = text_of_bank(data)
    reader = _Reader(Reading("cfonb120", encoding, warnings=warnings))
    for line in _lines(text):
        reader.take(line)
    reader.cut()
    return reader.reading


def _lines(text: str) -> Iterator[Line]:
    """The records, one a line; some banks send them without ends of line."""
    for number, row in enumerate(text.split("\n"), 1):
        if len(row) >= 2 * LENGTH and len(row) % LENGTH == 0:
            pieces = [row[start : start + LENGTH] for start in range(0, len(row), LENGTH)]
        else:
            pieces = [row]
        for place, piece in enumerate(pieces):
            if piece.strip():
                yield Line(number + place, piece.ljust(LENGTH))


class _Reader:
    """Takes records one by one; holds the statement that is open and the movement that complements may follow."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._open: Line | None = None
        self._opened = date.min
        self._movements: list[Movement] = []
        self._movement: Line | None = None
        self._complements: list[Line] = []
        self._passed_over = ""  # the account of a statement that is left out whole
        self._is_left_out = False  # the last movement was left out: so are its complements, without a word

    def take(self, line: Line) -> None:
        """One record."""
        if line.record not in RECORDS:
            self._refuse("cfonb.record", line, value=one_line(line.text, 20))
        elif self._passed_over and line.record != "01" and line.account == self._passed_over:
            self._passed_over = "" if line.record == "07" else self._passed_over
        else:
            {"01": self._begin, "04": self._move, "05": self._complete, "07": self._end}[line.record](line)

    def _refuse(self, code: str, line: Line, field: str = "", **facts: object) -> None:
        self.reading.errors.append(row_error(code, line.number, field, **facts))

    def _begin(self, line: Line) -> None:
        self.cut()
        self._passed_over, self._is_left_out = "", False
        try:
            self._opened = line.day(35, "opening_on")
            line.amount("EUR", "2")
        except Unsound as fault:
            self._passed_over = line.account
            return self._refuse("bank.opening", line, fault.field, value=fault.value)
        self._open = line
        return None

    def _move(self, line: Line) -> None:
        self._settle()
        self._is_left_out = True
        if self._open is None or line.account != self._open.account:
            return self._refuse("cfonb.outside", line)
        if not CURRENCY.fullmatch(line.currency) or self._open.currency not in ("", line.currency):
            return self._refuse("bank.currency", line, "currency", value=line.currency)
        if self._movements and self._movements[0].currency != line.currency:
            return self._refuse("bank.currency", line, "currency", value=line.currency)
        self._movement, self._is_left_out = line, False
        return None

    def _complete(self, line: Line) -> None:
        if self._movement is not None:
            self._complements.append(line)
        elif not self._is_left_out:
            self._refuse("cfonb.complement", line)
            self._is_left_out = True

    def _settle(self) -> None:
        """The movement whose complements have all come."""
        line, self._movement = self._movement, None
        if line is None:
            return
        try:
            self._movements.append(_movement(line, self._complements))
        except Unsound as fault:
            self._refuse(f"bank.{fault.code}", line, fault.field, value=fault.value)
        self._complements = []

    def _end(self, line: Line) -> None:
        self._settle()
        if self._open is None or line.account != self._open.account:
            return self._refuse("cfonb.no_beginning", line)
        currency = self._currency(line)
        try:
            closed, closing = line.day(35, "closing_on"), line.amount(currency, line.at(20, 20))
        except Unsound as fault:
            self._refuse("bank.closing", line, fault.field, value=fault.value)
            return self._keep(currency, None, None)
        return self._keep(currency, closed, closing)

    def _currency(self, line: Line) -> str:
        """The statement's currency: of its balances, else of its movements, else the one of French accounts."""
        opened = self._open.currency if self._open else ""
        return opened or line.currency or (self._movements[0].currency if self._movements else "EUR")

    def _keep(self, currency: str, closed: date | None, closing: int | None) -> None:
        assert self._open is not None
        account = french_iban(self._open.at(3, 7), self._open.at(12, 16), self._open.account)
        try:
            opening = self._open.amount(currency, self._open.at(20, 20))
        except Unsound:
            opening = None
        self.reading.statements.append(
            Statement(
                account, currency, with_sure_ids(self._movements), opening_on=self._opened, closing_on=closed,
                opening_minor=opening, closing_minor=closing,
            )
        )  # fmt: skip
        self._open, self._movements = None, []

    def cut(self) -> None:
        """The statement that ends here without its closing balance."""
        self._settle()
        if self._open is not None:
            self._refuse("bank.not_ended", self._open)
            self._keep(self._currency(self._open), None, None)


def _movement(line: Line, complements: list[Line]) -> Movement:
    """One movement with what its complements add. Unsound when its day or its amount cannot be read."""
    currency = line.currency
    amount = line.amount(currency, line.at(20, 20))
    told: dict[str, list[str]] = {}
    for each in complements:
        told.setdefault(each.at(46, 48).strip(), []).append(each.at(49, 118))
    one = {name: texts[0] for name, texts in told.items()}
    counterparty = ("NPY", "NBE") if amount > 0 else ("NBE", "NPY")
    accounts = ("CPY", "CBE") if amount > 0 else ("CBE", "CPY")
    end_to_end = said(one.get("RCN", "")[:35])
    label = _label(line, told)
    reason = _reason(line, one)
    structured = creditor_reference(one.get("LCS", ""), one.get("RCN", "")[:35], label)
    return bounded(
        Movement(
            line.number, line.day(35, "booked"), amount, currency, label, _value(line),
            references=(end_to_end, one.get("RUM", "")[:35], one.get("REF", "")[:35], line.at(105, 120),
                        *references_within(label)),
            structured=structured,
            payer_name=next((one[name].rstrip() for name in counterparty if one.get(name, "").strip()), "")
            or name_within(label, amount > 0),
            payer_account=next((found for name in accounts if (found := iban_within(one.get(name, "")))), ""),
            end_to_end=end_to_end, code=line.at(33, 34), kind=_kind(line, label, reason), reason=reason,
        )
    )  # fmt: skip


def _value(line: Line) -> date | None:
    """The value date, which some banks leave empty or write badly: nothing rests on it."""
    try:
        return line.day(43, "value")
    except Unsound:
        return None


def _label(line: Line, told: dict[str, list[str]]) -> str:
    """All free text: the movement's own, the free lines, and the payer's message, cut after 70 characters into two."""
    message = "".join(text.ljust(70) for name in ("LCC", "LC2") for text in told.get(name, []))
    free = [text for name, texts in told.items() if not NOT_IN_LABEL.fullmatch(name) for text in texts]
    others = [text for name in ("NPO", "NBU") for text in told.get(name, [])]
    texts = [*free, message, *others]
    own = line.at(49, 79).strip()  # banks repeat it, not cut, in a complement
    return " ".join(texts if any(text.startswith(own) for text in texts if own) else [own, *texts])


def _reason(line: Line, one: dict[str, str]) -> str:
    """Why the bank gave a movement back: the code of positions 41 and 42, and what the complement RET says."""
    code = line.at(41, 42).strip()
    told = re.sub(r"^([A-Z]{2}\d\d)(?=\S)", r"\1 ", one.get("RET", ""))  # the ISO code, then the bank's words
    return " ".join(filter(None, ("" if code == "00" else code, one_line(told))))


def _kind(line: Line, label: str, reason: str) -> MovementKind:
    told = kind_of_label(label)
    return "return" if reason or told == "return" else KINDS.get(line.at(33, 34), told)
