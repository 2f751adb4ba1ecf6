"""Takes the statements of a bank file into the books: each statement once, each movement once, in whatever format it comes."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from exigible.books.creditors.models import BankAccount, Creditor, User
from exigible.books.creditors.money_known import learn_money
from exigible.books.documents.models import Document
from exigible.books.documents.operations import store_document
from exigible.books.journal.operations import SYSTEM, record
from exigible.common.bulk import insert_rows, update_rows
from exigible.common.engine import announce
from exigible.common.errors import Refused
from exigible.core.because import Because
from exigible.features.bank.accounts import bare_account, full_account
from exigible.features.bank.counting import BOOKED_LATER_DAYS, Counted, Known, Source, count_movements
from exigible.features.bank.faults import note_faults
from exigible.features.bank.models import BankStatement, BankTransaction
from exigible.features.bank.undoing import undo_movements
from exigible.features.outbox.freshness import go_on_if_fresh
from exigible.formats import read
from exigible.formats.bank import Movement, Statement
from exigible.formats.rows import Reading, RowError
from exigible.formats.sentences import SENTENCES

State = BankTransaction.State
BANK_FORMATS = ("camt053", "camt054", "cfonb120", "ofx", "mt940")
COLUMNS = (
    "creditor_id", "statement_id", "line", "account", "booked_on", "value_on", "amount_minor", "currency", "label", "references_json",
    "structured", "payer_name", "payer_account", "end_to_end", "bank_id", "code", "kind", "reason", "source_key", "state",
    "is_by_hand_only", "because_json", "resolved_on", "resolved_by", "note",
)  # fmt: skip
COMPLETED = ("value_on", "label", "references_json", "structured", "payer_name", "payer_account", "end_to_end")


class StatementRefused(Refused):
    """%(reason)s"""


class NoStatement(Refused):
    """This file holds no bank statement: export one from your bank in CAMT.053, CFONB 120, OFX, MT940 or CSV."""


@dataclass(slots=True)
class Received:
    """What a bank file brought. `known` statements were in the books; movements that another file told are not counted again.

    `dropped` says how many movements of notifications a statement denies, those taken back and those left out; `days` are
    the accounts with the first and last day of which the file tells, `errors` what of it could not be read.
    """

    statements: list[BankStatement] = field(default_factory=list)
    known: list[BankStatement] = field(default_factory=list)
    movements_new: int = 0
    movements_known: int = 0
    dropped: int = 0
    days: list[tuple[str, date, date]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        """Whether the books are as they were."""
        return not self.statements


def receive_statements(
    creditor: Creditor, name: str, body: bytes, user: User | None, *, today: date, at: datetime
) -> Received:
    """Read a bank file and take its statements in; matching is left to the job. Refused with one sentence when it is none."""
    reading = read(body, name)
    if reading.refusal is not None:
        raise StatementRefused(reason=_in_words(reading.refusal, name))
    if not reading.statements:
        raise NoStatement
    media = "application/xml" if reading.format.startswith("camt") else "text/plain"
    with transaction.atomic():
        document = store_document(creditor, body, name, media, at)
        return keep_statements(creditor, reading, document, name, user, today=today, at=at)


def _in_words(refusal: RowError, name: str) -> str:
    """A refusal in the reader's language, with the name of its file once."""
    sentence = gettext(SENTENCES[refusal.code]) if refusal.code in SENTENCES else refusal.reason
    told = sentence.format(**{"line": refusal.line, "field": refusal.field, **refusal.params, "file": name})
    return told if "{file}" in sentence else gettext("%(name)s: %(reason)s") % {"name": name, "reason": told}


@transaction.atomic
def keep_statements(
    creditor: Creditor, reading: Reading, document: Document, name: str, user: User | None, *, today: date, at: datetime
) -> Received:  # fmt: skip
    """Take in the statements of a file that was read. The same statement again, in any format, changes nothing."""
    creditor = Creditor.objects.select_for_update(no_key=True).get(pk=creditor.pk)
    received = Received(errors=list(reading.errors))
    accounts = _known_accounts(creditor)
    for given in sorted(reading.statements, key=lambda each: each.closing_on or date.min):
        statement = given._replace(account=full_account(given.account, accounts))
        accounts.add(statement.account)
        if days := [movement.booked for movement in statement.movements]:
            received.days.append((statement.account[:40], min(days), max(days)))
        key = statement_key(statement)
        same = BankStatement.objects.of(creditor).filter(source_key=key).first()
        if same is not None:
            received.known.append(same)
            received.movements_known += len(statement.movements)
            continue
        row = BankStatement.objects.create(
            creditor=creditor, document=document, name=name[:255], format=reading.format[:12], account=statement.account[:40],
            currency=statement.currency, number=statement.number[:40], opening_on=statement.opening_on,
            closing_on=statement.closing_on or max((each.booked for each in statement.movements), default=None),
            opening_minor=statement.opening_minor, closing_minor=statement.closing_minor,
            is_notification=statement.is_notification, is_balanced=statement.is_balanced, source_key=key, received_at=at,
            received_by=user, fault_json=json.dumps(_sums(statement) if statement.is_balanced is False else {}),
        )  # fmt: skip
        received.statements.append(row)
        _keep_movements(row, statement, received, today=today, at=at)
    _tell(creditor, received, name, document, today=today, at=at, actor=f"user:{user.pk}" if user else SYSTEM)
    note_faults(creditor, {row.account for row in received.statements})
    _know_until(creditor, received.statements, today)
    go_on_if_fresh(creditor, today)
    for row in received.statements:
        announce("match_statement", row.pk)
    return received


