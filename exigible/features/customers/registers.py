"""Completes customers from the company register: what an account lacks is filled, what differs is only proposed."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_customers
from exigible.books.ledger.models import Customer
from exigible.books.ledger.posting_einvoices import folded
from exigible.features.customers.models import CompanyRecord
from exigible.features.customers.operations import change_customer, facts_changed
from exigible.formats.company import CompanyRow

KEPT = (
    "siren", "name", "siret", "legal_form", "address", "postcode", "city", "activity", "vat", "is_active", "created_on",
    "closed_on", "known_on", "is_public_body", "buyer", "is_sole_trader", "directors", "years",
)  # fmt: skip
FORMS = re.compile(r"\b(?:sarl|sas|sasu|eurl|sa|sci|snc|scop|selarl|ei|eirl|ste|societe|ets|etablissements)\b")


@dataclass(slots=True)
class Kept:
    """What an answer of the register did: customers by what became of them, and companies that nobody is."""

    completed: int = 0
    noted: int = 0
    unchanged: int = 0
    proposed: int = 0
    strangers: int = 0


class Difference(NamedTuple):
    """A fact that the account and the register state otherwise: a name of CUSTOMER_FIELDS, both values."""

    field: str
    ours: str
    theirs: str


def siren_of_customer(siren: str, vat: str) -> str:
    """The SIREN of a customer: its own, that of its SIRET, or that within a French VAT number; empty without one."""
    digits = re.sub(r"\D", "", siren)[:9]
    if len(digits) == 9:
        return digits
    number = re.sub(r"\s", "", vat).upper()
    return number[4:] if re.fullmatch(r"FR[0-9A-Z]{2}\d{9}", number) else ""


def vat_of_siren(siren: str) -> str:
    """The French VAT number that belongs to a SIREN."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def customers_by_siren(creditor: Creditor) -> dict[str, list[int]]:
    """The customers of each SIREN; one merged into another stands for that one. One query."""
    rows = Customer.objects.of(creditor).exclude(siren="", vat_number="").order_by("id")
    found: dict[str, dict[int, None]] = defaultdict(dict)
    for key, kept, siren, vat in rows.values_list("id", "merged_into", "siren", "vat_number").iterator():
        if number := siren_of_customer(siren, vat):
            found[number][kept or key] = None
    return {number: list(keys) for number, keys in found.items()}


def customers_by_name(creditor: Creditor, postcodes: Iterable[str]) -> dict[tuple[str, str], list[int]]:
    """The customers without a number, by plain name and postcode: a likeness, which a person confirms."""
    rows = Customer.objects.of(creditor).filter(merged_into__isnull=True, siren="", vat_number="")
    rows = rows.filter(postcode__in={code for code in postcodes if code})
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for key, name, postcode in rows.order_by("id").values_list("id", "name", "postcode"):
        found[plain_name(name), postcode].append(key)
    return found


def plain_name(name: str) -> str:
    """A name without its legal form, case and marks."""
    return " ".join(FORMS.sub(" ", folded(name)).split())


@transaction.atomic
def keep_companies(
    creditor: Creditor, companies: Sequence[CompanyRow], *, source: str, today: date, at: datetime, digest: str = "",
    actor: str = SYSTEM,
) -> Kept:  # fmt: skip
    """Keep what the register says beside each customer that it names; what an account lacks is filled from it.

    A company known by no number is matched by name and postcode, only where one is like one, and waits for a person.
    """
    told = Kept()
    by_siren = customers_by_siren(creditor)
    by_name = customers_by_name(creditor, (row.postcode for row in companies))
    likenesses: dict[tuple[str, str], list[CompanyRow]] = defaultdict(list)
    keys = {key for row in companies for key in by_siren.get(row.siren, ())}
    keys |= {key for row in companies for key in by_name.get((plain_name(row.name), row.postcode), ())}
    lock_customers(keys)
    for row in companies:
        owners = by_siren.get(row.siren, [])
        for key in owners:
            outcome = _keep(creditor, key, row, True, source=source, digest=digest, today=today, at=at, actor=actor)
            setattr(told, outcome, getattr(told, outcome) + 1)
        if not owners:
            likenesses[plain_name(row.name), row.postcode].append(row)
    for likeness, rows in likenesses.items():
        owners = by_name.get(likeness, [])
        if len(rows) == len(owners) == 1 and likeness[0]:
            is_new = _keep(
                creditor, owners[0], rows[0], False, source=source, digest=digest, today=today, at=at, actor=actor
            )
            told.proposed += is_new != "unchanged"
            told.unchanged += is_new == "unchanged"
        else:
            told.strangers += len(rows)
    return told


def _keep(
    creditor: Creditor, customer_id: int, row: CompanyRow, is_confirmed: bool, *, source: str, digest: str, today: date,
    at: datetime, actor: str,
) -> str:  # fmt: skip
    """Keep one company beside one customer; says which counter of `Kept` that moves."""
    facts = facts_json(row)
    known = CompanyRecord.objects.filter(customer_id=customer_id).first()
    if known is not None and known.facts_json == facts and known.is_confirmed >= is_confirmed:
        return "unchanged"
    if known is not None and known.is_confirmed and not is_confirmed:
        return "unchanged"
    stays_seen = known.seen_on if known and known.is_active is False and row.is_active is False else None
    saved, _created = CompanyRecord.objects.update_or_create(
        customer_id=customer_id,
        defaults={
            "creditor": creditor, "siren": row.siren, "facts_json": facts, "is_active": row.is_active, "closed_on": row.closed_on,
            "is_confirmed": is_confirmed, "source": source, "document_digest": digest, "known_on": row.known_on, "kept_on": today,
            "seen_on": stays_seen,
        },
    )  # fmt: skip
    customer = Customer.objects.select_related("creditor").get(pk=customer_id)
    payload = {
        "siren": row.siren,
        "is_active": row.is_active,
        "confirmed": is_confirmed,
        "source": source,
        "document": digest,
    }
    record("register.noted", customer, payload, on=today, at=at, actor=actor)
    if not is_confirmed:
        return "proposed"
    return "completed" if fill(customer, saved, today=today, at=at, actor=actor) else "noted"


