"""Turns data into paper: PDF letters, statements and derivations made by Typst, the same bytes for the same data.

`letter_data.py` gives the shape of the data of each template. Nothing here reads a clock, a database or the network.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pikepdf

from exigible.books.documents.analysis_sheet import analysis_sheet
from exigible.books.documents.letter_images import as_svg
from exigible.books.documents.payment_code import epc_qr
from exigible.books.documents.plain_text import plain
from exigible.books.documents.sheets import Sheet, derivation_sheet, letter_sheet, statement_sheet
from exigible.books.documents.typesetting import Standard, can_draw, typeset
from exigible.books.documents.typography import Hand, day_of
from exigible.books.documents.words import WORDS

__all__ = ["RenderError", "epc_qr", "print_run", "render"]

_SHEETS: dict[str, Callable[[Mapping[str, Any], Hand], Sheet]] = {
    "letter": letter_sheet,
    "statement": statement_sheet,
    "derivation": derivation_sheet,
    "analysis": analysis_sheet,
}
_LARGEST_MINOR = 10**15
_A4_POINTS = (595.276, 841.89)


class RenderError(ValueError):
    """The paper cannot be made from this data; the sentence says what is wrong and where."""


def render(
    template: str, data: Mapping[str, Any], *, language: str = "fr", standard: Standard | None = "a-2b"
) -> bytes:
    """The PDF of a template (letter, statement, derivation, analysis) with its data, as PDF/A unless `standard` is None.

    `data` has the shape given in letter_data.py: amounts whole minor units, dates ISO text or date, rates decimal text.
    The same data gives the same bytes. Raises RenderError when the template, the language or the data will not do.
    """
    if template not in _SHEETS:
        raise RenderError(f"There is no template {template!r}: choose one of {', '.join(_SHEETS)}.")
    if language not in WORDS:
        raise RenderError(f"There is no paper in language {language!r}: choose one of {', '.join(WORDS)}.")
    try:
        printable = _printable(data, "data")
        sheet = _SHEETS[template](printable, Hand(language, printable.get("currency") or "EUR")) | _drawings(data)
        return typeset(template, sheet, standard, _midnight(printable["date"]))
    except KeyError as error:
        raise RenderError(f"The {template} lacks {error}: see letter_data.py for the data it takes.") from error
    except (AttributeError, TypeError) as error:
        raise RenderError(f"The {template} has data of a wrong kind ({error}): see letter_data.py.") from error
    except ValueError as error:
        raise RenderError(f"The {template} cannot be made: {error}") from error


def print_run(pdfs: Iterable[bytes], *, both_sides: bool = False) -> bytes:
    """One PDF of many letters, for the printer; the same letters give the same bytes.

    With `both_sides` a blank page follows each letter of an odd number of pages: none is printed on another's back.
    """
    merged = pikepdf.new()
    for content in pdfs:
        with pikepdf.open(BytesIO(content)) as letter:
            merged.pages.extend(letter.pages)
        if both_sides and len(merged.pages) % 2:
            merged.add_blank_page(page_size=_A4_POINTS)
    written = BytesIO()
    merged.save(written, deterministic_id=True)
    return written.getvalue()


def _drawings(data: Mapping[str, Any]) -> dict[str, str]:
    """The drawings of the paper as SVG text: logo, signature image, payment code."""
    drawings = {}
    if logo := data["creditor"].get("logo"):
        drawings["logo"] = as_svg(logo, "creditor.logo")
    if image := (data.get("signature") or {}).get("image"):
        drawings["image"] = as_svg(image, "signature.image")
    if code := _payment_code(data):
        drawings["code"] = code
    return drawings


def _payment_code(data: Mapping[str, Any]) -> str | None:
    payment = data.get("payment") or {}
    if not payment.get("qr") or (data.get("currency") or "EUR") != "EUR":
        return None
    amount_minor = payment.get("amount_minor")
    if amount_minor is None and data.get("totals"):
        amount_minor = data["totals"][-1][1]
    if amount_minor is not None and amount_minor <= 0:
        return None
    return epc_qr(payment["iban"], payment.get("bic"), payment["holder"], amount_minor, payment["reference"])


def _printable(value: Any, where: str) -> Any:
    """`value` as paper can carry it: texts made plain, dates ISO text, no binary fraction on an amount."""
    if isinstance(value, str):
        return plain(value, can_draw)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= _LARGEST_MINOR:
        return value
    if isinstance(value, Mapping):
        return {key: _printable(item, f"{where}.{key}") for key, item in value.items() if key not in ("logo", "image")}
    if isinstance(value, list | tuple):
        return [_printable(item, f"{where}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise ValueError(f"{where} is {value!r}, which cannot be printed; give text, whole minor units or a date.")


def _midnight(iso: str) -> int:
    """The paper's own date as a Unix time at midnight UTC: a file must not depend on the clock."""
    day = day_of(iso)
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
