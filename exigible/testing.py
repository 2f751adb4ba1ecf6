"""The cast: a small named world built by plain functions, used by all tests."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from exigible.books.cases.models import Case
from exigible.books.cases.operations import refresh_customers
from exigible.books.creditors.models import BankAccount, Creditor, MailServer, Member, Role, User
from exigible.books.creditors.operations import set_up_creditor
from exigible.books.ledger.models import Contact, Customer, Invoice, Payment
from exigible.books.ledger.operations import record_payment
from exigible.books.policies.operations import publish_preset
from exigible.daily import run_day
from exigible.features.dunning.models import Action
from exigible.features.outbox.models import Message
from exigible.invariants import broken

MONDAY = date(2026, 11, 23)
PASSWORD = "a long enough password"  # noqa: S105 - of invented people
_numbers = count(1)


def noon(day: date) -> datetime:
    """Return ten in the morning of a day in Paris, when messages may leave."""
    return datetime(day.year, day.month, day.day, 9, 15, tzinfo=UTC)


@dataclass
class House:
    """A creditor with its people, and short ways to give it customers, invoices and days."""

    creditor: Creditor
    today: date
    people: dict[str, User] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        """The instant of the present test day."""
        return noon(self.today)

    def person(self, name: str, role: str) -> User:
        """Let a person work for the creditor."""
        user = User.objects.create_user(f"{name.lower()}@{self.creditor.pk}.example", PASSWORD, name=name)
        Member.objects.create(creditor=self.creditor, user=user, role=role)
        self.people[name] = user
        return user

    def customer(
        self, name: str, kind: str = "business", segment: str = "ordinary", email: str | None = None, **fields: object
    ) -> Customer:
        """Add a customer with one main contact; an e-mail of '' leaves none."""
        number = next(_numbers)
        values = {"address": "12 rue des Forges", "postcode": "69003", "city": "Lyon", **fields}
        phone = str(values.pop("phone", "+33199001234"))
        customer = Customer.objects.create(
            creditor=self.creditor,
            reference=f"C{number:05}",
            name=name,
            kind=kind,
            segment=segment,
            segment_is_manual=True,
            **values,
        )
        address = f"compta{number}@{name.split()[-1].lower()}.example" if email is None else email
        Contact.objects.create(
            creditor=self.creditor,
            customer=customer,
            name=f"Mme {name.split()[-1]}",
            email=address,
            phone=phone,
            is_main=True,
        )
        return customer

    def invoice(
        self,
        customer: Customer,
        total_minor: int,
        due: date | None,
        number: str = "",
        *,
        currency: str = "EUR",
        kind: str = "invoice",
        **fields: Any,
    ) -> Invoice:
        """Add an invoice, issued thirty days before it falls due, and refresh its case."""
        key = next(_numbers)
        issued = due - timedelta(days=30) if due else self.today - timedelta(days=60)
        invoice = Invoice.objects.create(
            creditor=self.creditor, customer=customer, number=number or f"F-{key:04}", issued_on=fields.pop("issued_on", issued), due_on=due,
            currency=currency, kind=kind, total_minor=total_minor, source_key=f"test:{key}", **fields,
        )  # fmt: skip
        refresh_customers(self.creditor, [customer.pk], self.today, self.at)
        return invoice

    def pay(
        self,
        customer: Customer,
        amount_minor: int,
        *shares: tuple[Invoice, int],
        on: date | None = None,
        currency: str = "EUR",
    ) -> Payment:
        """Record a payment and refresh the customer's case."""
        payment = record_payment(
            customer, amount_minor, on or self.today, shares, today=self.today, at=self.at, currency=currency
        )
        refresh_customers(self.creditor, [customer.pk], self.today, self.at)
        return payment

    def refresh(self, customer: Customer) -> None:
        """Make the customer's case follow what a test changed by itself."""
        refresh_customers(self.creditor, [customer.pk], self.today, self.at)

    def run(self, today: date | None = None) -> list[Action]:
        """Run the day and return the actions that it added."""
        self.today = today or self.today
        return list(Action.objects.filter(pk__in=run_day(self.creditor, self.today, self.at)).order_by("id"))

    def broken(self) -> list[str]:
        """Return what does not hold in the books on the present test day."""
        return list(broken(self.creditor, self.today))

    def case(self, customer: Customer) -> Case:
        """Return the customer's latest case."""
        case: Case = Case.objects.filter(customer=customer).latest("id")
        return case

    def messages(self, customer: Customer | None = None) -> list[Message]:
        """Return the messages of a customer, or all, in their order."""
        rows = Message.objects.of(self.creditor).order_by("id")
        return list(rows.filter(customer=customer) if customer else rows)

    def days_from_now(self, days: int) -> date:
        """Return a day counted from the present test day."""
        return self.today + timedelta(days=days)


def atelier_lumen(
    today: date = MONDAY, *, rehearses: bool = False, preset: str = "standard", mail_port: int = 2525
) -> House:
    """Atelier Lumen, live, with Alice (credit manager) and Bob (collector), its bank account and a mail server on loopback."""
    creditor = set_up_creditor(
        f"Atelier Lumen {next(_numbers)}", f"claire{next(_numbers)}@lumen.example", today=today, at=noon(today), address="4 quai de l'Industrie",
        postcode="69009", city="Lyon", legal_form="SAS", siren="000100008", signatory_name="Alice Morel", signatory_role="credit manager",
        signatory_phone="+33 4 65 71 00 10", signatory_email="alice@lumen.example", email="compta@lumen.example", rehearses=rehearses,
    )  # fmt: skip
    publish_preset(creditor, preset, today, noon(today))
    BankAccount.objects.create(creditor=creditor, holder="Atelier Lumen", iban="FR7699999000010000000012337", bic="")
    MailServer.objects.create(
        creditor=creditor, host="127.0.0.1", port=mail_port, security="none", from_address="compta@lumen.example"
    )
    house = House(creditor, today)
    house.person("Alice", Role.MANAGER)
    house.person("Bob", Role.COLLECTOR)
    return house


def brasserie_nord(today: date = MONDAY) -> House:
    """Brasserie Nord, another creditor, with Carole, who must never see Atelier Lumen."""
    creditor = set_up_creditor(
        f"Brasserie Nord {next(_numbers)}", f"jean{next(_numbers)}@nord.example", today=today, at=noon(today)
    )
    publish_preset(creditor, "standard", today, noon(today))
    house = House(creditor, today)
    house.person("Carole", Role.OWNER)
    return house