def facts_json(row: CompanyRow) -> str:
    """The facts of a company as they are kept."""
    kept = {name: getattr(row, name) for name in KEPT}
    kept["years"] = [year._asdict() for year in row.years]
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, default=str)


def stated(facts: Mapping[str, Any]) -> dict[str, str]:
    """What the register states of the columns of a customer; a director or a turnover is none of them."""
    kind = "public_body" if facts.get("is_public_body") else "business" if facts.get("legal_form") else ""
    values = {
        "name": facts.get("name"), "siren": facts.get("siren"), "vat_number": facts.get("vat"), "kind": kind,
        "buyer": facts.get("buyer"), "address": facts.get("address"), "postcode": facts.get("postcode"), "city": facts.get("city"),
    }  # fmt: skip
    return {name: str(value) for name, value in values.items() if value}


def fill(customer: Customer, kept: CompanyRecord, *, today: date, at: datetime, actor: str = SYSTEM) -> bool:
    """Fill what the account lacks: number, address. A kind that is unknown is proposed, never set."""
    theirs, filled = stated(kept.facts), dict[str, str]()
    for name in ("siren", "vat_number"):
        if not getattr(customer, name) and theirs.get(name):
            filled[name] = theirs[name]
    if not (customer.address or customer.postcode or customer.city):
        filled |= {name: theirs[name] for name in ("address", "postcode", "city") if name in theirs}
    if customer.kind == "unknown" and theirs.get("kind") and customer.kind_proposed != theirs["kind"]:
        filled["kind_proposed"] = theirs["kind"]
    if not customer.buyer and theirs.get("buyer") and "public_body" in (customer.kind, theirs.get("kind")):
        filled["buyer"] = theirs["buyer"]
    if not filled:
        return False
    sizes = {name: getattr(Customer._meta.get_field(name), "max_length", None) for name in filled}
    filled = {name: value[: sizes[name]] for name, value in filled.items()}
    Customer.objects.filter(pk=customer.pk).update(**filled)
    record("customer.completed", customer, {"filled": filled, "source": kept.source}, on=today, at=at, actor=actor)
    facts_changed(customer, today, at, actor)
    return True


def differences(customer: Customer, kept: CompanyRecord) -> list[Difference]:
    """What the account and the register state otherwise; an address counts as one fact."""
    theirs = stated(kept.facts)
    found = []
    for name in ("name", "siren", "vat_number", "kind", "buyer"):
        ours, other = str(getattr(customer, name)), theirs.get(name, "")
        known = "" if ours == "unknown" else ours
        same = plain_name(ours) == plain_name(other) if name == "name" else known.startswith(other)
        if other and not same and (known or name == "kind"):
            found.append(Difference(name, ours, other))
    ours, other = _one_line(customer.address, customer.postcode, customer.city), _address(theirs)
    if other and ours and folded(ours) != folded(other):
        found.append(Difference("address", ours, other))
    return found


def _one_line(*parts: str) -> str:
    return " ".join(" ".join(parts).split())


def _address(theirs: Mapping[str, str]) -> str:
    return _one_line(theirs.get("address", ""), theirs.get("postcode", ""), theirs.get("city", ""))


@transaction.atomic
def take_over(kept: CompanyRecord, fields: Iterable[str], *, today: date, at: datetime, actor: str = SYSTEM) -> bool:
    """Let the register's facts replace those of the account, the fields that a person chose; as a change by hand."""
    theirs, changes = stated(kept.facts), dict[str, str]()
    allowed = {each.field for each in differences(kept.customer, kept)}
    for name in set(fields) & allowed:
        names = ("address", "postcode", "city") if name == "address" else (name,)
        changes |= {each: theirs.get(each, "") for each in names}
    if changes.get("kind") and changes["kind"] != "public_body":
        changes["buyer"] = ""
    return bool(changes) and change_customer(kept.customer, changes, today=today, at=at, actor=actor)


@transaction.atomic
def confirm_company(kept: CompanyRecord, is_it: bool, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """A person says that the company found by its name is the customer (its number is then kept), or that it is not."""
    customer = kept.customer
    lock_customers([customer.pk])
    payload = {"siren": kept.siren, "confirmed": is_it, "source": kept.source, "document": kept.document_digest}
    record("register.noted", customer, payload, on=today, at=at, actor=actor)
    if not is_it:
        CompanyRecord.objects.filter(pk=kept.pk).delete()
        return
    CompanyRecord.objects.filter(pk=kept.pk).update(is_confirmed=True)
    fill(customer, kept, today=today, at=at, actor=actor)


@transaction.atomic
def note_closed(kept: CompanyRecord, *, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """A person has taken note that the company is closed: it leaves the list of the day, the mark on the account stays."""
    if CompanyRecord.objects.filter(pk=kept.pk, seen_on__isnull=True).update(seen_on=today):
        payload = {"siren": kept.siren, "is_active": kept.is_active, "seen": True, "source": kept.source}
        record("register.noted", kept.customer, payload, on=today, at=at, actor=actor)
