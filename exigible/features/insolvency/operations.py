"""What a notice of insolvency changes at once: nothing more is asked, the delay to declare runs, interest stops on the eve."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from exigible.books.cases.deadlines import end_deadline, set_deadline
from exigible.books.cases.limitation_events import EventKnown, record_limitation_event
from exigible.books.cases.models import Case, Deadline, Hold, LimitationEvent
from exigible.books.cases.operations import hold_case, refresh_customers, release_hold
from exigible.books.creditors.models import Creditor
from exigible.books.documents.models import Document, Evidence
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Customer, Invoice
from exigible.common.errors import Refused
from exigible.core.law.book import law_book
from exigible.core.law.deadlines import deadline_rules
from exigible.features.customers.registers import customers_by_name, customers_by_siren, plain_name, siren_of_customer
from exigible.features.insolvency.models import InsolvencyNotice
from exigible.features.outbox.operations import recheck_waiting
from exigible.formats.company import NoticeRow

Kind, State = InsolvencyNotice.Kind, InsolvencyNotice.State
OPENS = (Kind.OPENING, Kind.EXTENSION)
ENDS = (Kind.CLOSURE, Kind.REVERSAL)
CLAIM, CLAIM_ABROAD = "insolvency_claim", "insolvency_claim_abroad"
OVERSEAS = ("97", "98")
COUNTRY = "FR"  # the bulletin that is read is the French one; its proceedings are French
COLUMNS = (
    "nature",
    "judged_on",
    "published_on",
    "court",
    "representative",
    "text",
    "name",
    "siren",
    "department",
    "procedure",
)


class NoticeInTheFuture(Refused):
    """A notice cannot be dated after today: check the day of the judgment and that of the publication."""


class JudgmentAfterPublication(Refused):
    """The judgment comes before its publication: check the two days."""


@dataclass(slots=True)
class Applied:
    """What the notices of a file did; `others` are about nobody here, or not about insolvency."""

    applied: int = 0
    proposed: int = 0
    unchanged: int = 0
    others: int = 0

    def add(self, outcome: str) -> None:
        """Count one more."""
        setattr(self, outcome, getattr(self, outcome) + 1)


def apply_notices(
    creditor: Creditor, notices: Sequence[NoticeRow], *, today: date, at: datetime, digest: str = "",
    actor: str = SYSTEM,
) -> Applied:  # fmt: skip
    """Apply the notices that name a customer by its number; what only bears a customer's name waits for a person.

    In the order of their publication, one transaction each. The same notice a second time changes nothing.
    """
    told = Applied()
    by_siren = customers_by_siren(creditor)
    by_name = customers_by_name(creditor, (row.postcode for row in notices if not row.siren))
    for row in sorted(notices, key=lambda one: (one.published_on or date.min, one.line)):
        if not (row.is_insolvency or row.correction):
            told.others += 1
            continue
        named = by_siren.get(row.siren, []) if row.siren else by_name.get((plain_name(row.name), row.postcode), [])
        if not named:
            told.others += 1
        for key in named:
            customer = Customer.objects.select_related("creditor").get(pk=key)
            told.add(
                take_notice(customer, row, is_sure=bool(row.siren), digest=digest, today=today, at=at, actor=actor)
            )
    return told


@transaction.atomic
def take_notice(
    customer: Customer, row: NoticeRow, *, is_sure: bool, today: date, at: datetime, digest: str = "",
    source: str = "bulletin", actor: str = SYSTEM,
) -> str:  # fmt: skip
    """Record one notice about a customer and apply it when it surely is; says which counter of `Applied` that moves."""
    lock_customers([customer.pk])
    if InsolvencyNotice.objects.filter(customer=customer, number=row.number).exists():
        return "unchanged"
    before = InsolvencyNotice.objects.filter(customer=customer, number=row.corrects).first() if row.corrects else None
    kind = before.kind if before and row.kind == "other" else row.kind
    if row.correction == "cancelled" and before is not None:
        kind = Kind.REVERSAL
    if kind not in Kind.values:
        return "others"
    values = {name: getattr(row, name) for name in COLUMNS}
    values["procedure"] = values["procedure"] or (before.procedure if before else "")
    notice = InsolvencyNotice.objects.create(
        creditor=customer.creditor, customer=customer, number=row.number[:60], root=before.root if before else row.number[:60],
        kind=kind, state=State.APPLIED if is_sure else State.PROPOSED, source=source, document_digest=digest, recorded_on=today,
        **{name: _cut(name, value) for name, value in values.items()},
    )  # fmt: skip
    payload = {"notice": notice.pk, "number": notice.number, "kind": kind, "procedure": notice.procedure, "document": digest,
               "judged": row.judged_on, "published": row.published_on, "state": notice.state, "corrects": row.corrects}  # fmt: skip
    record("insolvency.noticed", customer, payload, on=today, at=at, actor=actor)
    if before is not None:
        InsolvencyNotice.objects.filter(pk=before.pk, state=State.APPLIED).update(state=State.REPLACED)
    if not is_sure:
        return "proposed"
    _apply(notice, today, at, actor)
    return "applied"


def _cut(name: str, value: object) -> object:
    longest = getattr(InsolvencyNotice._meta.get_field(name), "max_length", None)
    return value[:longest] if isinstance(value, str) else value


@transaction.atomic
def decide_notice(notice: InsolvencyNotice, is_it: bool, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """A person says that a notice is about this customer, which then is as any other, or that it is about a namesake."""
    lock_customers([notice.customer_id])
    state = State.APPLIED if is_it else State.SET_ASIDE
    if not InsolvencyNotice.objects.filter(pk=notice.pk, state=State.PROPOSED).update(state=state):
        return
    notice.state = state
    payload = {"notice": notice.pk, "number": notice.number, "state": state}
    record("insolvency.decided", notice.customer, payload, on=today, at=at, actor=actor)
    if is_it:
        _apply(notice, today, at, actor)


@transaction.atomic
def take_back(notice: InsolvencyNotice, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """A person says that a notice was recorded by mistake: what rested on it alone ends."""
    lock_customers([notice.customer_id])
    if not InsolvencyNotice.objects.filter(pk=notice.pk, state=State.APPLIED).update(state=State.SET_ASIDE):
        return
    payload = {"notice": notice.pk, "number": notice.number, "state": State.SET_ASIDE}
    record("insolvency.decided", notice.customer, payload, on=today, at=at, actor=actor)
    _deadlines(notice.customer).filter(source=source_of(notice)).delete()
    _mark(notice.customer, proceedings_of(notice.customer))
    if notice.customer.insolvent_since is None:
        _release(notice.customer, today, at, actor)
    _follow(notice.customer, today, at, actor)


def proceedings_of(customer: Customer) -> list[InsolvencyNotice]:
    """The notices that apply to a customer, those on accounts merged into it too, the latest first."""
    rows = InsolvencyNotice.objects.filter(Q(customer=customer) | Q(customer__merged_into=customer))
    return list(rows.filter(state=State.APPLIED).order_by("-published_on", "-judged_on", "-id"))


def source_of(notice: InsolvencyNotice) -> str:
    """How a deadline names the notice from which it runs; one rectified keeps that of the first."""
    return f"notice/{notice.root}"


def _apply(notice: InsolvencyNotice, today: date, at: datetime, actor: str) -> None:
    customer = notice.customer
    applied = proceedings_of(customer)
    _mark(customer, applied)
    if notice.kind == Kind.REVERSAL:
        _release(customer, today, at, actor)
    elif notice.kind == Kind.CLOSURE:
        for planned in _deadlines(customer).filter(done_on__isnull=True):
            end_deadline(planned, today, str(notice.nature), today=today, at=at, actor=actor)
    else:
        stop_asking(customer, applied, today, at, actor)
    _follow(customer, today, at, actor)


def _mark(customer: Customer, applied: Sequence[InsolvencyNotice]) -> None:
    """Keep on the account since when it is insolvent: the judgment that opened the proceedings that stand now."""
    since: date | None = None
    for notice in reversed(applied):
        if notice.kind == Kind.REVERSAL:
            since = None
        elif notice.kind != Kind.CLOSURE:
            day = notice.judged_on or notice.published_on
            since = day if since is None or (notice.kind in OPENS and day and day < since) else since
    customer.insolvent_since = since
    Customer.objects.filter(pk=customer.pk).update(insolvent_since=since)


def stop_asking(
    customer: Customer, applied: Sequence[InsolvencyNotice], today: date, at: datetime, actor: str = SYSTEM
) -> None:
    """Hold the customer's case without an end and plan the declaration of claim, once; nothing without a case."""
    case = Case.objects.filter(customer=customer).exclude(state=Case.State.CLOSED).select_related("creditor").first()
    latest = applied[0] if applied else None
    if case is None or latest is None or latest.kind in ENDS:
        return
    held = Hold.objects.filter(case=case, reason=Hold.Reason.INSOLVENCY, released_on__isnull=True)
    if not held.exists():
        told = str(latest.nature or latest.get_kind_display())
        hold_case(case, Hold.Reason.INSOLVENCY, None, today=today, at=at, actor=actor, source=told)
    for notice in applied:
        if notice.kind in OPENS and notice.published_on is not None:
            rule = claim_rule(case.creditor, notice)
            set_deadline(
                case, rule, notice.published_on, source=source_of(notice), country=COUNTRY, today=today, at=at, actor=actor
            )  # fmt: skip
            break  # earlier proceedings had their own delay


