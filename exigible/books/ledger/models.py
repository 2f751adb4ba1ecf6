"""The ledger as the accountant has it: customers, contacts, invoices, payments, allocations; charges beside it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exigible.books.creditors.owned import Owned
from exigible.books.journal.models import Chained


class CustomerKind(models.TextChoices):
    """What a debtor is in law; unknown until a person or a register says."""

    CONSUMER = "consumer", _("consumer")
    BUSINESS = "business", _("business")
    PUBLIC_BODY = "public_body", _("public body")
    UNKNOWN = "unknown", _("to be specified")


class Segment(models.TextChoices):
    """How a customer pays."""

    NEW = "new", _("new")
    GOOD = "good", _("good payer")
    ORDINARY = "ordinary", _("ordinary")
    CHRONIC = "chronic", _("chronically late")


class Posting(Owned):
    """Rows posted together from one file, so that they can be undone together."""

    name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    changes = models.TextField(default="[]")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["creditor", "digest"], name="posting_by_digest")]


class Customer(Owned, Chained):
    """Who owes. One merged into another owes nothing: what its reference names is posted to that other.

    `insolvent_since` is the day of the judgment that opened insolvency proceedings: interest stops on its eve.
    """

    BUYERS = (
        ("state", _("State")), ("local", _("local authority")), ("hospital", _("public hospital")),
        ("army_health", _("army health service")), ("public_enterprise", _("public enterprise")),
    )  # fmt: skip

    reference = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=12, choices=CustomerKind.choices, default=CustomerKind.UNKNOWN)
    kind_proposed = models.CharField(max_length=12, blank=True)
    buyer = models.CharField(max_length=20, choices=BUYERS, blank=True)
    segment = models.CharField(max_length=10, choices=Segment.choices, default=Segment.NEW)
    segment_is_manual = models.BooleanField(default=False)
    usual_delay_days = models.IntegerField(null=True)
    language = models.CharField(max_length=2, default="fr")
    country = models.CharField(max_length=2, default="FR")
    siren = models.CharField(max_length=14, blank=True)
    vat_number = models.CharField(max_length=20, blank=True)
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    city = models.CharField(max_length=80, blank=True)
    terms = models.CharField(max_length=40, blank=True)
    is_doubtful = models.BooleanField(default=False)
    is_excluded = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    insolvent_since = models.DateField(null=True)
    posting = models.ForeignKey(Posting, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creditor", "reference"], name="customer_once_by_reference")]
        indexes = [
            models.Index(fields=["creditor", "name", "id"], name="customer_by_name"),
            models.Index(fields=["creditor", "siren"], name="customer_by_siren", condition=~Q(siren="")),
            models.Index(fields=["creditor", "vat_number"], name="customer_by_vat", condition=~Q(vat_number="")),
            models.Index(fields=["merged_into"], name="customer_merged", condition=Q(merged_into__isnull=False)),
            models.Index(
                fields=["creditor", "insolvent_since"],
                name="customer_insolvent",
                condition=Q(insolvent_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(Owned):
    """A person at a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=80, blank=True)
    email = models.CharField(max_length=254, blank=True)
    email_is_bad = models.BooleanField(default=False)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=2, blank=True)
    is_main = models.BooleanField(default=False)
    copied_from_step = models.CharField(max_length=20, blank=True)
    posting = models.ForeignKey(Posting, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(is_main=True), name="one_main_contact"),
        ]


