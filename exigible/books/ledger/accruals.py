"""What lateness has cost on the books to a day: of one invoice, exactly; of a whole book, set by set in the database."""

from datetime import date
from decimal import Decimal

from exigible.books.ledger.models import Allocation, Invoice
from exigible.books.policies.law import law_book_of
from exigible.core.law.interest import Accrued, accrued


def accrued_on(invoice: Invoice, until: date) -> Accrued:
    """Return the interest and the indemnity of one invoice at the end of a day; nothing in a currency that is not the law's."""
    book = law_book_of(invoice.creditor)
    if invoice.kind == Invoice.Kind.CREDIT_NOTE or invoice.due_on is None or invoice.currency != book.currency:
        return Accrued(0, 0, 0)
    payments = list(Allocation.objects.filter(invoice=invoice).values_list("allocated_on", "amount_minor"))
    rate = None if invoice.contract_rate is None else Decimal(str(invoice.contract_rate))
    return accrued(
        book, invoice.customer.kind, invoice.total_minor, invoice.due_on, until, payments=payments, contract_rate=rate,
        notice_received=invoice.notice_received_on,
    )  # fmt: skip
