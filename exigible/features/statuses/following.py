"""What follows from the statuses of an invoice: proofs of deposit and receipt, holds, and money said to be received."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Sum

from exigible.books.cases.models import STATUS, Hold, Standing
from exigible.books.cases.operations import hold_case, refresh_customers, release_hold
from exigible.books.creditors.models import Creditor
from exigible.books.documents.models import Evidence
from exigible.books.documents.operations import attach_to_invoice
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.models import Allocation, Invoice, Payment
from exigible.books.ledger.operations import record_payment, remove_payment
from exigible.books.ledger.queries import invoice_balance, payment_remainder
from exigible.core.law.lifecycle import Blocking, Outcome, Told, lifecycle, outcome
from exigible.features.outbox.operations import recheck_waiting
from exigible.features.statuses.models import InvoiceStatus


class Moment:
    """When something is done, and by whom."""

    def __init__(self, today: date, at: datetime, actor: str) -> None:
        self.today, self.at, self.actor = today, at, actor


def told_of(statuses: Iterable[InvoiceStatus], zone: ZoneInfo) -> list[Told]:
    """Statuses as the core weighs them, each at its local instant."""
    return [Told(str(one.pk), one.code, one.at.astimezone(zone), one.reason_code) for one in statuses]


def outcome_of(creditor: Creditor, statuses: Sequence[InvoiceStatus]) -> Outcome | None:
    """What the statuses of one invoice say together; None in a country whose statuses are not known."""
    book = lifecycle(creditor.country)
    return outcome(book, told_of(statuses, ZoneInfo(creditor.time_zone)), creditor.country) if book else None


def follow_invoices(
    creditor: Creditor, invoices: Iterable[Invoice], *, today: date, at: datetime, actor: str = SYSTEM
) -> set[int]:
    """Make proofs, payments and holds of invoices agree with their statuses; the caller holds their customers.

    Doing it again changes nothing. Returns the customers; their cases and waiting messages agree with it.
    """
    moment = Moment(today, at, actor)
    listed = [invoice for invoice in invoices if invoice.kind != Invoice.Kind.CREDIT_NOTE]
    by_invoice: dict[int, list[InvoiceStatus]] = {invoice.pk: [] for invoice in listed}
    rows = InvoiceStatus.objects.of(creditor).filter(invoice__among=list(by_invoice))
    for status in rows.select_related("document", "payment").order_by("id"):
        by_invoice[status.invoice_id].append(status)
    paid: set[int] = set()
    for invoice in listed:
        statuses = by_invoice[invoice.pk]
        if (found := outcome_of(creditor, statuses)) is None:
            continue
        _prove(invoice, found, statuses, moment)
        if _pay(invoice, found, statuses, moment):
            paid.add(invoice.customer_id)
    customer_ids = {invoice.customer_id for invoice in listed}
    if paid:
        refresh_customers(creditor, paid, today, at, actor)
    for invoice in listed:
        if (found := outcome_of(creditor, by_invoice[invoice.pk])) is not None:
            _hold(invoice, found, moment)
    recheck_waiting(creditor, customer_ids, today, at)
    return customer_ids


def _prove(invoice: Invoice, found: Outcome, statuses: Sequence[InvoiceStatus], moment: Moment) -> None:
    """The raw message of the status that proves deposit or receipt is evidence of it."""
    by_key = {str(status.pk): status for status in statuses}
    for proves, told in ((Evidence.Proves.DEPOSIT, found.deposit), (Evidence.Proves.RECEIPT, found.receipt)):
        if told is not None:
            document = by_key[told.key].document
            attach_to_invoice(invoice, document, proves, today=moment.today, at=moment.at, actor=moment.actor)


def _pay(invoice: Invoice, found: Outcome, statuses: Sequence[InvoiceStatus], moment: Moment) -> bool:
    """Record what statuses say was received and no other money shows; give way to money that came otherwise.

    What a status reported is counted once, whether its payment was found or recorded: an invoice that is open again, because
    money went back or a person took the payment away, is not paid again by the same status. See docs/decisions/0013.
    Returns whether anything changed.
    """
    reporting = [status for status in statuses if str(status.pk) in {told.key for told in found.paid}]
    if not reporting:
        return False
    freed = _give_way(invoice, reporting, moment)
    stated, other = _stated_and_known(invoice, reporting)
    fresh = stated - sum(status.paid_minor for status in reporting)
    if stated - other < _recorded(reporting):
        freed += sum(_forget(status, moment) for status in _own(reporting))
    missing = min(stated - other - _recorded(reporting), invoice_balance(invoice), max(0, fresh) + freed)
    if missing > 0:
        _record(invoice, reporting[-1], missing, moment)
    if fresh:
        counted = reporting[-1].paid_minor + fresh
        InvoiceStatus.objects.filter(pk=reporting[-1].pk).update(paid_minor=counted)
        reporting[-1].paid_minor = counted
    return bool(freed) or missing > 0


def _stated_and_known(invoice: Invoice, reporting: Sequence[InvoiceStatus]) -> tuple[int, int]:
    """What statuses say was received of an invoice, and what payments that are not theirs settle of it."""
    rows = Allocation.objects.filter(invoice=invoice)
    credited = rows.filter(payment__isnull=True).aggregate(total=Sum("amount_minor"))["total"] or 0
    paid = rows.filter(payment__isnull=False).aggregate(total=Sum("amount_minor"))["total"] or 0
    return _stated(invoice, reporting, credited), paid - _own_share(invoice, reporting)


def _recorded(reporting: Sequence[InvoiceStatus]) -> int:
    """What these statuses recorded and still stands."""
    return sum(status.payment.amount_minor for status in reporting if status.payment is not None)


def _stated(invoice: Invoice, reporting: Sequence[InvoiceStatus], credited: int) -> int:
    """What was received according to statuses: all of it where one gives no amount, never more than was left by credit notes."""
    amounts = [status.amount_minor for status in reporting if status.currency in ("", invoice.currency)]
    if not amounts:
        return 0
    payable = invoice.total_minor - credited
    whole = any(amount is None for amount in amounts)
    return payable if whole else max(0, min(payable, sum(amount or 0 for amount in amounts)))


def _own_share(invoice: Invoice, reporting: Sequence[InvoiceStatus]) -> int:
    """What of the invoice is settled by payments that these statuses told."""
    ids = [status.payment_id for status in reporting if status.payment_id]
    rows = Allocation.objects.filter(invoice=invoice, payment_id__in=ids)
    return rows.aggregate(total=Sum("amount_minor"))["total"] or 0


def _give_way(invoice: Invoice, reporting: Sequence[InvoiceStatus], moment: Moment) -> int:
    """Take away payments told by statuses that the accountant's money pushed off the invoice; returns their minor units."""
    freed = 0
    for status in _own(reporting):
        assert status.payment is not None
        if not payment_remainder(status.payment):
            continue
        if invoice.total_minor - invoice_balance(invoice) - _own_share(invoice, [status]) > 0:
            freed += _forget(status, moment)
    return freed


