"""What movements of the bank became: each in one state, its payments its amount, and nothing waits for what is settled."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, Sum

from exigible.books.cases.models import Hold
from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Payment
from exigible.core.money import decimal_string
from exigible.features.bank.models import Application, BankTransaction, Proposal

State = BankTransaction.State


def broken_bank(creditor: Creditor) -> Iterator[str]:
    """Yield what is wrong with movements, the payments made of them, proposals and the cases that wait for them."""
    yield from _amounts(creditor)
    yield from _states(creditor)
    yield from _payments(creditor)
    yield from _waiting(creditor)


def _amounts(creditor: Creditor) -> Iterator[str]:
    """The payments of an applied movement add up to it, whether they were made of it or stood in the books."""
    rows = BankTransaction.objects.of(creditor).filter(state=State.APPLIED)
    sums = rows.annotate(paid=Sum("applications__payment__amount_minor"))
    for row in sums.filter(Q(paid=None) | ~Q(paid=F("amount_minor"))).order_by("id").iterator():
        told = [decimal_string(minor, row.currency) for minor in (row.amount_minor, row.paid or 0)]
        yield f"bank: movement {row.pk} of {told[0]} is applied and its payments make {told[1]}"


def _states(creditor: Creditor) -> Iterator[str]:
    """Only an applied movement has payments, only one that waits has proposals; what is given back has what gives it back."""
    rows = BankTransaction.objects.of(creditor)
    applied = Exists(Application.objects.filter(transaction=OuterRef("pk")))
    for key in rows.filter(applied).exclude(state=State.APPLIED).order_by("id").values_list("pk", flat=True):
        yield f"bank: movement {key} has payments and is not applied"
    proposals = Proposal.objects.of(creditor).exclude(transaction__state=State.TO_MATCH)
    for key in proposals.order_by("transaction_id").values_list("transaction_id", flat=True).distinct():
        yield f"bank: movement {key} is settled and something is proposed for it"
    given = Exists(BankTransaction.objects.filter(returns=OuterRef("pk")))
    for key in rows.filter(state=State.RETURNED).exclude(given).order_by("id").values_list("pk", flat=True):
        yield f"bank: movement {key} is given back by nothing"


def _payments(creditor: Creditor) -> Iterator[str]:
    """A payment made of a movement is that movement's, of the same day, currency and company."""
    made = Payment.objects.of(creditor).filter(origin="statement")
    tied = Exists(Application.objects.filter(payment=OuterRef("pk"), was_booked=False))
    for key in made.exclude(tied).order_by("id").values_list("pk", flat=True):
        yield f"bank: payment {key} was made of a movement and has none"
    foreign = ~Q(payment__currency=F("transaction__currency")) | ~Q(payment__creditor=F("transaction__creditor"))
    for key in Application.objects.of(creditor).filter(foreign).order_by("id").values_list("payment_id", flat=True):
        yield f"bank: payment {key} joins two currencies or companies"


def _waiting(creditor: Creditor) -> Iterator[str]:
    """No case waits for a movement that is settled."""
    holds = Hold.objects.of(creditor).filter(reason=Hold.Reason.PAYMENT, released_on__isnull=True)
    waiting = set(BankTransaction.objects.of(creditor).filter(state=State.TO_MATCH).values_list("pk", flat=True))
    for source in holds.filter(source__startswith="bank:").order_by("id").values_list("source", flat=True):
        if int(source.partition(":")[2]) not in waiting:
            yield f"bank: a case waits for movement {source.partition(':')[2]}, which is settled"