def statement_key(statement: Statement) -> str:
    """Return what tells a statement from all others, in any format: its account, balances and movements.

    Without both balances, and for a notification, what the bank calls each movement tells it too.
    """
    is_told = statement.is_notification or None in (statement.opening_minor, statement.closing_minor)
    movements = sorted(
        (each.booked.isoformat(), each.amount_minor, each.currency)
        + ((each.bank_id, each.end_to_end, each.label) if is_told else ())
        for each in statement.movements
    )
    facts = (
        statement.account, statement.currency, statement.is_notification, statement.opening_minor, statement.closing_minor,
        str(statement.closing_on) if not movements else "", movements,
    )  # fmt: skip
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _sums(statement: Statement) -> dict[str, int | None]:
    """What does not add up, in minor units."""
    moved = sum(movement.amount_minor for movement in statement.movements)
    return {"opening": statement.opening_minor, "closing": statement.closing_minor, "movements": moved}


def _known_accounts(creditor: Creditor) -> set[str]:
    """The accounts of the creditor, and those of which a statement came, in their one form."""
    named = {bare_account(iban) for iban in creditor.bank_accounts.values_list("iban", flat=True)}
    told = BankStatement.objects.of(creditor).order_by().values_list("account", flat=True).distinct()
    return {each for each in (*named, *told) if each}


def _keep_movements(row: BankStatement, statement: Statement, received: Received, *, today: date, at: datetime) -> None:
    """Add the movements that the books do not have, complete those that wait, drop what a statement denies."""
    if not statement.movements:
        return
    days = [movement.booked for movement in statement.movements]
    known = _known_movements(row, min(days), max(days))
    counted = count_movements(statement, _source(row), known)
    ranks = Counter(each.group for each in known)
    own = _own_accounts(row)
    fresh = []
    for movement in counted.new:
        group = movement.booked, movement.amount_minor, movement.currency
        fresh.append(_values(row, movement, own, ranks[group], today))
        ranks[group] += 1
    insert_rows(BankTransaction, COLUMNS, fresh)
    _complete(counted)
    _drop(row, counted, today=today, at=at)
    received.movements_new += len(counted.new)
    received.movements_known += len(counted.same) + len(counted.unheard)
    received.dropped += len(counted.surplus) + len(counted.unheard)


def _source(row: BankStatement) -> Source:
    return Source(
        row.pk, row.format, row.is_notification, row.opening_minor, row.closing_minor, row.closing_on, row.is_balanced is True
    )  # fmt: skip


def _known_movements(row: BankStatement, first: date, last: date) -> list[Known]:
    """The movements of an account around some days, those that were set aside too, in the order in which they came."""
    from datetime import timedelta

    around = timedelta(days=BOOKED_LATER_DAYS)
    rows = BankTransaction.objects.of(row.creditor).filter(
        booked_on__gte=first - around, booked_on__lte=last + around, account=row.account
    )
    sources = {each.pk: _source(each) for each in BankStatement.objects.filter(pk__in=rows.values("statement_id"))}
    return [
        Known(pk, sources[statement], booked, minor, currency, bank_id, end_to_end, label, state == State.TO_MATCH)
        for pk, statement, booked, minor, currency, bank_id, end_to_end, label, state in rows.order_by(
            "id"
        ).values_list(
            "id", "statement_id", "booked_on", "amount_minor", "currency", "bank_id", "end_to_end", "label", "state"
        )
    ]


def _own_accounts(row: BankStatement) -> frozenset[str]:
    """The creditor's other accounts: what comes from them is nobody's payment."""
    return frozenset(_known_accounts(row.creditor) - {row.account})


