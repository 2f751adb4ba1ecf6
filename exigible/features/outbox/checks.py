"""The last check: every fact that a message states is read again just before it leaves, for one message or for many."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q

from exigible.books.cases.models import Case
from exigible.books.cases.queries import HoldFacts, holds_of, unpaid_of
from exigible.books.creditors.models import BankAccount, Creditor
from exigible.books.ledger.models import Contact, Customer
from exigible.books.ledger.queries import unallocated_credits
from exigible.books.policies.models import Policy
from exigible.core import guard
from exigible.core.because import Because
from exigible.core.law.book import law_book
from exigible.core.plan import InvoiceFacts
from exigible.features.outbox.models import Message

WAITING = (
    Message.State.QUEUED, Message.State.TO_APPROVE, Message.State.READY, Message.State.TO_POST, Message.State.TO_DO,
)  # fmt: skip
PENDING = (*WAITING, Message.State.SENDING, Message.State.UNCERTAIN, Message.State.FAILED)
AGEING = (Message.State.QUEUED, Message.State.TO_APPROVE, Message.State.READY)
RETURNED = "returned"
OLDEST_DAYS = 6
WINDOW_DAYS = 31
GUARD_RULES = {"contact.too.soon": "guard.gap", "budget.spent": "guard.cap", "one.contact.a.day": "guard.day"}
STALE_LIST = Because("stale.list", {})


def history_of(
    creditor: Creditor, customer_ids: Sequence[int], today: date, but: int | None = None
) -> dict[int, list[guard.Contact]]:
    """Return the contacts made with customers in the last month: what left, on its local day; what waits counts today.

    A message that came back reached nobody: it counts on its day only, so that a second one does not leave the same day, and
    keeps no gap. A call counts as often as it was attempted. What reached a customer merged into another counts for that one.
    """
    zone = ZoneInfo(creditor.time_zone)
    since = today - timedelta(days=WINDOW_DAYS)
    recent = Q(on__gt=since) | Q(sent_at__gt=datetime.combine(since, time(), zone))
    merged = dict(Customer.objects.filter(merged_into__among=customer_ids).values_list("id", "merged_into"))
    rows = Message.objects.filter(
        customer_id__among=[*customer_ids, *merged],
        purpose=Message.Purpose.DEMAND,
        is_rehearsal=False,
        channel__in=guard.CONTACTS,
    ).filter(Q(state__in=PENDING) | recent)
    history: dict[int, list[guard.Contact]] = {}
    columns = ("id", "customer_id", "on", "channel", "state", "sent_at", "attempts")
    for key, customer_id, on, channel, state, sent_at, attempts in rows.values_list(*columns):
        if key == but:
            continue
        day = sent_at.astimezone(zone).date() if sent_at else on
        if felt := _felt(channel, state, attempts, day, today):
            history.setdefault(merged.get(customer_id, customer_id), []).extend(felt)
    return history


def _felt(channel: str, state: str, attempts: int, day: date, today: date) -> list[guard.Contact]:
    """Return the contacts that one message stands for."""
    attempted = [guard.Contact(day, channel)] * attempts if channel in guard.SPOKEN else []
    if state in PENDING:
        return [*attempted, guard.Contact(today, channel)]
    if state == Message.State.BOUNCED:
        return [guard.Contact(day, RETURNED)] if day == today else []
    if state == Message.State.CANCELLED or attempted:
        return attempted
    return [guard.Contact(day, channel)]


class Books(NamedTuple):
    """What messages of one creditor are checked against, read again at once for all of them."""

    holds: Mapping[int, Sequence[HoldFacts]]
    unpaid: Mapping[int, Mapping[int, InvoiceFacts]]
    credits: Mapping[int, Mapping[str, int]]
    addresses: frozenset[tuple[int, str]]
    accounts: Sequence[Mapping[str, str]]


def failing_check(message: Message, today: date) -> Because | None:
    """Return why a waiting message may not leave on a day, or None. Demands answer for balance, holds and budget."""
    return failing_checks([message], today).get(message.pk) or _refused_by_guard(message, today)


def failing_checks(messages: Sequence[Message], today: date) -> dict[int, Because]:
    """Return, by message, which of its facts is no longer true; the guard is not asked. The messages are of one creditor."""
    if not messages:
        return {}
    books = _read_again(messages, today)
    found = ((message.pk, _failing(message, books, today)) for message in messages)
    return {key: because for key, because in found if because is not None}


def _read_again(messages: Sequence[Message], today: date) -> Books:
    case_ids = sorted({message.case_id for message in messages if message.case_id is not None})
    customer_ids = sorted({message.customer_id for message in messages if message.customer_id is not None})
    holds = holds_of(case_ids, today)
    unpaid = unpaid_of(case_ids, holds).by_case
    contacts = Contact.objects.filter(customer_id__among=customer_ids, email_is_bad=False).values_list(
        "customer_id", "email"
    )
    accounts = BankAccount.objects.filter(creditor_id=messages[0].creditor_id, is_default=True).values(
        "holder", "iban", "bic"
    )
    return Books(
        holds,
        {case_id: {invoice.id: invoice for invoice in invoices} for case_id, invoices in unpaid.items()},
        unallocated_credits(customer_ids),
        frozenset(contacts),
        [{"holder": account["holder"], "iban": account["iban"], "bic": account["bic"]} for account in accounts],
    )


def _failing(message: Message, books: Books, today: date) -> Because | None:
    facts = message.facts
    if message.purpose == Message.Purpose.INTERNAL:
        return _stale_task(message, facts, books)
    if message.purpose != Message.Purpose.DEMAND:
        return _stale_recipient(message, facts, books) or _stale_bank(facts, books)
    assert message.case is not None, "a demand belongs to a case"
    return (
        _on_hold(message, books)
        or _stale_amounts(facts, books.unpaid.get(message.case.pk, {}))
        or _stale_rest(message, facts, books)
        or _stale_by_time(message, facts, today)
        or _stale_recipient(message, facts, books)
        or _stale_bank(facts, books)
    )


def _stale_task(message: Message, facts: Mapping[str, Any], books: Books) -> Because | None:
    """A person's task falls away only when nothing of what it is about is left to pay: it may be half done.

    One that is only rehearsed falls away with a hold too: nobody began it.
    """
    if message.is_rehearsal and message.case_id is not None and (held := _on_hold(message, books)):
        return held
    if message.case_id is None or message.action_id is None or not facts.get("invoices"):
        return None
    unpaid = books.unpaid.get(message.case_id, {})
    if any(line["id"] in unpaid for line in facts["invoices"]):
        return None
    return Because("stale.paid", {"number": str(facts["invoices"][0]["number"])})


def _on_hold(message: Message, books: Books) -> Because | None:
    assert message.case is not None, "a demand belongs to a case"
    assert message.customer is not None, "a case is a customer's"
    if message.case.state == Case.State.CLOSED:
        return Because("case.closed", {})
    if message.customer.is_excluded:
        return Because("on.hold", {"reason": "paused"})
    whole = [hold for hold in books.holds.get(message.case.pk, ()) if hold.invoice_id is None]
    return Because("on.hold", {"reason": whole[0].reason}) if whole else None


def _stale_amounts(facts: Mapping[str, Any], unpaid: Mapping[int, InvoiceFacts]) -> Because | None:
    for line in facts["invoices"]:
        invoice = unpaid.get(line["id"])
        if invoice is None:
            return Because("stale.paid", {"number": str(line["number"])})
        claimable = invoice.open - invoice.held
        if claimable != line["open"] or invoice.currency != facts["currency"]:
            return Because("stale.amount", {"was": line["open"], "is": claimable, "currency": invoice.currency})
        stated = (line["number"], line["due"], line["total"])
        due = invoice.due.isoformat() if invoice.due else None
        if stated != (invoice.number, due, invoice.total) or not invoice.is_confirmed:
            return STALE_LIST
    return None


def _stale_rest(message: Message, facts: Mapping[str, Any], books: Books) -> Because | None:
    customer, currency = message.customer, facts["currency"]
    assert customer is not None
    if customer.kind != facts["debtor"]:
        return STALE_LIST
    credits = books.credits.get(customer.pk, {}).get(currency, 0)
    if credits != facts["credits"]:
        return Because("stale.amount", {"was": facts["credits"], "is": credits, "currency": currency})
    return None


def _stale_by_time(message: Message, facts: Mapping[str, Any], today: date) -> Because | None:
    """A text that waited too long, or says that a debt is coming when it is late, is written again."""
    if message.step == "preventive" and any(line["due"] < today.isoformat() for line in facts["invoices"]):
        return STALE_LIST
    is_old = message.state in AGEING and message.channel != "phone" and (today - message.on).days >= OLDEST_DAYS
    return STALE_LIST if is_old else None


def address_lines(name: str, address: str, postcode: str, city: str) -> list[str]:
    """Return the lines of a postal address as letters state them."""
    lines = [name, *(line.strip() for line in address.splitlines()), f"{postcode} {city}".strip()]
    return [line for line in lines if line]


def _stale_recipient(message: Message, facts: Mapping[str, Any], books: Books) -> Because | None:
    """A message goes to the address that its text was written for, as long as it is the customer's; so do its copies."""
    customer = message.customer
    if customer is None:
        return None
    if message.channel == "email":
        written_for = [message.recipient, *facts.get("copies", ())]
        known = all((customer.pk, address) in books.addresses for address in written_for)
    elif message.channel == "letter":
        present = address_lines(customer.name, customer.address, customer.postcode, customer.city)
        known = facts.get("recipient", {}).get("address", present) == present
    else:
        known = True
    return None if known else Because("stale.recipient", {})


