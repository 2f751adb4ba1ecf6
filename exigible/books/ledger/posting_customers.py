"""Customers and contacts of a file: new ones, and what the file completes without touching what a person did."""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from exigible.books.journal.models import GENESIS, Event, EventPayload
from exigible.books.ledger.models import Contact, Customer
from exigible.books.ledger.posting_records import Work, lookups
from exigible.common.bulk import insert_rows, reserve_ids, update_rows
from exigible.core.kinds import propose_kind
from exigible.formats.rows import CustomerRow

COLUMNS = (
    "name", "kind", "kind_proposed", "buyer", "language", "country", "siren", "vat_number", "address", "postcode", "city", "terms",
    "is_doubtful",
)  # fmt: skip
FIXED = {"segment": "new", "segment_is_manual": False, "is_excluded": False, "chain_number": 0, "chain_hash": GENESIS}
CONTACT = ("name", "role", "email", "phone", "language")
SIZES = {"name": 300, "siren": 14, "vat_number": 20, "postcode": 12, "city": 80, "terms": 40}
CONTACT_SIZES = {"name": 120, "role": 80, "email": 254, "phone": 40, "language": 2}
LONGEST_REFERENCE = 60
VAT_NUMBER = re.compile(r"[A-Z]{2}[0-9A-Z+*]{6,13}")
PLAUSIBLE = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}")
Values = dict[str, Any]


def post_customers(work: Work) -> None:
    """Make the customers of a file known: `work.customer_ids` by key, `work.terms` by id."""
    rows = {row.key: row for row in work.reading.customers}
    references = {key: reference_of(key) for key in rows}
    known: dict[str, tuple[int, Values]] = {}
    for some in lookups(references.values()):
        found = Customer.objects.of(work.creditor).filter(reference__in=some).values_list("reference", "id", *COLUMNS)
        for reference, pk, *values in found:
            known[reference] = (pk, dict(zip(COLUMNS, values, strict=True)))
    by_hand = fields_by_hand(pk for pk, _ in known.values())
    new = [key for key in rows if references[key] not in known]
    for key, pk in zip(new, reserve_ids(Customer, len(new)) if new else (), strict=True):
        work.customer_ids[key] = pk
        work.new_customers.add(pk)
    _insert(work, [(work.customer_ids[key], references[key], _values(work, rows[key], None)) for key in new])
    changed: dict[int, Values] = {}
    for key, row in rows.items():
        if references[key] in known:
            pk, old = known[references[key]]
            work.customer_ids[key] = pk
            values = _completed(work, row, old, by_hand.get(pk, ""))
            if values != old:
                changed[pk] = values
                _change(work, pk, old, values)
            work.terms[pk] = values["terms"]
    update_rows(Customer, COLUMNS, [(*values.values(), pk) for pk, values in changed.items()])
    changed_contacts = _post_contacts(work, rows, by_hand)
    work.report.updated["customers"] += len(changed.keys() | changed_contacts)
    work.report.unchanged += len(rows) - len(new) - len(changed.keys() | changed_contacts)


def reference_of(key: str) -> str:
    """The key as the books keep it; one too long is cut and told apart by its digest."""
    if len(key) <= LONGEST_REFERENCE:
        return key
    return f"{key[:43]}~{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def fields_by_hand(customer_ids: Iterable[int]) -> dict[int, str]:
    """What people changed of customers and contacts: by customer, the events' text, in which a field's name is quoted."""
    found: dict[int, str] = {}
    for some in lookups(customer_ids):
        events = Event.objects.filter(customer_id__in=some, kind__in=("customer.changed", "contact.changed"))
        told = {
            pk: (customer, kind) for pk, customer, kind in events.values_list("id", "customer_id", "kind") if customer
        }
        bodies = dict(EventPayload.objects.filter(event_id__in=told).values_list("event_id", "body"))
        for pk, (customer, kind) in told.items():
            found[customer] = f"{found.get(customer, '')} {kind} {bodies.get(pk, '')}"
    return found


def _values(work: Work, row: CustomerRow, old: Values | None) -> Values:
    """The columns of a customer as its file states them; empty where it says nothing."""
    doubtful = work.reading.facts.get("doubtful")
    is_doubtful = row.key in doubtful if isinstance(doubtful, list) else bool(old and old["is_doubtful"])
    country = country_code(row.country)
    values: Values = {
        "name": row.name or row.key,
        "kind": row.kind,
        "kind_proposed": "",
        "buyer": row.buyer,
        "language": _language(row.language),
        "country": country,
        "siren": row.siren,
        "vat_number": row.vat if VAT_NUMBER.fullmatch(row.vat) else "",
        "address": "\n".join(line for line in row.address_lines if line),
        "postcode": row.postcode,
        "city": row.city,
        "terms": row.terms,
        "is_doubtful": is_doubtful,
    }
    for name, size in SIZES.items():
        values[name] = values[name][:size]
    if old is None:
        values["language"] = values["language"] or work.creditor.language
        values["country"] = values["country"] or work.creditor.country
        _propose(values)
    return values