def _values(row: BankStatement, movement: Movement, own: frozenset[str], rank: int, today: date) -> tuple[Any, ...]:
    """The columns of a movement, in the order of COLUMNS."""
    payer = bare_account(movement.payer_account)
    state, because = _first_state(movement, payer, own)
    facts = (row.account, movement.booked.isoformat(), movement.amount_minor, movement.currency, rank)
    is_done = state == State.SET_ASIDE
    return (
        row.creditor_id, row.pk, movement.line, row.account, movement.booked, movement.value, movement.amount_minor, movement.currency,
        movement.label, json.dumps(movement.references, ensure_ascii=False), movement.structured[:35], movement.payer_name[:140],
        payer, movement.end_to_end[:80], movement.bank_id[:80], movement.code[:40], movement.kind, movement.reason[:140],
        hashlib.sha256(json.dumps(facts).encode()).hexdigest(), state, False,
        json.dumps(because.to_json(), ensure_ascii=False) if because else "", today if is_done else None,
        SYSTEM if is_done else "", "",
    )  # fmt: skip


def _first_state(movement: Movement, payer: str, own: frozenset[str]) -> tuple[str, Because | None]:
    """Return where a movement begins: only credits that may be customers', and what takes one back, wait to be matched."""
    if movement.amount_minor < 0:
        return (State.TO_MATCH, None) if movement.kind == "return" else (State.OUT, None)
    if movement.kind == "return":
        return State.SET_ASIDE, Because("bank.money_back", {"reason": movement.reason})
    if payer and payer in own:
        return State.SET_ASIDE, Because("bank.own_account", {"account": payer})
    if movement.kind == "fee":
        return State.SET_ASIDE, Because("bank.fee_back", {})
    return State.TO_MATCH, None


def _complete(counted: Counted) -> None:
    """Give what another file says more of a movement that waits: who paid, what for."""
    waiting = {known.id: movement for movement, known in counted.same if known.waits}
    rows = []
    for stored in BankTransaction.objects.filter(pk__in=waiting).only(*COMPLETED):
        movement = waiting[stored.pk]
        references = json.dumps(movement.references, ensure_ascii=False)
        given = (
            movement.value, movement.label, references if movement.references else "", movement.structured[:35],
            movement.payer_name[:140], bare_account(movement.payer_account), movement.end_to_end[:80],
        )  # fmt: skip
        had = [getattr(stored, name) for name in COMPLETED]
        values = [_fuller(old, new) for old, new in zip(had, given, strict=True)]
        if values != had:
            rows.append((*values, stored.pk))
    update_rows(BankTransaction, COMPLETED, rows)


def _fuller(old: Any, new: Any) -> Any:
    if isinstance(old, str) and isinstance(new, str):
        return new if len(new) > len(old) else old
    return old or new


def _drop(row: BankStatement, counted: Counted, *, today: date, at: datetime) -> None:
    """Take out what the statement denies, and sums that are now told one by one; what it became is taken back first."""
    for found, rule in ((counted.surplus, "bank.not_on_statement"), (counted.detailed, "bank.told_in_detail")):
        ids = [known.id for known in found]
        if not ids:
            continue
        undo_movements(row.creditor, [known.id for known in found if not known.waits], today=today, at=at)
        because = Because(rule, {"statement": row.pk})
        rows = BankTransaction.objects.filter(pk__in=ids).exclude(state__in=(State.OUT, State.RETURNED))
        rows.update(
            state=State.SET_ASIDE, resolved_on=today, resolved_by=SYSTEM,
            because_json=json.dumps(because.to_json(), ensure_ascii=False),
        )  # fmt: skip


def _tell(
    creditor: Creditor, received: Received, name: str, document: Document, *, today: date, at: datetime, actor: str
) -> None:
    if received.is_nothing:
        return
    payload = {
        "file": name, "digest": document.digest, "statements": [row.pk for row in received.statements],
        "known": len(received.known), "new": received.movements_new, "same": received.movements_known,
        "dropped": received.dropped,
    }  # fmt: skip
    record("bank.received", creditor, payload, on=today, at=at, actor=actor)


def _know_until(creditor: Creditor, statements: Iterable[BankStatement], today: date) -> None:
    """Say until which day the accounts of the creditor are known: statements say it, notifications do not.

    Of a creditor none of whose accounts is known by its number, a statement of another account says it too.
    """
    told: dict[str, date] = {}
    for row in statements:
        if row.closing_on and not row.is_notification:
            told[row.account] = max(row.closing_on, told.get(row.account, row.closing_on))
    _know_accounts(creditor, told)
    if told and not creditor.bank_accounts.filter(known_until__isnull=False).exists():
        learn_money(creditor, max(told.values()), today)


def _know_accounts(creditor: Creditor, told: dict[str, date]) -> None:
    accounts: Sequence[BankAccount] = list(creditor.bank_accounts.all())
    for account in accounts:
        until = told.get(bare_account(account.iban))
        if until is not None:
            rows = BankAccount.objects.filter(pk=account.pk).filter(
                Q(known_until__isnull=True) | Q(known_until__lt=until)
            )
            rows.update(known_until=until)
