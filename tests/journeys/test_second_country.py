"""A creditor of an invented country lives its day under that country's law: the same code, another folder of data."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from exigible.core import dates
from exigible.core.law import book
from exigible.features.claims.derivation import derive
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db
HOME = Path(book.__file__).parents[1] / "tests" / "valmark"
PAGES = (
    ("worklist:today", ""), ("customers:page", "customer"), ("claims:page", "invoice"), ("claims:panel", "customer"),
    ("claims:derivation", "invoice"), ("policies:current", ""), ("messages:list", ""),
)  # fmt: skip
CACHED = (
    dates.public_holidays,
    dates.rest_days,
    dates._own_calendar,
)  # the law books stay: they are told apart by identity


@pytest.fixture
def valmark(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A company of Valmark, where only Valmark's folder of data is packaged."""
    monkeypatch.setattr(dates, "DATA", HOME)
    monkeypatch.setattr(book, "DATA", HOME)
    for cached in CACHED:
        cached.cache_clear()
    house = atelier_lumen()
    type(house.creditor).objects.filter(pk=house.creditor.pk).update(country="XV", currency="VUV")
    house.creditor.refresh_from_db()
    yield house
    for cached in CACHED:
        cached.cache_clear()


def test_a_reminder_states_what_that_law_says(valmark: House) -> None:
    customer = valmark.customer("Durand", country="XV")
    invoice = valmark.invoice(customer, 1_000_000, date(2026, 5, 20), currency="VUV")
    valmark.run()
    (message,) = valmark.messages()
    (stated,) = message.facts["invoices"]
    # 11 days at 9.25, 92 at 9.85 and 84 at 10.45 percent, over 360: 52 381.94, of which the part is left out.
    assert (stated["interest"], stated["indemnity"], message.facts["currency"]) == (52_381, 0, "VUV")
    assert derive(invoice, valmark.today).interest_minor == 52_381
    # Nine days between two demands there, five in France.
    assert message.facts["next"]["date"] == "2026-12-02"


def test_its_pages_are_those_of_the_house(valmark: House, client: Client) -> None:
    customer = valmark.customer("Durand", country="XV")
    invoice = valmark.invoice(customer, 1_000_000, date(2026, 5, 20), currency="VUV")
    valmark.run()
    with time_machine.travel(valmark.at, tick=False):
        client.force_login(valmark.people["Alice"])
        for name, key in PAGES:
            keys = {"customer": [customer.pk], "invoice": [invoice.pk]}.get(key)
            assert client.get(reverse(name, args=keys), follow=True).status_code == 200, name
        law = client.get("/settings/law/").content.decode()
    assert "Debts Act 9" in law
    assert "L441-10" not in law
    # The next reading of the bank's rate is a week ahead: it can be added, that of the court cannot yet.
    assert 'value="valmark_bank:2026-12-01"' in law
    assert 'value="valmark_court' not in law
