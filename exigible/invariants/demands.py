"""No demand left that asked for more than the books knew to be owed when it left, or for what was on hold."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from exigible.books.cases.models import Hold
from exigible.books.creditors.models import Creditor
from exigible.books.journal.models import Event, EventPayload
from exigible.books.ledger.models import Allocation, Invoice
from exigible.core.money import decimal_string
from exigible.features.outbox.models import Message

CHUNK = 500


class Sent(NamedTuple):
    """A demand that left: when, on which local day, and what it asked of each invoice."""

    key: int
    case_id: int | None
    at: datetime
    on: date
    asked: Mapping[int, int]
    currency: str


def broken_demands(creditor: Creditor) -> Iterator[str]:
    """Yield each demand whose figures were not the books' when it left, or that met a hold older than its day."""
    zone = ZoneInfo(creditor.time_zone)
    left = Message.objects.of(creditor).filter(
        purpose=Message.Purpose.DEMAND, sent_at__isnull=False, is_rehearsal=False
    )
    last = 0
    columns = ("id", "case_id", "sent_at", "facts_json")
    while rows := list(left.filter(id__gt=last).order_by("id").values_list(*columns)[:CHUNK]):
        last = rows[-1][0]
        sent = [_sent(row, zone) for row in rows]
        yield from _asked_too_much(sent)
        yield from _on_hold(sent)


def _sent(row: Sequence[Any], zone: ZoneInfo) -> Sent:
    key, case_id, at, facts_json = row
    facts = json.loads(facts_json)
    asked = {int(line["id"]): int(line["open"]) for line in facts.get("invoices", ())}
    return Sent(key, case_id, at, at.astimezone(zone).date(), asked, facts.get("currency", "EUR"))


def _asked_too_much(sent: Sequence[Sent]) -> Iterator[str]:
    ids = {invoice_id for each in sent for invoice_id in each.asked}
    totals = dict(Invoice.objects.filter(pk__among=ids).values_list("pk", "total_minor"))
    paid: dict[int, list[Allocation]] = {}
    for allocation in Allocation.objects.filter(invoice_id__among=ids).select_related("posting", "invoice"):
        paid.setdefault(allocation.invoice_id, []).append(allocation)
    for each in sent:
        for invoice_id, asked in each.asked.items():
            if invoice_id not in totals:
                continue  # its posting was undone since
            earlier = [row for row in paid.get(invoice_id, ()) if row.allocated_on <= each.on]
            if asked <= totals[invoice_id] - sum(row.amount_minor for row in earlier):
                continue
            known = sum(row.amount_minor for row in earlier if _was_known(row, each.at))
            if asked > totals[invoice_id] - known:
                owed = decimal_string(totals[invoice_id] - known, each.currency)
                yield f"demand: message {each.key} asked {decimal_string(asked, each.currency)} of invoice {invoice_id}, which owed {owed}"


def _was_known(allocation: Allocation, at: datetime) -> bool:
    """Whether an allocation was in the books at an instant: by its file's posting, or by the event of a person's act."""
    if allocation.posting is not None:
        return allocation.posting.at < at
    stream = f"customer/{allocation.invoice.customer_id}"
    told = Event.objects.filter(stream=stream, kind="payment.allocated", at__lt=at).values("pk")
    mark = f'"allocation":{allocation.pk},'
    return EventPayload.objects.filter(event_id__in=told, body__contains=mark).exists()


def _on_hold(sent: Sequence[Sent]) -> Iterator[str]:
    """A hold that began on an earlier day and had not ended must have kept the demand back."""
    cases = {each.case_id for each in sent if each.case_id is not None}
    holds: dict[int, list[Hold]] = {}
    for hold in Hold.objects.filter(case_id__among=cases, amount_minor=None):
        holds.setdefault(hold.case_id, []).append(hold)
    for each in sent:
        for hold in holds.get(each.case_id or 0, ()):
            if hold.invoice_id is not None and hold.invoice_id not in each.asked:
                continue
            ended = hold.released_on is not None and hold.released_on <= each.on
            ended = ended or (hold.until_on is not None and hold.until_on < each.on)
            if hold.from_on < each.on and not ended:
                yield f"demand: message {each.key} left on {each.on} against hold {hold.pk} ({hold.reason})"