class Invoice(Owned):
    """An invoice, a credit note or a deposit; never edited by collections. Balance = total - allocations."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("invoice")
        CREDIT_NOTE = "credit_note", _("credit note")
        DEPOSIT = "deposit", _("deposit")

    class DueOrigin(models.TextChoices):
        STATED = "stated", _("stated on the invoice")
        CUSTOMER = "customer_terms", _("presumed from the customer's terms")
        CREDITOR = "creditor_terms", _("presumed from your usual terms")
        DEFAULT = "default", _("presumed: 30 days from the invoice")
        NONE = "none", _("unknown")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="invoices", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.INVOICE)
    number = models.CharField(max_length=80)
    issued_on = models.DateField()
    due_on = models.DateField(null=True)
    due_origin = models.CharField(max_length=16, choices=DueOrigin.choices, default=DueOrigin.STATED)
    currency = models.CharField(max_length=3, default="EUR")
    total_minor = models.BigIntegerField()
    net_minor = models.BigIntegerField(null=True)
    label = models.CharField(max_length=200, blank=True)
    account = models.CharField(max_length=20, blank=True)
    order_reference = models.CharField(max_length=80, blank=True)
    origin = models.CharField(max_length=10, default="sale")
    is_confirmed = models.BooleanField(default=True)
    contract_rate = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    request_received_on = models.DateField(null=True)
    notice_received_on = models.DateField(null=True)
    settled_on = models.DateField(null=True)
    source_key = models.CharField(max_length=64)
    posting = models.ForeignKey(Posting, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creditor", "source_key"], name="invoice_once_by_source"),
            models.CheckConstraint(condition=Q(total_minor__gte=0), name="invoice_total_is_not_negative"),
        ]
        indexes = [
            models.Index(fields=["customer", "issued_on"], name="invoice_by_customer"),
            models.Index(fields=["creditor", "number"], name="invoice_by_number"),
            models.Index(
                fields=["creditor", "total_minor"], name="invoice_open_by_total", condition=Q(settled_on__isnull=True)
            ),
            models.Index(
                fields=["creditor", "currency", "due_on"],
                name="invoice_open_by_due",
                condition=Q(settled_on__isnull=True),
            ),
            models.Index(
                fields=["creditor", "contract_rate"],
                name="invoice_open_by_clause",
                condition=Q(settled_on__isnull=True, contract_rate__isnull=False),
            ),
        ]


class SettlementTerms(Owned):
    """How an invoice is to be settled, where that says whether it may be asked for: only invoices of which something is known.

    The rest is read elsewhere: the commitment number of a public buyer is the invoice's `order_reference`. What a person
    said (`source` person) stands over what later files say.
    """

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("bank transfer")
        DIRECT_DEBIT = "direct_debit", _("direct debit")
        BILL = "bill", _("bill of exchange")
        CARD = "card", _("card")
        CHEQUE = "cheque", _("cheque")
        CASH = "cash", _("cash")
        SET_OFF = "set_off", _("set-off")
        OTHER = "other", _("other means")

    invoice = models.OneToOneField(Invoice, on_delete=models.CASCADE, primary_key=True, related_name="settlement")
    method = models.CharField(max_length=12, choices=Method.choices, blank=True)
    presented_on = models.DateField(null=True)
    factor = models.CharField(max_length=200, blank=True)
    assigned_on = models.DateField(null=True)
    is_progress_claim = models.BooleanField(default=False)
    retention_minor = models.BigIntegerField(null=True)
    retention_until = models.DateField(null=True)
    service_code = models.CharField(max_length=100, blank=True)
    not_before = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=8, default="file")
    posting = models.ForeignKey(Posting, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(retention_minor__isnull=True) | Q(retention_minor__gt=0), name="retention_is_positive"
            ),
        ]


class Correction(Owned):
    """That a credit note says which invoice it corrects, by its number: either may come first."""

    credit_note = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="corrections", db_index=False)
    number = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["credit_note", "number"], name="correction_once")]
        indexes = [models.Index(fields=["creditor", "number"], name="correction_by_number")]


class SupplierAccount(Owned):
    """What the creditor owes to a customer who is a supplier too, as its ledger has it: the two debts may be set off.

    `reviewed_minor` is the balance that a person looked at and set aside; another balance is a new question.
    """

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="supplier")
    account = models.CharField(max_length=20)
    reference = models.CharField(max_length=60, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    balance_minor = models.BigIntegerField()
    on = models.DateField()
    reviewed_minor = models.BigIntegerField(null=True)
    posting = models.ForeignKey(Posting, null=True, on_delete=models.PROTECT, related_name="+")


class Payment(Owned):
    """Money received, or an entry of the accountant that settles as money does."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="payments", db_index=False)
    received_on = models.DateField()
    currency = models.CharField(max_length=3, default="EUR")
    amount_minor = models.BigIntegerField()
    label = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    account = models.CharField(max_length=20, blank=True)
    origin = models.CharField(max_length=12, default="payment")
    exhausted_on = models.DateField(null=True)
    source_key = models.CharField(max_length=64)
    posting = models.ForeignKey(Posting, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creditor", "source_key"], name="payment_once_by_source"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_is_positive"),
        ]
        indexes = [models.Index(fields=["customer", "received_on"], name="payment_by_customer")]


