"""Earlier reminders declared at import, each with its day and its proof: they count as delivered (decision 2)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from exigible.books.cases.models import Case, Stage, Standing, TakenStep
from exigible.books.cases.operations import look_again, stage_of
from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_all_customers
from exigible.books.ledger.models import Invoice
from exigible.books.policies.models import Step
from exigible.core.strategy import USUAL_ORDER
from exigible.formats.days import day
from exigible.formats.table_grid import Grid, grid_of, text_of

DECLARABLE = ("preventive", "friendly", "firm", "call", "letter", "formal_notice")
USUAL_TONES = {"preventive": 0, "friendly": 1, "firm": 2, "call": 2, "letter": 3, "formal_notice": 4}
WORDS = (
    ("formal_notice", r"mise en demeure|formal notice|med|lrar"),
    ("preventive", r"preventi\w*|avant echeance"),
    ("call", r"appel\w*|telephon\w*|calls?|called"),
    ("letter", r"lettre|courrier|letter|derniere relance"),
    ("firm", r"fermes?|firm|deuxieme|seconde?|2e|2eme|2nd"),
    ("friendly", r"simple|courtois\w*|amiable|friendly|premiere?|1re|1ere|first|relance|rappel|reminder"),
)
BY_RANK = {"1": "friendly", "2": "firm", "3": "letter"}
HEADERS = {
    "number": ("facture", "numero", "number", "invoice", "piece"),
    "step": ("etape", "relance", "niveau", "step", "level", "type", "rappel"),
    "on": ("date", "jour", "day", "le"),
    "proof": ("preuve", "proof", "reference", "commentaire", "note", "suivi"),
    "customer": ("client", "customer", "code"),
}
SENTENCES = {
    "reminder.number": "Line {line}: no unpaid invoice is numbered {value}.",
    "reminder.several": "Line {line}: several invoices are numbered {value}; add a column with the customer's code.",
    "reminder.step": "Line {line}: “{value}” is no reminder; write friendly, firm, call, letter or formal notice.",
    "reminder.day": "Line {line}: “{value}” is not a day between the invoice's date and today.",
    "reminder.proof": "Line {line}: say what proves this reminder: the e-mail's date, the number of the registered letter…",
    "reminder.columns": "Name the columns number, step, date and proof on the first line.",
}


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder as a person states it."""

    line: int
    number: str
    step: str
    on: str
    proof: str
    customer: str = ""


@dataclass(slots=True)
class Declared:
    """How many reminders were declared, and the lines left out: (code, line, value)."""

    count: int = 0
    known: int = 0
    rejected: list[tuple[str, int, str]] = field(default_factory=list)


def read_reminders(body: bytes) -> list[Reminder] | None:
    """The reminders of a table in CSV or XLSX; None when its columns are not named."""
    grid = grid_of(body)
    if not isinstance(grid, Grid) or not grid.rows:
        return None
    headers = [_plain(text_of(cell)) for cell in grid.rows[0]]
    at: dict[str, int] = {}
    for name, words in HEADERS.items():
        for place, header in enumerate(headers):
            if place not in at.values() and any(word in header.split() or header.startswith(word) for word in words):
                at[name] = place
                break
    if not {"number", "step", "on"} <= at.keys():
        return None
    found = []
    for line, row in enumerate(grid.rows[1:], start=2):
        cells = {name: text_of(row[place]) if place < len(row) else "" for name, place in at.items()}
        if any(cells.values()):
            found.append(Reminder(line, **({"proof": ""} | cells)))
    return found


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return " ".join(re.sub(r"[^a-z0-9_]", " ", folded).split())


def step_named(text: str) -> str:
    """The step that a person's words mean; empty when they mean none."""
    plain = _plain(text)
    if plain in DECLARABLE:
        return plain
    rank = re.fullmatch(r"(?:relance|rappel|niveau|reminder|level|r|n|no)?(?: ?n(?:o|umero)?)? ?([123])", plain)
    if rank:
        return BY_RANK[rank[1]]
    return next((step for step, words in WORDS if re.search(rf"\b(?:{words})\b", plain)), "")