def claim_rule(creditor: Creditor, notice: InsolvencyNotice) -> str:
    """Which delay to declare binds a creditor: two months more where it does not live on the court's territory (R622-24).

    Metropolitan France is one territory, each overseas department another. What is not known does not lengthen a delay.
    """
    if creditor.country != COUNTRY:
        return CLAIM_ABROAD
    theirs, ours = notice.department or notice.customer.postcode[:3], creditor.postcode[:3]
    if not (theirs and ours):
        return CLAIM
    one, other = (code[:3] if code[:2] in OVERSEAS else "metropolitan" for code in (theirs, ours))
    rules = deadline_rules(law_book(COUNTRY))
    return CLAIM_ABROAD if one != other and CLAIM_ABROAD in rules else CLAIM


def _deadlines(customer: Customer) -> QuerySet[Deadline]:
    return Deadline.objects.filter(case__customer=customer, rule__in=(CLAIM, CLAIM_ABROAD))


def _release(customer: Customer, today: date, at: datetime, actor: str) -> None:
    """The opening was reversed or never was: the hold ends, and so does the delay."""
    holds = Hold.objects.filter(case__customer=customer, reason=Hold.Reason.INSOLVENCY, released_on__isnull=True)
    for hold in holds.select_related("case__creditor"):
        release_hold(hold, today=today, at=at, actor=actor)
    _deadlines(customer).filter(done_on__isnull=True).delete()