def _completed(work: Work, row: CustomerRow, old: Values, by_hand: str) -> Values:
    """The books' columns with those that the file states, except what a person changed."""
    stated = _values(work, row, old)
    values = dict(old)
    for name, value in stated.items():
        is_stated = value not in ("", None) and not (name == "kind" and value == "unknown")
        if is_stated and not (f'"{name}"' in by_hand and "customer.changed" in by_hand):
            values[name] = value
    if row.name in ("", row.key) and old["name"]:
        values["name"] = old["name"]
    _propose(values)
    return values


def _propose(values: Values) -> None:
    proposal = propose_kind(values["name"], values["siren"], values["vat_number"])
    values["kind_proposed"] = proposal.kind if values["kind"] == "unknown" else ""
    if not values["buyer"] and "public_body" in (values["kind"], values["kind_proposed"]):
        values["buyer"] = proposal.buyer


def _insert(work: Work, rows: list[tuple[int, str, Values]]) -> None:
    columns = ("id", "creditor_id", "posting_id", "reference", *COLUMNS, *FIXED)
    insert_rows(
        Customer,
        columns,
        [(pk, work.creditor.pk, work.posting.pk, ref, *values.values(), *FIXED.values()) for pk, ref, values in rows],
    )
    for pk, _reference, values in rows:
        work.terms[pk] = values["terms"]
        work.touch(pk)
    work.report.created["customers"] += len(rows)


def _change(work: Work, pk: int, old: Values, values: Values) -> None:
    work.update(Customer, pk, {name: value for name, value in old.items() if values[name] != value})
    work.touch(pk)
    if values["terms"] != old["terms"]:
        work.terms_changed.add(pk)


def _post_contacts(work: Work, rows: dict[str, CustomerRow], by_hand: dict[int, str]) -> set[int]:
    """The main contact of each customer: made, or completed while no person changed it. Returns the customers changed."""
    stated = {work.customer_ids[key]: _contact(row) for key, row in rows.items()}
    stated = {pk: values for pk, values in stated.items() if any(values.values())}
    known: dict[int, tuple[int, Values]] = {}
    for some in lookups(pk for pk in stated if pk not in work.new_customers):
        mains = Contact.objects.filter(customer_id__in=some, is_main=True).values_list("customer_id", "id", *CONTACT)
        known.update({pk: (contact, dict(zip(CONTACT, values, strict=True))) for pk, contact, *values in mains})
    fresh, changed = [], []
    for pk, values in stated.items():
        email = values["email"]
        bad = bool(email) and not (email.isascii() and PLAUSIBLE.fullmatch(email))
        if "contact.changed" in by_hand.get(pk, ""):
            continue
        if pk not in known:
            fresh.append((work.creditor.pk, work.posting.pk, pk, *values.values(), bad, True, ""))
            continue
        contact, old = known[pk]
        filled = {name: value or old[name] for name, value in values.items()}
        if filled != old:
            is_bad = Contact.objects.values_list("email_is_bad", flat=True).get(pk=contact)
            work.update(Contact, contact, old | {"email_is_bad": is_bad})
            changed.append((*filled.values(), bad if filled["email"] != old["email"] else is_bad, contact))
            work.touch(pk)
    columns = ("creditor_id", "posting_id", "customer_id", *CONTACT, "email_is_bad", "is_main", "copied_from_step")
    insert_rows(Contact, columns, fresh)
    update_rows(Contact, (*CONTACT, "email_is_bad"), changed)
    found = {row[2] for row in fresh if row[2] not in work.new_customers}
    for pk in found:
        work.touch(pk)
    return found | {pk for pk in known if any(row[-1] == known[pk][0] for row in changed)}


def _contact(row: CustomerRow) -> Values:
    told = {"name": row.contact_name, "role": row.contact_role, "email": row.email, "phone": row.phone}
    values: Values = {name: value[: CONTACT_SIZES[name]] for name, value in told.items()}
    return values | {"language": _language(row.language) if any(told.values()) else ""}


def _language(text: str) -> str:
    """The language in which we write to a customer: its own when it is French or English, else English."""
    return "" if not text else text[:2] if text[:2] in ("fr", "en") else "en"


@lru_cache(maxsize=512)
def country_code(text: str) -> str:
    """The code of a country given by its code or by its name in French or English; empty for anything else."""
    plain = text.strip()
    if not plain:
        return ""
    names = _country_names()
    if len(plain) == 2 and plain.upper() in names.values():
        return plain.upper()
    return names.get(plain.casefold(), "")


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    from babel import Locale  # late: its data is only needed by files that name countries

    names = {}
    for language in ("en", "fr"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names[name.casefold()] = code
    return names | {"uk": "GB", "angleterre": "GB", "england": "GB", "usa": "US", "fra": "FR"}
