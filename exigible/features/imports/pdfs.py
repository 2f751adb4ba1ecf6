"""PDFs of invoices, many at once: each is attached to the invoice whose number stands in its file's name."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePath

from exigible.books.creditors.models import Creditor
from exigible.books.documents.models import Evidence
from exigible.books.documents.operations import attach_to_invoice, store_document
from exigible.books.journal.operations import SYSTEM
from exigible.books.ledger.models import Invoice
from exigible.books.ledger.posting_records import lookups

LARGEST_BYTES = 20 * 1024 * 1024
LONGEST_RUN = 6
SHORTEST_NUMBER = 3


@dataclass(slots=True)
class Attached:
    """The files attached, with the number of the invoice; those that name none, or several; those that are no PDF."""

    attached: list[tuple[str, str]] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    several: list[str] = field(default_factory=list)
    not_pdf: list[str] = field(default_factory=list)


def attach_pdfs(
    creditor: Creditor, files: Iterable[tuple[str, bytes]], today: date, at: datetime, actor: str = SYSTEM
) -> Attached:
    """Attach PDFs to invoices by the numbers in their names; giving one twice changes nothing."""
    told = Attached()
    given = list(files)
    by_number = _invoices_named(creditor, [name for name, _body in given])
    for name, body in given:
        if not body.startswith(b"%PDF-") or len(body) > LARGEST_BYTES:
            told.not_pdf.append(name)
            continue
        found = _longest(name, by_number)
        if len(found) != 1:
            (told.several if found else told.unmatched).append(name)
            continue
        document = store_document(creditor, body, PurePath(name).name, "application/pdf", at)
        attach_to_invoice(found[0], document, Evidence.Proves.INVOICE, today=today, at=at, actor=actor)
        told.attached.append((name, found[0].number))
    return told


def plain_number(text: str) -> str:
    """A number without punctuation and case: FA-2026/012 and fa2026_012 are the same."""
    return re.sub(r"[\W_]", "", text).casefold()


def numbers_in(name: str) -> list[str]:
    """What may be a number in a file's name, plain, the longest first."""
    words = [word for word in re.split(r"[\W_]+", PurePath(name).stem) if word]
    runs = {
        plain_number("".join(words[start:end]))
        for start in range(len(words))
        for end in range(start + 1, min(len(words), start + LONGEST_RUN) + 1)
    }
    useful = [run for run in runs if len(run) >= SHORTEST_NUMBER and any(letter.isdigit() for letter in run)]
    return sorted(useful, key=lambda run: (-len(run), run))


def _invoices_named(creditor: Creditor, names: list[str]) -> dict[str, list[Invoice]]:
    """The invoices that the names may mean, by plain number."""
    wanted = {number for name in names for number in numbers_in(name)}
    ids: dict[str, list[int]] = defaultdict(list)
    rows = Invoice.objects.of(creditor).exclude(number="").values_list("id", "number")
    for pk, number in rows.iterator(chunk_size=5000):
        plain = plain_number(number)
        if plain in wanted:
            ids[plain].append(pk)
    found: dict[int, Invoice] = {}
    for some in lookups(pk for listed in ids.values() for pk in listed):
        found.update(Invoice.objects.select_related("customer", "creditor").in_bulk(some))
    return {number: [found[pk] for pk in listed] for number, listed in ids.items()}


def _longest(name: str, by_number: dict[str, list[Invoice]]) -> list[Invoice]:
    return next((by_number[number] for number in numbers_in(name) if number in by_number), [])