def _follow(customer: Customer, today: date, at: datetime, actor: str) -> None:
    refresh_customers(customer.creditor, [customer.pk], today, at, actor)
    recheck_waiting(customer.creditor, [customer.pk], today, at)


def hold_insolvent(creditor: Creditor, today: date, at: datetime) -> int:
    """Hold the cases that came to be since a notice: what is billed to an insolvent customer is not chased by itself.

    A hold that a person ended is not begun again. Returns how many were held; one indexed query where nobody is insolvent.
    """
    insolvent = list(Customer.objects.of(creditor).filter(insolvent_since__isnull=False).values_list("id", flat=True))
    if not insolvent:
        return 0
    ever = Hold.objects.filter(case=OuterRef("pk"), reason=Hold.Reason.INSOLVENCY)
    cases = Case.objects.filter(~Exists(ever), customer_id__among=insolvent)
    found = list(cases.exclude(state=Case.State.CLOSED).select_related("customer__creditor").order_by("customer_id"))
    for case in found:
        with transaction.atomic():
            lock_customers([case.customer_id])
            stop_asking(case.customer, proceedings_of(case.customer), today, at)
            recheck_waiting(creditor, [case.customer_id], today, at)
    return len(found)


@transaction.atomic
def notice_by_hand(
    customer: Customer, row: NoticeRow, *, today: date, at: datetime, digest: str = "", actor: str = SYSTEM
) -> str:
    """Record a notice that a person read or received; its number is made of what it says, so that twice is once."""
    if max(day for day in (row.published_on, row.judged_on, date.min) if day) > today:
        raise NoticeInTheFuture
    if row.published_on and row.judged_on and row.judged_on > row.published_on:
        raise JudgmentAfterPublication
    number = row.number or f"hand/{row.kind}/{row.judged_on or ''}/{row.published_on or ''}"
    sure = row._replace(number=number, siren=siren_of_customer(customer.siren, customer.vat_number))
    return take_notice(customer, sure, is_sure=True, source="hand", digest=digest, today=today, at=at, actor=actor)


@transaction.atomic
def declare_claim(
    planned: Deadline, done_on: date, note: str, document: Document | None, *, today: date, at: datetime,
    actor: str = SYSTEM,
) -> None:  # fmt: skip
    """The claim was declared: the delay is met, and the time to sue on each invoice declared is interrupted (L622-25-1)."""
    customer = planned.case.customer
    lock_customers([customer.pk])
    digest = document.digest if document else ""
    if not end_deadline(planned, done_on, note, today=today, at=at, document_digest=digest, actor=actor):
        return
    if document is not None:
        Evidence.objects.get_or_create(
            creditor=planned.creditor, document=document, case=planned.case, proves=Evidence.Proves.OTHER,
            defaults={"added_on": today},
        )  # fmt: skip
    for invoice in declared_invoices(customer):
        if invoice.issued_on <= done_on:
            with suppress(EventKnown):
                record_limitation_event(
                    invoice, LimitationEvent.Kind.INSOLVENCY_CLAIM, done_on, note=note, document_digest=digest,
                    today=today, at=at, actor=actor,
                )  # fmt: skip


def declared_invoices(customer: Customer) -> list[Invoice]:
    """The unpaid invoices of before the opening: what is to be declared. What came after is paid when due (L622-17)."""
    rows = Invoice.objects.filter(customer=customer, settled_on__isnull=True).exclude(kind=Invoice.Kind.CREDIT_NOTE)
    if customer.insolvent_since is not None:
        rows = rows.filter(issued_on__lt=customer.insolvent_since)
    return list(rows.select_related("customer", "creditor").order_by("due_on", "id"))
