"""Settings, Law: what it shows in each language, and the rate that a company adds."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from exigible.books.journal.models import Event
from exigible.books.policies.law import EARLIEST_DAYS, law_book_of
from exigible.books.policies.models import RateAdded
from exigible.core.law.book import law_book
from exigible.core.law.names import UNITS, names_of
from exigible.core.law.periods import next_publication
from exigible.entrypoints.staff.law_figures import Writer
from exigible.features.claims.derivation import derive
from exigible.testing import MONDAY, House, atelier_lumen, brasserie_nord, noon

pytestmark = pytest.mark.django_db
FRANCE, NAMES = law_book("FR"), names_of("FR")
EXPECTED = next_publication(FRANCE, "ecb_mro")


@pytest.fixture
def lumen() -> House:
    return atelier_lumen()


@pytest.fixture
def alice(client: Client, lumen: House) -> Iterator[Client]:
    """Alice at work a month before the next rate holds."""
    with time_machine.travel(noon(EXPECTED - timedelta(days=30)), tick=False):
        client.force_login(lumen.people["Alice"])
        yield client


def typed(percent: str = "2,65 %", series: str = "ecb_mro", since: date = EXPECTED) -> dict[str, str]:
    return {"series": f"{series}:{since}", "percent": percent, "source": "Décision du 17 décembre"}


def test_each_figure_has_a_name_in_both_languages_and_a_unit_that_is_known() -> None:
    assert [(key, missing) for key in FRANCE.figures if (missing := NAMES.unnamed(key))] == []
    for words in NAMES:
        assert {language for said in words.values() for language in ("fr", "en") if not said.get(language)} == set()
    assert {NAMES.unit(key) for key in FRANCE.figures} <= set(UNITS)


def test_a_value_that_is_a_word_is_said_in_words() -> None:
    said = {**NAMES.value, **NAMES.series}
    words = {figure.value for dated in FRANCE.figures.values() for figure in dated if isinstance(figure.value, str)}
    assert {word for word in words if not word.replace(".", "").isdigit()} <= set(said)


@pytest.mark.parametrize(
    ("language", "key", "value"),
    [
        ("fr", "interest.business.margin_points", "10\u00a0points"),
        ("fr", "interest.business.indemnity", "40,00\u00a0€"),
        ("en", "interest.business.indemnity", "€40.00"),
        ("fr", "interest.business.sliding", "oui"),
        ("fr", "interest.business.floor_multiple", "×\u202f3"),
        ("fr", "rates.read_on.ecb_mro", "1er janvier, 1er juillet"),
        ("en", "rates.read_on.ecb_mro", "1 January, 1 July"),
        ("fr", "contact.writing_hours.business", "9\u00a0h–11\u00a0h\u00a030, 14\u00a0h–16\u00a0h\u00a030"),
        ("en", "contact.writing_hours.business", "9:00–11:30, 14:00–16:30"),
        ("fr", "limitation.business.years", "5\u00a0ans"),
    ],
)
def test_a_value_is_written_as_its_reader_writes_it(language: str, key: str, value: str) -> None:
    with translation.override(language):
        assert Writer(FRANCE, NAMES, MONDAY, language).row(key).value == value


def test_a_figure_shows_what_it_was_and_is_that_of_the_day() -> None:
    row = Writer(FRANCE, NAMES, date(2026, 9, 1), "en").row("deadline.payment_order_service.months")
    before = Writer(FRANCE, NAMES, date(2026, 8, 31), "en").row("deadline.payment_order_service.months")
    assert (before.since, before.article) == (date(2013, 1, 1), row.article)
    assert row.since == date(2026, 9, 1)
    assert len(row.others) == len(before.others) == 1


def test_only_what_is_uncertain_is_shown_when_asked(alice: Client) -> None:
    every = alice.get("/settings/law/").content.decode()
    uncertain = alice.get("/settings/law/?sure=uncertain").content.decode()
    assert "établi</span>" in every
    assert "établi</span>" not in uncertain
    assert "incertain</span>" in uncertain
    assert "Prises de contact</h2>" not in alice.get("/settings/law/?group=limitation").content.decode()
    assert alice.get("/settings/law/?sure=nonsense&group=nonsense").status_code == 200


def test_a_rate_typed_as_it_is_printed_is_added_and_counts(alice: Client, lumen: House) -> None:
    later = date(EXPECTED.year, EXPECTED.month, 20)
    invoice = lumen.invoice(lumen.customer("Durand"), 1_000_000, date(EXPECTED.year - 1, 12, 1))
    stood_in = derive(invoice, later)
    assert alice.post("/settings/law/rates/", typed("5")).status_code == 302
    stated = derive(invoice, later)
    assert stated.segments[-1].rate == Decimal("15")
    assert stated.interest_minor > stood_in.interest_minor
    assert len(stated.notes) == len(stood_in.notes) - 1  # no longer flagged as standing in
    row = RateAdded.objects.of(lumen.creditor).get()
    assert row.added_by == lumen.people["Alice"]
    assert Event.objects.of(lumen.creditor).filter(kind="rate.added", actor=f"user:{row.added_by_id}").count() == 1
    page = alice.get("/settings/law/").content.decode()
    assert "Décision du 17 décembre" in page
    assert "5,00\u00a0%" in page


def test_a_rate_added_late_takes_back_what_states_the_old_interest(client: Client) -> None:
    day = EXPECTED + timedelta(days=20)
    house = atelier_lumen(day)
    durand = house.customer("Durand")
    house.invoice(durand, 1_000_000, EXPECTED - timedelta(days=10))
    house.run(day)
    (message,) = house.messages(durand)
    assert message.facts["interest"] > 0
    with time_machine.travel(noon(day), tick=False):
        client.force_login(house.people["Alice"])
        assert client.post("/settings/law/rates/", typed("5")).status_code == 302
    message.refresh_from_db()
    assert message.state == "cancelled"
    assert json.loads(message.cancelled_because)["rule"] == "stale.rate"
    assert house.case(durand).next_look_on == day


@pytest.mark.parametrize("percent", ["", "beaucoup", "-1", "120", "2,65001", "NaN", "1e9"])
def test_a_percentage_that_cannot_be_is_refused_and_what_was_typed_stays(
    alice: Client, lumen: House, percent: str
) -> None:
    answer = alice.post("/settings/law/rates/", typed(percent))
    assert answer.status_code == 422
    assert "Décision du 17 décembre" in answer.content.decode()
    assert law_book_of(lumen.creditor) is FRANCE


def test_a_page_that_has_grown_old_does_not_add_the_same_rate_to_the_next_period(alice: Client, lumen: House) -> None:
    alice.post("/settings/law/rates/", typed())
    assert alice.post("/settings/law/rates/", typed()).status_code == 422
    assert RateAdded.objects.of(lumen.creditor).count() == 1


def test_an_added_rate_is_taken_back_by_its_own_company_only(alice: Client, lumen: House, client: Client) -> None:
    alice.post("/settings/law/rates/", typed())
    row = RateAdded.objects.of(lumen.creditor).get()
    client.force_login(brasserie_nord().people["Carole"])
    assert client.post(f"/settings/law/rates/{row.pk}/remove/").status_code == 404
    client.force_login(lumen.people["Bob"])
    assert client.post(f"/settings/law/rates/{row.pk}/remove/").status_code == 403
    client.force_login(lumen.people["Alice"])
    assert client.post(f"/settings/law/rates/{row.pk}/remove/").status_code == 302
    assert law_book_of(lumen.creditor) is FRANCE


def test_a_rate_that_is_late_is_said_with_what_happens_meanwhile(client: Client, lumen: House) -> None:
    with time_machine.travel(noon(EXPECTED + timedelta(days=2)), tick=False):
        client.force_login(lumen.people["Alice"])
        assert "Un taux est attendu depuis" in client.get("/settings/law/").content.decode()


def test_long_before_the_next_period_the_page_says_when_its_rate_can_be_added(client: Client, lumen: House) -> None:
    with time_machine.travel(noon(EXPECTED - timedelta(days=EARLIEST_DAYS + 1)), tick=False):
        client.force_login(lumen.people["Alice"])
        page = client.get("/settings/law/").content.decode()
    assert 'name="percent"' not in page
    assert f"Il peut être ajouté ici {EARLIEST_DAYS} jours avant" in page
