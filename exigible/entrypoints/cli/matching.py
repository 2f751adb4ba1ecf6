"""exigible match: what the movements of a bank file pay, with the reasons; --apply applies what is certain."""

import json
import sys
from argparse import Namespace, _SubParsersAction
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exigible.core.money import decimal_string
from exigible.entrypoints.cli.books import add_books_options, creditors_of, moment_of, open_books
from exigible.entrypoints.cli.files import content_of
from exigible.entrypoints.cli.parser import Parser

if TYPE_CHECKING:
    from exigible.books.creditors.models import Creditor
    from exigible.features.bank.models import Application, BankTransaction, Proposal
    from exigible.formats.rows import RowError

SHOWN_AT_MOST = 20
Told = dict[str, Any]


def add_commands(commands: "_SubParsersAction[Parser]") -> None:
    """Register the command."""
    command = commands.add_parser("match", help="say what the movements of a bank file pay", allow_abbrev=False)
    command.add_argument(
        "file", metavar="FILE", help="a bank statement in CAMT.053, CAMT.054, CFONB 120, OFX, MT940 or CSV"
    )
    add_books_options(command, needs_creditor=True)
    command.add_argument("--apply", action="store_true", help="take the statement in, and apply what is certain")
    command.set_defaults(handle=match_file)


def match_file(arguments: Namespace) -> int:
    """Explain the movements of a file; without --apply the books stay as they are."""
    path = Path(arguments.file)
    body = content_of(path)
    open_books()
    from django.db import transaction

    (creditor,) = creditors_of(arguments)
    today, at = moment_of(creditor, arguments.date)
    if arguments.apply:
        answer = _matched(creditor, path.name, body, (today, at), applies=True)
    else:
        with transaction.atomic():
            answer = _matched(creditor, path.name, body, (today, at), applies=False)
            transaction.set_rollback(True)
    print(json.dumps(answer, ensure_ascii=False) if arguments.json else "\n".join(_lines(answer)))
    for error in answer["rejected"][:SHOWN_AT_MOST]:
        print(error["reason"], file=sys.stderr)
    return 1 if answer["rejected"] else 0


def _matched(creditor: "Creditor", name: str, body: bytes, moment: tuple[date, datetime], *, applies: bool) -> Told:
    """Take a file in, explain what of its days waits, and apply what is certain when asked to."""
    from django.db.models import Q

    from exigible.features.bank.models import BankTransaction
    from exigible.features.bank.proposing import match_movements, match_now
    from exigible.features.bank.receiving import receive_statements

    today, at = moment
    received = receive_statements(creditor, name, body, None, today=today, at=at)
    told = Q(pk__in=[])
    for account, first, last in received.days:
        told |= Q(account=account, booked_on__gte=first, booked_on__lte=last)
    rows = BankTransaction.objects.of(creditor).filter(told).order_by("booked_on", "id")
    waiting = rows.filter(state=BankTransaction.State.TO_MATCH).values_list("pk", flat=True)
    if applies:
        match_now(creditor, received.statements, list(waiting), today=today, at=at)
    else:
        match_movements(creditor, list(waiting), today=today, at=at, follows=False)
    answer = _answer(creditor, list(rows))
    answer["statements"] = {"new": len(received.statements), "known": len(received.known)}
    return answer | {"rejected": [_rejected(error, name) for error in received.errors]}


def _rejected(error: "RowError", name: str) -> Told:
    return {"file": name, "line": error.line, "field": error.field, "reason": error.reason}


def _answer(creditor: "Creditor", rows: "Sequence[BankTransaction]") -> Told:
    """The movements as the contract has them; coverage is the share of possible payments that is, or may be, applied alone."""
    from exigible.features.bank.models import BankTransaction, Proposal

    state = BankTransaction.State
    proposed: dict[int, list[Proposal]] = {}
    found = (
        Proposal.objects.of(creditor).filter(transaction_id__among=[row.pk for row in rows]).select_related("customer")
    )
    for proposal in found.order_by("transaction_id", "rank"):
        proposed.setdefault(proposal.transaction_id, []).append(proposal)
    numbers = _numbers(creditor, proposed)
    applied = _applied(creditor, rows)
    told: list[Told] = [
        {
            "date": row.booked_on.isoformat(), "label": row.label, "amount": decimal_string(row.amount_minor, row.currency),
            "currency": row.currency, "payer": row.payer_name, "state": row.state,
            "proposals": applied.get(row.pk) or [_proposed(row, each, numbers) for each in proposed.get(row.pk, [])],
            "applied": row.state == state.APPLIED,
        }
        for row in rows
    ]  # fmt: skip
    payments = [
        each for row, each in zip(rows, told, strict=True) if row.amount_minor > 0 and row.state != state.SET_ASIDE
    ]
    sure = sum(each["applied"] or any(match["certain"] for match in each["proposals"]) for each in payments)
    return {
        "transactions": told,
        "payments": len(payments),
        "coverage": round(sure / len(payments), 4) if payments else 0.0,
    }