class Allocation(Owned):
    """The part of a payment or of a credit note that is set against one invoice, as the accountant has it."""

    BASES: ClassVar = (
        ("lettering", _("lettered by the accountant")), ("reference", _("by its reference")),
        ("exact_amount", _("by its exact amount")), ("oldest_first", _("presumed: oldest first")), ("hand", _("by hand")),
        ("bank", _("matched from the bank")),
    )  # fmt: skip

    payment = models.ForeignKey(Payment, null=True, on_delete=models.CASCADE, related_name="allocations")
    credit_note = models.ForeignKey(Invoice, null=True, on_delete=models.CASCADE, related_name="credits_given")
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="allocations")
    amount_minor = models.BigIntegerField()
    allocated_on = models.DateField()
    basis = models.CharField(max_length=12, choices=BASES)
    posting = models.ForeignKey(Posting, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="allocation_is_positive"),
            models.CheckConstraint(
                condition=Q(payment__isnull=True) ^ Q(credit_note__isnull=True), name="allocation_has_one_source"
            ),
            models.CheckConstraint(
                condition=Q(credit_note__isnull=True) | ~Q(credit_note=F("invoice")),
                name="a_credit_note_does_not_pay_itself",
            ),
        ]
        indexes = [models.Index(fields=["creditor", "allocated_on"], name="allocation_by_day")]


class Charge(Owned):
    """Late-payment interest, the fixed indemnity or costs on an invoice, outside account 411.

    A row is in one state. What is paid in part is split: the part points to the row that it was taken from. A waiver
    without a reason is the creditor's setting, because the principal was settled.
    """

    class State(models.TextChoices):
        ACCRUED = "accrued", _("accrued")
        CLAIMED = "claimed", _("claimed")
        WAIVED = "waived", _("waived")
        PAID = "paid", _("paid")

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="charges")
    kind = models.CharField(
        max_length=14,
        choices=(
            ("late_interest", _("late-payment interest")),
            ("indemnity", _("fixed indemnity")),
            ("cost", _("costs")),
        ),
    )
    state = models.CharField(max_length=8, choices=State.choices)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    from_on = models.DateField(null=True)
    until_on = models.DateField()
    article = models.CharField(max_length=120)
    claimed_on = models.DateField(null=True)
    settled_on = models.DateField(null=True)
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="charges")
    part_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"],
                condition=Q(kind="indemnity", part_of__isnull=True),
                name="one_indemnity_an_invoice",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="charge_is_positive"),
            models.CheckConstraint(
                condition=Q(state="paid", payment__isnull=False) | (~Q(state="paid") & Q(payment__isnull=True)),
                name="a_paid_charge_has_its_payment",
            ),
        ]


class RecoveryCost(Owned):
    """What collecting one invoice cost, proved by a document; only the excess over the fixed indemnity may be claimed."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="recovery_costs")
    incurred_on = models.DateField()
    amount_minor = models.BigIntegerField()
    label = models.CharField(max_length=120)
    document_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="recovery_cost_is_positive"),
        ]
