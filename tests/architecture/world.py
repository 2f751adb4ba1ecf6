"""A small world with one of each, so that every page of the staff site has something to show."""

from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from exigible.books.cases.limitation_events import record_limitation_event
from exigible.books.cases.operations import hold_case
from exigible.books.creditors.api_tokens import make_token
from exigible.books.documents.models import Evidence
from exigible.books.documents.operations import attach_to_invoice, store_document
from exigible.books.ledger.costs import record_cost
from exigible.books.ledger.models import Allocation, Charge
from exigible.books.policies.models import RateAdded
from exigible.features.bank.tests.world import bank_of
from exigible.features.imports.operations import start_import
from exigible.features.insolvency.tests.world import registered
from exigible.features.messages.compose import render_waiting
from exigible.features.promises.operations import Given, make_promise
from exigible.testing import House, atelier_lumen

OUTSIDE = ("accounts/", "static/", "api/")  # exigible/entrypoints/api/tests crawls the last
WORDS: dict[str, object] = {
    "number": 1,
    "version": 1,
    "kind": "payment",
    "name": "logo",
    "token": "a-token-that-was-never-made",
    "invoice_kind": "invoice",
}
# What a parameter counts, where its name alone does not say.
MODELS = {
    "rate_id": "policies.rateadded",
    "source_id": "ledger.payment",
    "member_id": "creditors.member",
    "import_id": "imports.import",
    "movement_id": "bank.banktransaction",
    "statement_id": "bank.bankstatement",
}


def full_house() -> House:
    """Atelier Lumen, live, after a day: late, paid in part, held, of each kind, with letters, e-mails and documents."""
    house = atelier_lumen()
    martin = house.customer("Martin", segment="good")
    durand = house.customer("Durand", segment="chronic")
    vire = house.customer("Mairie de Vire", kind="public_body", buyer="local")
    petit = house.customer("Petit", kind="consumer")
    silent = house.customer("Silence", email="")
    house.customer("Sans facture", kind="unknown")
    for customer in (martin, durand, vire, petit, silent):
        for days in (-80, -20, -3, 15):
            house.invoice(customer, 120_050 - days * 100, house.days_from_now(days))
    part = house.invoice(durand, 500_000, house.days_from_now(-12))
    house.pay(durand, 200_000, (part, 200_000))
    house.pay(martin, 30_000)
    credit_note = house.invoice(durand, 10_000, house.days_from_now(-12), kind="credit_note")
    Allocation.objects.create(
        creditor=house.creditor,
        credit_note=credit_note,
        invoice=part,
        amount_minor=5_000,
        allocated_on=house.today,
        basis="hand",
    )
    document = store_document(house.creditor, b"%PDF-1.7 invoice", "invoice.pdf", "application/pdf", house.at)
    attach_to_invoice(part, document, Evidence.Proves.INVOICE, today=house.today, at=house.at)
    record_limitation_event(part, "acknowledgement", house.days_from_now(-2), today=house.today, at=house.at)
    Charge.objects.create(
        creditor=house.creditor, invoice=part, kind="indemnity", state="accrued", currency="EUR", amount_minor=4_000,
        until_on=house.today, article="D441-5",
    )  # fmt: skip
    record_cost(part, 12_550, house.today, "Sommation de payer", document.digest, today=house.today, at=house.at)
    RateAdded.objects.create(
        creditor=house.creditor, series="ecb_mro", since=date(2027, 1, 1), percent="2.65", source="BCE", added_on=house.today,
        added_by=house.people["Alice"],
    )  # fmt: skip
    table = b"Client;N\xc2\xb0 facture;Date facture;Date \xc3\xa9ch\xc3\xa9ance;Montant TTC\r\nLefort;L-1;01/10/2026;31/10/2026;120,00\r\n"
    start_import(house.creditor, "open-invoices.csv", table, house.people["Alice"], house.at)
    make_token(house.creditor, "ERP", "read", house.people["Alice"], today=house.today, at=house.at)
    house.run()
    render_waiting(house.creditor, house.at)
    make_promise(house.case(durand), Given(house.days_from_now(4), 50_000), today=house.today, at=house.at)
    bank_of(house)
    registered(house)
    hold_case(house.case(petit), "paused", house.days_from_now(5), today=house.today, at=house.at)
    house.run(house.today + timedelta(days=1))
    render_waiting(house.creditor, house.at)
    return house


def addresses(resolver: Any = None, prefix: str = "") -> list[tuple[str, URLPattern]]:
    """Each address of the staff site with its pattern, the sign-in library's own left out."""
    found: list[tuple[str, URLPattern]] = []
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if path.startswith(OUTSIDE):
            continue
        if isinstance(entry, URLResolver):
            found += addresses(entry, path)
        else:
            found.append((path, entry))
    return found


def filled(path: str, pattern: URLPattern, house: House) -> str | None:
    """An address with the ids of a creditor's own rows; None when the creditor has no such row."""
    for name, converter in pattern.pattern.converters.items():
        value = WORDS.get(name) if name in WORDS else row_of(name, house)
        if value is None:
            return None
        kind = type(converter).__name__.removesuffix("Converter").lower()
        path = path.replace(f"<{'int' if kind == 'int' else kind.replace('string', 'str')}:{name}>", str(value))
    assert "<" not in path, f"{path}: teach tests/architecture/world.py this parameter"
    return "/" + path


def row_of(name: str, house: House) -> int | None:
    """The id of a creditor's row of the kind that a parameter such as `invoice_id` names."""
    wanted = MODELS.get(name) or name.removesuffix("_id")
    for model in apps.get_models():
        if wanted in (model._meta.label_lower, model._meta.model_name) and model.__module__.startswith("exigible."):
            rows = model._default_manager.filter(creditor=house.creditor)
            found = rows.order_by("pk").values_list("pk", flat=True).first()
            return None if found is None else int(found)
    raise AssertionError(f"no model is called {wanted}: teach tests/architecture/world.py the parameter {name}")
