"""Gathers all that may explain movements, in a few queries whatever their number: debtors, their open items, who pays for whom."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db.models import Max, QuerySet, Sum

from exigible.books.cases.models import ExpectedPayment, Hold
from exigible.books.creditors.models import Creditor
from exigible.books.ledger.models import Allocation, Charge, Customer, Invoice
from exigible.common.bulk import as_day, known_day, plain_rows
from exigible.core.matching import Candidates, Clues, Debtor, OpenItem, name_key
from exigible.core.matching.names import likeness, name_words
from exigible.core.matching.payers import LIKE
from exigible.core.matching.text import plain_text
from exigible.features.bank.models import Payer
from exigible.features.bank.numbers import invoices_of_keys

ITEM = (
    "id", "customer_id", "kind", "number", "issued_on", "due_on", "currency", "total_minor", "order_reference", "settled_on",
)  # fmt: skip
SETTLED_LATELY = timedelta(days=90)
MOST_OF_AMOUNT = 36  # more items of one amount tell nothing of it
MOST_OF_NAME = 12
SIGNS = str.maketrans(dict.fromkeys("-'./&,()+:;_\"", " "))  # what stands between the words of a name


class Gathering:
    """What is known of a creditor's customers, read as far as movements ask for it; nothing is read twice."""

    def __init__(self, creditor: Creditor) -> None:
        self.creditor = creditor
        self.items: dict[int, OpenItem] = {}
        self.debtors: dict[int, Debtor] = {}
        self.whole: set[int] = set()  # customers of whom all open items are read

    def candidates(self) -> Candidates:
        """All that was read, to be looked up."""
        return Candidates(self.debtors, self.items.values(), whole=self.whole)

    def add_named(self, told: Sequence[Clues]) -> None:
        """Add what movements name: invoices by their numbers, customers by account or code with all that they have open."""
        hits = invoices_of_keys(self.creditor, {key for each in told for key in each.keys})
        self._add(
            Invoice.objects.filter(pk__among={pk for ids in hits.values() for pk in ids}, settled_on__isnull=True)
        )
        self.add_whole(self._by_account(told) | self._by_code(told))

    def add_likely(self, told: Sequence[Clues]) -> None:
        """Add, for movements that are not explained for sure, customers of such a name and invoices of that amount.

        Of customers with a like name, or whose invoice may be named, all that is open is added, and what was settled lately.
        """
        hits = invoices_of_keys(self.creditor, {key for each in told for key in each.keys})
        named = Invoice.objects.of(self.creditor).filter(pk__among={pk for ids in hits.values() for pk in ids})
        customers = set(named.values_list("customer_id", flat=True)) | self._by_name(told) | self._by_payer_name(told)
        self.add_whole(customers)
        self._add_settled(customers)
        amounts: dict[int, list[int]] = defaultdict(list)
        rows = Invoice.objects.of(self.creditor).filter(
            settled_on__isnull=True, total_minor__among={each.amount_minor for each in told}
        )
        for pk, minor in plain_rows(rows.values_list("id", "total_minor")):
            amounts[minor].append(pk)
        alike = {pk for ids in amounts.values() if len(ids) <= MOST_OF_AMOUNT for pk in ids}
        self._add(Invoice.objects.filter(pk__among=alike - self.items.keys()))

    def names_of(self, customers: set[int]) -> dict[int, str]:
        """The names of customers."""
        self._add_debtors(customers)
        return {key: self.debtors[key].name for key in customers}

    def add_whole(self, customers: Iterable[int]) -> None:
        """Add customers with all that they have open."""
        asked = self._kept(customers) - self.whole
        self.whole |= asked
        self._add(Invoice.objects.filter(customer_id__among=asked, settled_on__isnull=True))
        self._add_debtors(asked)

    def _add(self, rows: QuerySet[Invoice]) -> None:
        """Add open items and their debtors, with what is left of each, retained, or claimed beside it."""
        found = [
            row
            for row in plain_rows(rows.filter(creditor=self.creditor).values_list(*ITEM))
            if row[0] not in self.items
        ]
        if not found:
            return
        ids = [row[0] for row in found]
        used, retained, charges = _used(ids), _retained(ids), _charges(ids)
        for pk, customer, kind, number, issued, due, currency, total, order, _settled in found:
            self.items[pk] = OpenItem(
                pk, customer, kind, number, known_day(issued), as_day(due), currency, max(0, total - used.get(pk, 0)), total,
                order_reference=order, retention_minor=retained.get(pk, 0),
                interest_minor=charges.get((pk, "late_interest"), 0), indemnity_minor=charges.get((pk, "indemnity"), 0),
            )  # fmt: skip
        self._add_debtors({row[1] for row in found})

    def _add_settled(self, customers: set[int]) -> None:
        """Add what was settled lately: it explains an invoice that is paid twice."""
        rows = Invoice.objects.of(self.creditor).filter(customer_id__among=customers, settled_on__isnull=False)
        last = rows.aggregate(last=Max("settled_on"))["last"]
        if last is None:
            return
        lately = rows.filter(settled_on__gte=last - SETTLED_LATELY)
        for pk, customer, kind, number, issued, due, currency, total, order, settled in plain_rows(
            lately.values_list(*ITEM)
        ):
            self.items[pk] = OpenItem(
                pk, customer, kind, number, known_day(issued), as_day(due), currency, 0, total, order_reference=order,
                settled_on=as_day(settled),
            )  # fmt: skip

    def _add_debtors(self, customers: Iterable[int]) -> None:
        asked = set(customers) - self.debtors.keys()
        if not asked:
            return
        expected: dict[int, list[tuple[int, date]]] = defaultdict(list)
        awaited = ExpectedPayment.objects.of(self.creditor).filter(customer_id__among=asked, ended_on__isnull=True)
        for key, minor, on in awaited.values_list("customer_id", "amount_minor", "on"):
            expected[key].append((minor, on))
        accounts: dict[int, set[str]] = defaultdict(set)
        names: dict[int, set[str]] = defaultdict(set)
        merged: dict[int, int] = {}
        for pk, kept, name in Customer.objects.filter(merged_into__among=asked).values_list(
            "id", "merged_into", "name"
        ):
            merged[pk] = kept
            names[kept].add(name)
        payers = Payer.objects.of(self.creditor).filter(customer_id__among=asked | merged.keys())
        for key, account, name in payers.values_list("customer_id", "account", "name"):
            accounts[merged.get(key, key)] |= {account} - {""}
            names[merged.get(key, key)] |= {name} - {""}
        rows = Customer.objects.of(self.creditor).filter(pk__among=asked)
        for pk, name, reference, siren, country in plain_rows(
            rows.values_list("id", "name", "reference", "siren", "country")
        ):
            self.debtors[pk] = Debtor(
                pk, name, reference, siren, country, frozenset(accounts.get(pk, ())), frozenset(names.get(pk, ())),
                tuple(expected.get(pk, ())),
            )  # fmt: skip

    def _kept(self, customers: Iterable[int]) -> set[int]:
        """Customers, those merged into others replaced by these."""
        ids = set(customers)
        merged = Customer.objects.filter(pk__among=ids, merged_into__isnull=False).values_list("id", "merged_into")
        replaced = {pk: kept for pk, kept in merged if kept is not None}
        return {replaced.get(pk, pk) for pk in ids}

    def _by_account(self, told: Iterable[Clues]) -> set[int]:
        accounts = {each.account for each in told} - {""}
        rows = Payer.objects.of(self.creditor).filter(account__among_texts=accounts)
        return set(rows.values_list("customer_id", flat=True))

    def _by_code(self, told: Iterable[Clues]) -> set[int]:
        words = {word for each in told for word in each.order_words}
        rows = Customer.objects.of(self.creditor).filter(reference__among_texts=words)
        return set(rows.values_list("pk", flat=True))

    def _by_payer_name(self, told: Iterable[Clues]) -> set[int]:
        """The customers for whom a payer of just these words is confirmed."""
        payers = {name_words(each.payer) for each in told if each.payer}
        words = {word for payer in payers for word in payer}
        rows = plain_rows(Payer.objects.of(self.creditor).exclude(name="").values_list("customer_id", "name"))
        alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for customer, name in rows:
            if _may_share(name, words) and name_words(name) in payers:
                alike[name_words(name)].append(customer)
        return {customer for found in alike.values() if len(found) <= MOST_OF_NAME for customer in found}

    def _by_name(self, told: Iterable[Clues]) -> set[int]:
        """The customers whose names are most like those of payers."""
        asked: dict[str, set[str]] = defaultdict(set)
        for each in told:
            if each.name_key:
                asked[each.name_key].add(each.payer)
        words = {word for key in asked for word in key.split()}
        rows = plain_rows(Customer.objects.of(self.creditor).values_list("id", "name"))
        alike: dict[str, list[tuple[float, int]]] = defaultdict(list)
        for pk, name in rows:
            if _may_share(name, words):
                for payer in asked.get(name_key(name), ()):
                    like = likeness(payer, name)
                    if like >= LIKE:
                        alike[payer].append((-like, pk))
        return {pk for found in alike.values() for _like, pk in sorted(found)[:MOST_OF_NAME]}