def _stale_bank(facts: Mapping[str, Any], books: Books) -> Because | None:
    bank = facts.get("bank")
    if not bank or any(all(account.get(name) == value for name, value in bank.items()) for account in books.accounts):
        return None
    return Because("stale.bank", {})


def may_call_again(message: Message, today: date) -> bool:
    """Say whether the budget allows one more attempt of a call that nobody answered; the attempts made are counted."""
    assert message.customer is not None, "a call is made to a customer"
    limits = _limits_of(message, today)
    since = today - timedelta(days=limits.window_days - 1)
    history = history_of(message.creditor, [message.customer.pk], today).get(message.customer.pk, [])
    recent = [contact.channel for contact in history if contact.on >= since]
    calls = sum(channel in guard.SPOKEN for channel in recent)
    return len(recent) <= limits.contacts_in_window and calls <= limits.calls_in_window


def _limits_of(message: Message, today: date) -> guard.Limits:
    creditor: Creditor = message.creditor
    assert message.customer is not None, "limits are those of a customer"
    gap = Policy.objects.filter(creditor=creditor, is_current=True).values_list("min_gap_days", flat=True).first() or 0
    return guard.limits_for(law_book(creditor.country), message.customer.kind, today, gap)


def _refused_by_guard(message: Message, today: date) -> Because | None:
    """The gap, the cap and the one contact a day, asked of demands only."""
    customer = message.customer
    if message.purpose != Message.Purpose.DEMAND or message.channel not in guard.CONTACTS or customer is None:
        return None
    limits = _limits_of(message, today)
    history = history_of(message.creditor, [customer.pk], today, but=message.pk).get(customer.pk, [])
    refusal = guard.may_contact(history, message.channel, limits, today)
    return Because(GUARD_RULES[refusal.because.rule], refusal.because.facts) if refusal else None