def _own(reporting: Sequence[InvoiceStatus]) -> list[InvoiceStatus]:
    """The statuses whose payment is still theirs: neither the accountant's file nor a movement of the bank took it over."""
    return [
        status
        for status in reporting
        if status.payment is not None and status.payment.origin == "hand" and not _is_vouched_for(status.payment)
    ]


def _is_vouched_for(payment: Payment) -> bool:
    """Whether another row stands for this very payment, as a movement of the bank does."""
    links = (link for link in Payment._meta.get_fields(include_hidden=True) if link.auto_created and link.one_to_one)
    return any(link.related_model._default_manager.filter(**{link.field.name: payment}).exists() for link in links)  # type: ignore[union-attr]


def _forget(status: InvoiceStatus, moment: Moment) -> int:
    """Take away the payment of a status; returns its minor units."""
    assert status.payment is not None
    minor = status.payment.amount_minor
    remove_payment(status.payment, today=moment.today, at=moment.at, actor=moment.actor)
    InvoiceStatus.objects.filter(pk=status.pk).update(payment=None)
    status.payment = None
    return minor


def _record(invoice: Invoice, status: InvoiceStatus, amount_minor: int, moment: Moment) -> None:
    zone = ZoneInfo(invoice.creditor.time_zone)
    received_on = max(invoice.issued_on, min(moment.today, status.at.astimezone(zone).date()))
    book = lifecycle(invoice.creditor.country)
    assert book is not None
    name = book.name(status.code, invoice.creditor.language)
    label = " · ".join(each for each in (f"{name} ({status.code})", status.platform, invoice.number) if each)
    payment = record_payment(
        invoice.customer, amount_minor, received_on, [(invoice, amount_minor)], today=moment.today, at=moment.at,
        currency=invoice.currency, label=label, actor=moment.actor,
    )  # fmt: skip
    InvoiceStatus.objects.filter(pk=status.pk).update(payment=payment)
    status.payment = payment
    payload = {"invoice": invoice.pk, "status": status.pk, "payment": payment.pk, "amount": amount_minor}
    record("status.paid", invoice.customer, payload, on=moment.today, at=moment.at, actor=moment.actor)


def _hold(invoice: Invoice, found: Outcome, moment: Moment) -> None:
    """Hold an unpaid invoice for each reason that stands; what a person released is not held again for the same status."""
    standing = Standing.objects.filter(invoice=invoice).select_related("case__customer", "case__creditor").first()
    if standing is None or standing.case.state == "closed":
        return
    wanted = {source_of(each): each for each in found.blocking if each.until is None or each.until >= moment.today}
    known = list(Hold.objects.filter(invoice=invoice, source__startswith=STATUS).select_related("case__creditor"))
    for hold in known:
        if hold.released_on is None and hold.source not in wanted:
            release_hold(hold, today=moment.today, at=moment.at, actor=moment.actor)
    if invoice_balance(invoice) == 0:
        return
    for source in wanted.keys() - {hold.source for hold in known}:
        each = wanted[source]
        hold_case(
            standing.case, each.reason.hold, each.until, today=moment.today, at=moment.at, actor=moment.actor,
            invoice=invoice, source=source,
        )  # fmt: skip


def source_of(blocking: Blocking) -> str:
    """How a hold names the reason and the status that it comes from."""
    return f"{STATUS}{blocking.reason.name}:{blocking.told.key}"