def _may_share(name: str, words: set[str]) -> bool:
    """Whether a name may have one of these words: most names are told apart so, without a closer look."""
    return not words.isdisjoint(plain_text(name).translate(SIGNS).split())


def _used(ids: Sequence[int]) -> dict[int, int]:
    """What allocations take of invoices and credit notes."""
    used: dict[int, int] = {}
    for column in ("invoice_id", "credit_note_id"):
        rows = Allocation.objects.filter(**{f"{column}__among": ids}).order_by().values_list(column)
        for pk, minor in rows.annotate(used=Sum("amount_minor")):
            used[pk] = used.get(pk, 0) + int(minor)
    return used


def _retained(ids: Sequence[int]) -> dict[int, int]:
    """What is not to be claimed yet of invoices, by contract."""
    rows = Hold.objects.filter(invoice_id__among=ids, reason=Hold.Reason.NOT_YET, released_on__isnull=True)
    sums = rows.exclude(amount_minor=None).order_by().values_list("invoice_id")
    return {pk: int(minor) for pk, minor in sums.annotate(sum=Sum("amount_minor"))}


def _charges(ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """What was claimed of interest and indemnity and is unpaid, by invoice and kind."""
    rows = Charge.objects.filter(invoice_id__among=ids, state=Charge.State.CLAIMED)
    sums = rows.order_by().values_list("invoice_id", "kind").annotate(sum=Sum("amount_minor"))
    return {(pk, kind): int(minor) for pk, kind, minor in sums}