def _numbers(creditor: "Creditor", proposed: "dict[int, list[Proposal]]") -> dict[int, str]:
    """The numbers of the invoices that proposals name."""
    from exigible.books.ledger.models import Invoice

    shares = (each.shares_json for some in proposed.values() for each in some)
    ids = {item for text in shares for item, _minor in json.loads(text)}
    return dict(Invoice.objects.of(creditor).filter(pk__among=ids).values_list("pk", "number"))


def _proposed(row: "BankTransaction", proposal: "Proposal", numbers: dict[int, str]) -> Told:
    from exigible.features.bank.wording import Told as Facts
    from exigible.features.bank.wording import sentence

    shares = [(item, minor) for item, minor in json.loads(proposal.shares_json) if item in numbers]
    facts = Facts(
        row.pk, row.currency, proposal.customer_id, proposal.customer.name, {numbers[item]: item for item, _minor in shares},
        proposal.cause, proposal.difference_minor,
    )  # fmt: skip
    because = json.loads(proposal.because_json)
    return {
        "allocations": [{"invoice": numbers[item], "amount": decimal_string(minor, row.currency)} for item, minor in shares],
        "customer": proposal.customer.name, "reference": proposal.customer.reference,
        "confidence": float(proposal.confidence), "certain": proposal.is_certain, "cause": proposal.cause,
        "difference": decimal_string(proposal.difference_minor, row.currency), "rule": because["rule"],
        "because": sentence(because, facts),
    }  # fmt: skip


def _applied(creditor: "Creditor", rows: "Sequence[BankTransaction]") -> dict[int, list[Told]]:
    """What movements became, in the shape of a proposal."""
    from exigible.features.bank.models import Application

    made: dict[int, list[Told]] = {}
    found = Application.objects.of(creditor).filter(transaction_id__among=[row.pk for row in rows])
    for each in found.select_related("transaction", "payment__customer").prefetch_related(
        "payment__allocations__invoice"
    ):
        row, payment = each.transaction, each.payment
        because = json.loads(row.because_json)
        made.setdefault(row.pk, []).append({
            "allocations": [
                {"invoice": share.invoice.number, "amount": decimal_string(share.amount_minor, row.currency)}
                for share in payment.allocations.all()
            ],
            "customer": payment.customer.name, "reference": payment.customer.reference, "confidence": 1.0,
            "certain": each.is_automatic, "cause": "", "difference": decimal_string(0, row.currency), "rule": because["rule"],
            "because": _because(because, each),
        })  # fmt: skip
    return made


def _because(because: dict[str, Any], each: "Application") -> str:
    from exigible.features.bank.wording import Told as Facts
    from exigible.features.bank.wording import sentence

    row, customer = each.transaction, each.payment.customer
    numbers = {share.invoice.number: share.invoice_id for share in each.payment.allocations.all()}
    return sentence(because, Facts(row.pk, row.currency, customer.pk, customer.name, numbers))


def _lines(answer: Told) -> Iterator[str]:
    """The movements as lines for a person."""
    for each in answer["transactions"]:
        best = each["proposals"][0] if each["proposals"] else None
        what = (
            "applied"
            if each["applied"]
            else "certain"
            if best and best["certain"]
            else "proposed"
            if best
            else each["state"]
        )
        yield f"{each['date']} {each['amount']:>14} {each['currency']}  {what:<9} {each['label'][:60]}"
        if best:
            shares = ", ".join(f"{share['invoice']} {share['amount']}" for share in best["allocations"]) or "no invoice"
            yield f"    {best['customer']}: {shares}. {best['because']}"
    yield f"{answer['payments']} payments, of which {answer['coverage']:.1%} applied or certain."