@transaction.atomic
def declare_reminders(
    creditor: Creditor, reminders: Iterable[Reminder], today: date, at: datetime, actor: str = SYSTEM
) -> Declared:
    """Declare reminders that were sent before: each marks its step as delivered and is written in the case's journal.

    A line that cannot be understood is left out and named; one declared already changes nothing.
    """
    lock_all_customers(creditor.pk)
    told = Declared()
    cases: set[int] = set()
    for reminder in reminders:
        found = _checked(creditor, reminder, today)
        if isinstance(found, str):
            value = {"reminder.step": reminder.step, "reminder.day": reminder.on}.get(found, reminder.number)
            told.rejected.append((found, reminder.line, value))
            continue
        standing, step, on = found
        if _declare(standing, step, on, reminder.proof, today=today, at=at, actor=actor):
            told.count += 1
            cases.add(standing.case_id)
        else:
            told.known += 1
    look_again(cases, today)
    return told


def _checked(creditor: Creditor, reminder: Reminder, today: date) -> tuple[Standing, str, date] | str:
    standings = Standing.objects.of(creditor).filter(invoice__number__iexact=reminder.number.strip())
    standings = standings.exclude(stage=Stage.CLOSED).select_related("invoice", "case")
    if reminder.customer:
        standings = standings.filter(invoice__customer__reference__iexact=reminder.customer.strip())
    found = list(standings[:2])
    if len(found) != 1:
        return "reminder.several" if found else "reminder.number"
    step = step_named(reminder.step)
    if not step:
        return "reminder.step"
    if not reminder.proof.strip():
        return "reminder.proof"
    try:
        on = day(reminder.on.strip(), "DMY")
    except ValueError:
        return "reminder.day"
    if not found[0].invoice.issued_on <= on <= today:
        return "reminder.day"
    return found[0], step, on


def _declare(standing: Standing, step: str, on: date, proof: str, *, today: date, at: datetime, actor: str) -> bool:
    """Mark the step as delivered; False when it was taken or declared before."""
    _step, created = TakenStep.objects.get_or_create(
        invoice_id=standing.pk, cycle=standing.cycle, step=step,
        defaults={"taken_on": on, "delivered_on": on, "is_declared": True},
    )  # fmt: skip
    if not created:
        return False
    if standing.last_step not in USUAL_ORDER or USUAL_ORDER.index(step) > USUAL_ORDER.index(standing.last_step):
        standing.last_step, standing.last_taken_on, standing.last_is_delivered = step, on, True
        standing.stage = stage_of(standing.invoice.due_on, step, today)
        standing.save(update_fields=["last_step", "last_taken_on", "last_is_delivered", "stage"])
    tone = tone_of(standing.creditor, step)
    case = Case.objects.get(pk=standing.case_id)
    if tone > case.highest_tone:
        Case.objects.filter(pk=case.pk).update(highest_tone=tone)
    payload = {
        "invoice": standing.pk,
        "number": standing.invoice.number,
        "step": step,
        "on": on,
        "proof": proof.strip(),
    }
    record("step.declared", case, payload, on=today, at=at, actor=actor)
    return True


def tone_of(creditor: Creditor, step: str) -> int:
    """The tone that a step has in the creditor's policy, else the usual one."""
    tones = Step.objects.filter(policy__creditor=creditor, policy__is_current=True, name=step).values_list(
        "tone", flat=True
    )
    return max(tones, default=USUAL_TONES[step])


def declared_invoices(creditor: Creditor) -> list[Invoice]:
    """The unpaid invoices to which an earlier reminder may be declared, the oldest due first."""
    standings = Standing.objects.of(creditor).exclude(stage=Stage.CLOSED).filter(last_step="")
    found = standings.select_related("invoice__customer").order_by("invoice__due_on", "invoice_id")[:100]
    return [standing.invoice for standing in found]
