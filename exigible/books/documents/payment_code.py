"""The QR code that prepares a SEPA transfer in the payer's bank (EPC069-12, version 002)."""

import re
from collections.abc import Sequence

import segno

_LARGEST_AMOUNT_MINOR = 99_999_999_999
_NAME_LENGTH = 70
_REFERENCE_LENGTH = 140
_QUIET = 4  # modules of margin that readers need
_DARK = re.compile(rb"\x01+")
_MASK = 3  # readers take any of the eight masks; looking for the best would take half of a letter


def epc_qr(iban: str, bic: str | None, name: str, amount_minor: int | None, reference: str) -> str:
    """The code as an SVG drawing; `amount_minor` is in euro cents, None leaves the amount to the payer.

    Name and reference are cut at the standard's 70 and 140 characters.
    Raises ValueError for an amount outside 0.01 to 999 999 999.99 EUR or an IBAN that is not one by its form.
    """
    payload = "\n".join(transfer_lines(iban, bic, name, amount_minor, reference)).encode()
    return _drawing(segno.make_qr(payload, error="m", boost_error=False, mask=_MASK).matrix)


def _drawing(matrix: Sequence[bytearray]) -> str:
    """The dark modules as SVG: each run of a row one stroke. The library's own writer takes four times as long."""
    side = len(matrix) + 2 * _QUIET
    strokes = (
        f"M{run.start() + _QUIET} {line}.5h{run.end() - run.start()}"
        for line, row in enumerate(matrix, _QUIET)
        for run in _DARK.finditer(row)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path stroke="#000" d="{"".join(strokes)}"/></svg>'


def transfer_lines(iban: str, bic: str | None, name: str, amount_minor: int | None, reference: str) -> list[str]:
    """The eleven lines that the code holds, for the bank's application to read."""
    iban = re.sub(r"\s", "", iban).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", iban):
        raise ValueError("The payment code needs an IBAN: check the creditor's bank account.")
    amount = "" if amount_minor is None else _amount(amount_minor)
    bic = re.sub(r"\s", "", bic or "").upper()
    return [
        "BCD",
        "002",
        "1",
        "SCT",
        bic,
        _line(name, _NAME_LENGTH),
        iban,
        amount,
        "",
        "",
        _line(reference, _REFERENCE_LENGTH),
    ]


def _amount(amount_minor: int) -> str:
    if not 1 <= amount_minor <= _LARGEST_AMOUNT_MINOR:
        raise ValueError("The payment code carries 0.01 to 999 999 999.99 EUR: leave the amount out.")
    return f"EUR{amount_minor // 100}.{amount_minor % 100:02d}"


def _line(text: str, length: int) -> str:
    """One line of at most `length` characters: a line break would shift the fields after it."""
    printable = "".join(mark if mark.isprintable() else " " for mark in text)
    return " ".join(printable.split())[:length].rstrip()
