"""Fills the books: with the invented company's files, or with a person's own ledger, through the ordinary importers."""

import hashlib
import json
import re
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from stdnum.fr import siren as siren_number

from exigible.books.creditors.models import BankAccount, Creditor
from exigible.books.creditors.operations import set_up_creditor
from exigible.books.policies.operations import publish_preset
from exigible.common.clock import now, today
from exigible.common.errors import Refused
from exigible.entrypoints.cli.day_report import action_lines, day_of, worklist_of
from exigible.entrypoints.cli.files import content_of
from exigible.entrypoints.demo.people import CREDITOR_IBAN, CREDITOR_NAME, CREDITOR_SIREN
from exigible.features.bank.proposing import match_statement
from exigible.features.bank.receiving import receive_statements
from exigible.features.imports.models import Import
from exigible.features.imports.operations import import_now, known_import
from exigible.features.imports.reminders import declare_reminders, read_reminders

FILES = Path(__file__).resolve().parents[1] / "demo" / "files"
ORDER = ("customers.csv", "000100008FEC20251231.txt", "000100008FEC20261120.txt", "foreign-invoices.csv")
REMINDERS = "reminders.csv"
BANK_FILE = "releve-20261120.txt"
OWNER = "owner@localhost"
FEC_NAME = re.compile(r"^(\d{9})FEC\d{8}")
TIME_ZONE = "Europe/Paris"
SHOWN = 5
LUMEN: dict[str, Any] = {
    "siren": CREDITOR_SIREN, "legal_form": "SAS", "share_capital": "60 000 €", "register_town": "Lyon",
    "vat_number": "FR18000100008", "address": "4 quai de l'Industrie", "postcode": "69009", "city": "Lyon",
    "phone": "+33 4 65 71 00 10", "email": "compta@atelier-lumen.example", "signatory_name": "Alice Morel",
    "signatory_role": "Responsable du crédit client", "signatory_phone": "+33 4 65 71 00 11",
    "signatory_email": "alice.morel@atelier-lumen.example",
}  # fmt: skip


class LedgerRefused(Refused):
    """%(name)s was not imported: %(reason)s"""


def fill_the_demonstration() -> Creditor:
    """Return Atelier Lumen, set up and filled from the repository's own files; what is there already is left alone."""
    creditor = Creditor.objects.filter(name=CREDITOR_NAME).first() or _set_up_lumen()
    for name in ORDER:
        _import(creditor, name, (FILES / name).read_bytes())
    _declare_reminders(creditor)
    _receive_statement(creditor)
    return creditor


def _declare_reminders(creditor: Creditor) -> None:
    """Declare what the invented company sent before; what is declared already changes nothing."""
    on, at = _moment()
    told = declare_reminders(creditor, read_reminders((FILES / REMINDERS).read_bytes()) or [], on, at)
    if told.count:
        left_out = f", {len(told.rejected)} left out: their invoices are settled" if told.rejected else ""
        print(f"{REMINDERS}: {told.count} earlier reminders declared{left_out}", flush=True)


def _receive_statement(creditor: Creditor) -> None:
    """Take in the bank's statement and match it; the same file again changes nothing."""
    on, at = _moment()
    received = receive_statements(creditor, BANK_FILE, (FILES / BANK_FILE).read_bytes(), None, today=on, at=at)
    for statement in received.statements:
        match_statement(statement.pk, at, on)
    if received.movements_new:
        print(f"{BANK_FILE}: {received.movements_new} movements of the bank", flush=True)


def fill_from_ledger(path: str) -> Creditor:
    """Return the company of a person's own ledger, filled from it; named after its SIREN, else after the file."""
    name, body = Path(path).name, content_of(Path(path))
    company, fields = _named_after(name)
    creditor = Creditor.objects.filter(name=company).first()
    if creditor is not None:
        _import(creditor, name, body)
        return creditor
    with transaction.atomic():  # a file that is refused leaves no empty company behind
        creditor = new_creditor(company, **fields)
        _import(creditor, name, body)
    return creditor


def new_creditor(name: str, owner_email: str = OWNER, **fields: Any) -> Creditor:
    """Set up a company in rehearsal with the standard policy, owned by whoever sits at this machine."""
    with transaction.atomic():
        on, at = _moment()
        creditor = set_up_creditor(name, owner_email, today=on, at=at, **fields)
        publish_preset(creditor, "standard", on, at)
    return creditor


def _set_up_lumen() -> Creditor:
    with transaction.atomic():
        creditor = new_creditor(CREDITOR_NAME, **LUMEN)
        BankAccount.objects.create(creditor=creditor, holder=CREDITOR_NAME, iban=CREDITOR_IBAN, bic="")
    return creditor


def _moment() -> tuple[date, datetime]:
    return today(TIME_ZONE), now()


def _named_after(name: str) -> tuple[str, dict[str, str]]:
    """A company's name and facts, from the name of its ledger file."""
    found = FEC_NAME.match(name)
    if found is None:
        return Path(name).stem, {}
    digits = found[1]
    facts = {"siren": digits} if siren_number.is_valid(digits) else {}
    return f"SIREN {digits[:3]} {digits[3:6]} {digits[6:]}", facts


def _import(creditor: Creditor, name: str, body: bytes) -> None:
    """Import one file, unless it was, and say what came of it. LedgerRefused when nothing of it can be read."""
    if known_import(creditor, hashlib.sha256(body).hexdigest()) is not None:
        return
    on, at = _moment()
    done = import_now(creditor, name, body, on, at)
    if done.state == Import.State.REFUSED:
        raise LedgerRefused(name=name, reason=done.error)
    _tell(name, json.loads(done.report_json or "{}"))


def _tell(name: str, report: dict[str, Any]) -> None:
    created = {what: count for what, count in report.get("created", {}).items() if count}
    if created:
        print(f"{name}: " + ", ".join(f"{count} {what}" for what, count in created.items()), flush=True)
    rejected, count = report.get("rejected", []), report.get("rejected_count", 0)
    for line in rejected[:SHOWN]:
        print(f"{name}, line {line.get('line')}: {line.get('reason')}", file=sys.stderr, flush=True)
    if count > SHOWN:
        print(f"{name}: {count - SHOWN} more lines were left out.", file=sys.stderr, flush=True)


def show_worklist(creditor: Creditor) -> None:
    """Run the day and print the worklist."""
    on, at = today(creditor.time_zone), now()
    day_of(creditor, on, at)
    print(f"\n{creditor.name}, {on.isoformat()}\n")
    print("\n".join(action_lines(worklist_of(creditor, on)) or ["Nothing waits today."]))
    print(flush=True)
