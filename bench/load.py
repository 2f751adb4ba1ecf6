"""Loads a synthetic book of any size into an empty database, as an import would have left it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import islice

from django.db import connection, transaction

from bench.world import CustomerRow, InvoiceRow, world
from exigible.books.cases.models import Case, Standing
from exigible.books.cases.operations import stage_of
from exigible.books.creditors.models import BankAccount, Creditor, MailServer
from exigible.books.creditors.operations import set_up_creditor
from exigible.books.journal.models import GENESIS
from exigible.books.ledger.models import Contact, Customer, Invoice
from exigible.books.policies.operations import publish_preset
from exigible.common.bulk import insert_rows, reserve_ids

BATCH = 5_000
CUSTOMER = (
    "id", "creditor_id", "reference", "name", "kind", "kind_proposed", "buyer", "segment", "segment_is_manual", "language", "country",
    "siren", "vat_number", "address", "postcode", "city", "terms", "is_doubtful", "is_excluded", "chain_number", "chain_hash",
)  # fmt: skip
CONTACT = (
    "creditor_id",
    "customer_id",
    "name",
    "role",
    "email",
    "email_is_bad",
    "phone",
    "language",
    "is_main",
    "copied_from_step",
)
INVOICE = (
    "id", "creditor_id", "customer_id", "kind", "number", "issued_on", "due_on", "due_origin", "currency", "total_minor", "label",
    "account", "order_reference", "origin", "is_confirmed", "source_key",
)  # fmt: skip
CASE = (
    "id", "creditor_id", "customer_id", "state", "opened_on", "next_look_on", "currency", "open_minor", "overdue_minor", "overdue_count",
    "oldest_due_on", "priority", "highest_tone", "waiting", "error", "chain_number", "chain_hash",
)  # fmt: skip
STANDING = ("invoice_id", "creditor_id", "case_id", "stage", "cycle", "last_step", "last_taken_on", "last_is_delivered")


def load(invoices: int, today: date) -> Creditor:
    """Fill the database with a creditor of that many open invoices, five a customer, one customer in a hundred due today."""
    at = datetime(today.year, today.month, today.day, 8, tzinfo=UTC)
    with transaction.atomic():
        creditor = set_up_creditor(
            "Bench", "owner@bench.example", today=today, at=at, address="1 rue du Banc", postcode="69001", city="Lyon",
            signatory_name="Ada Banc", signatory_email="ada@bench.example", legal_form="SAS", siren="000100008", rehearses=False,
            first_messages_a_day=1_000_000,
        )  # fmt: skip
        publish_preset(creditor, "standard", today, at)
        BankAccount.objects.create(creditor=creditor, holder="Bench", iban="FR7699999000010000000012337")
        MailServer.objects.create(
            creditor=creditor, host="127.0.0.1", port=25, security="none", from_address="ada@bench.example"
        )
    rows = world(invoices // 5, today=today)
    while batch := list(islice(rows, BATCH)):
        with transaction.atomic():
            _insert(creditor, batch, today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return creditor


def _insert(creditor: Creditor, batch: Iterable[tuple[CustomerRow, list[InvoiceRow]]], today: date) -> None:
    batch = list(batch)
    customer_ids = reserve_ids(Customer, len(batch))
    case_ids = reserve_ids(Case, len(batch))
    invoice_ids = iter(reserve_ids(Invoice, sum(len(invoices) for _customer, invoices in batch)))
    key = creditor.pk
    tables: dict[str, list[tuple[object, ...]]] = {
        name: [] for name in ("customers", "contacts", "cases", "invoices", "standings")
    }
    for customer_id, case_id, (customer, invoices) in zip(customer_ids, case_ids, batch, strict=True):
        tables["customers"].append((
            customer_id, key, customer.code, customer.name, "business", "", "", "ordinary", False, "fr", "FR", "", "", "1 rue du Banc",
            "69001", "Lyon", "", False, False, 0, GENESIS,
        ))  # fmt: skip
        tables["contacts"].append(
            (key, customer_id, "Mme Banc", "", customer.email, False, "+33199000000", "", True, "")
        )
        late = [invoice for invoice in invoices if invoice.due < today]
        tables["cases"].append((
            case_id, key, customer_id, "open" if late else "watched", today if late else None, customer.next_look_on, "EUR",
            sum(invoice.total_minor for invoice in invoices), sum(invoice.total_minor for invoice in late), len(late),
            min((invoice.due for invoice in late), default=None), sum(invoice.total_minor for invoice in late), 0, "", "", 0, GENESIS,
        ))  # fmt: skip
        for invoice in invoices:
            invoice_id = next(invoice_ids)
            tables["invoices"].append((
                invoice_id, key, customer_id, "invoice", invoice.number, invoice.issued, invoice.due, "stated", invoice.currency,
                invoice.total_minor, "", "411", "", "sale", True, invoice.number,
            ))  # fmt: skip
            tables["standings"].append((invoice_id, key, case_id, stage_of(invoice.due, "", today), 1, "", None, True))
    insert_rows(Customer, CUSTOMER, tables["customers"])
    insert_rows(Contact, CONTACT, tables["contacts"])
    insert_rows(Invoice, INVOICE, tables["invoices"])
    insert_rows(Case, CASE, tables["cases"])
    insert_rows(Standing, STANDING, tables["standings"])
