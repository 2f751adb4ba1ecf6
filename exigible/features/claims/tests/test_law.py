"""What the law says of an invoice, on its page: until when one can sue, what it must mention, how late it may fall due."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from exigible.books.cases.models import LimitationEvent, MentionCheck, Standing
from exigible.books.creditors.models import Role
from exigible.books.documents.models import Evidence
from exigible.books.documents.operations import attach_to_invoice, store_document
from exigible.books.journal.models import Event
from exigible.books.ledger.models import Invoice
from exigible.features.claims.conformity import NoElectronicInvoice, conformity, mentions_in, read_mentions
from exigible.features.claims.lawful_term import beyond_law
from exigible.features.claims.limitation import clock
from exigible.formats.einvoice import EInvoice, Party
from exigible.formats.tests.einvoices import cii, facturx, ubl
from exigible.testing import MONDAY, House, atelier_lumen, brasserie_nord, noon

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%a letter that acknowledges the debt\n"


@pytest.fixture
def house() -> Iterator[House]:
    with time_machine.travel(noon(MONDAY)):
        yield atelier_lumen()


def signed_in(house: House, role: str = Role.COLLECTOR, language: str = "fr") -> Client:
    client = Client()
    name = f"Person-{role}-{language}"
    person = house.people.get(name) or house.person(name, role)
    person.language = language
    person.save()
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def billed(house: House, due: date, kind: str = "business", **fields: object) -> Invoice:
    buyer = str(fields.pop("buyer", ""))
    return house.invoice(house.customer("Martin SARL", kind, buyer=buyer), 120_000, due, "F-2031", **fields)


def page(house: House, invoice: Invoice, name: str = "page", role: str = Role.COLLECTOR, language: str = "fr") -> str:
    answer = signed_in(house, role, language).get(reverse(f"claims:{name}", args=[invoice.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def record(house: House, invoice: Invoice, role: str = Role.COLLECTOR, **given: object) -> int:
    client = signed_in(house, role)
    return client.post(reverse("claims:limitation", args=[invoice.pk]), given).status_code


@pytest.mark.parametrize(("language", "title"), [("fr", "Dernier jour pour agir"), ("en", "Last day to sue")])
def test_the_page_of_an_invoice_says_until_when_one_can_sue_and_why(house: House, language: str, title: str) -> None:
    text = page(house, billed(house, date(2026, 3, 31)), language=language)
    assert title in text
    assert "C. com. art. L110-4" in text
    assert ("31 mars 2031" if language == "fr" else "31 March 2031") in text


def test_an_acknowledgement_with_its_document_moves_the_last_day(house: House) -> None:
    invoice = billed(house, date(2022, 6, 30))
    file = SimpleUploadedFile("aveu.pdf", PDF)
    given = {"kind": "acknowledgement", "on": "2026-04-12", "note": "lettre du gérant", "file": file}
    assert record(house, invoice, **given) == 302
    assert Standing.objects.get(invoice=invoice).last_day_to_sue == date(2031, 4, 12)
    text = page(house, invoice, "limitation")
    assert "lettre du gérant" in text
    assert "aveu.pdf" in text
    assert "C. civ. art. 2240" in text
    assert Evidence.objects.filter(invoice=invoice, proves="other").count() == 1
    assert "12 avril 2031" in page(house, invoice)


def test_a_formal_notice_is_recorded_changes_nothing_and_the_page_says_so(house: House) -> None:
    invoice = billed(house, date(2022, 6, 30))
    assert record(house, invoice, kind="formal_notice", on="2026-02-10") == 302
    text = page(house, invoice, "limitation")
    assert "ne change rien" in text
    assert "20-23.204" in text
    assert "30 juin 2027" in text


def test_an_event_of_tomorrow_is_refused_and_what_was_typed_stays(house: House) -> None:
    invoice = billed(house, date(2026, 3, 31))
    client = signed_in(house)
    tomorrow = house.days_from_now(1).isoformat()
    given = {"kind": "court_claim", "on": tomorrow, "note": "assignation"}
    answer = client.post(reverse("claims:limitation", args=[invoice.pk]), given)
    assert answer.status_code == 422
    assert tomorrow in answer.content.decode()
    assert "assignation" in answer.content.decode()
    assert not LimitationEvent.objects.exists()


def test_a_payment_in_part_is_shown_as_not_counted_until_a_person_says_so(house: House) -> None:
    invoice = billed(house, date(2022, 6, 30))
    house.pay(invoice.customer, 20_000, (invoice, 20_000), on=date(2026, 5, 4))
    assert "un juge peut en décider autrement" in page(house, invoice, "limitation")
    assert clock(invoice, invoice.standing, house.today).last_day == date(2027, 6, 30)
    assert record(house, invoice, kind="part_payment", on="2026-05-04") == 302
    assert "un juge peut en décider autrement" not in page(house, invoice, "limitation")
    assert Standing.objects.get(invoice=invoice).last_day_to_sue == date(2031, 5, 4)


def test_what_a_debtor_cannot_meet_is_not_offered(house: House) -> None:
    business, body = billed(house, date(2026, 3, 31)), billed(house, date(2026, 3, 31), "public_body")
    assert 'value="written_claim"' not in page(house, business, "limitation")
    assert 'value="written_claim"' in page(house, body, "limitation")
    assert 'value="payment_order_served"' not in page(house, body, "limitation")


def test_the_day_of_the_service_is_given_by_a_person_and_both_ways_are_shown(house: House) -> None:
    invoice = billed(house, date(2026, 3, 31), issued_on=date(2026, 3, 1))
    client = signed_in(house)
    given = {"activity": "services", "completed_on": "2026-02-20"}
    assert client.post(reverse("claims:supply", args=[invoice.pk]), given).status_code == 302
    found = clock(invoice, Standing.objects.get(invoice=invoice), house.today)
    assert found.last_day == date(2031, 2, 20)
    assert {way.last_day for way in found.readings} == {date(2031, 2, 20), date(2031, 3, 31)}


def test_near_the_end_the_page_asks_for_an_acknowledgement_and_a_service_in_time(house: House) -> None:
    near = clock(billed(house, date(2022, 2, 1)), None, house.today)
    far = clock(billed(house, date(2022, 12, 1)), None, house.today)
    assert near.is_near
    assert near.advice
    assert not far.advice


def test_a_claim_that_is_too_old_is_not_called_enforceable(house: House) -> None:
    found = clock(billed(house, date(2023, 1, 10), "consumer"), None, house.today)
    assert found.is_past
    assert "comme si elle pouvait encore être obtenue" in found.advice


def test_an_event_is_taken_back_from_the_page(house: House) -> None:
    invoice = billed(house, date(2022, 6, 30))
    record(house, invoice, kind="acknowledgement", on="2026-04-12")
    event = LimitationEvent.objects.get(invoice=invoice)
    assert signed_in(house).post(reverse("claims:remove_event", args=[event.pk])).status_code == 302
    assert Standing.objects.get(invoice=invoice).last_day_to_sue == date(2027, 6, 30)


def test_a_reader_sees_the_law_and_records_nothing(house: House) -> None:
    invoice = billed(house, date(2022, 6, 30))
    assert record(house, invoice, Role.READER, kind="acknowledgement", on="2026-04-12") == 403
    reader = signed_in(house, Role.READER, "en")
    for name in ("supply", "mentions"):
        assert reader.post(reverse(f"claims:{name}", args=[invoice.pk]), {}).status_code == 403
    assert "Record an event" not in reader.get(reverse("claims:limitation", args=[invoice.pk])).content.decode()
    assert not Event.objects.filter(kind__startswith="limitation.").exists()


def test_another_company_reaches_nothing_of_it(house: House) -> None:
    invoice = billed(house, date(2022, 6, 30))
    record(house, invoice, kind="acknowledgement", on="2026-04-12")
    stranger = signed_in(brasserie_nord(), Role.OWNER)
    for name in ("limitation", "supply", "mentions"):
        assert stranger.post(reverse(f"claims:{name}", args=[invoice.pk]), {}).status_code == 404
    event = LimitationEvent.objects.get(invoice=invoice)
    assert stranger.post(reverse("claims:remove_event", args=[event.pk])).status_code == 404
    assert LimitationEvent.objects.filter(pk=event.pk).exists()


def test_what_was_seen_of_the_mentions_is_kept_and_what_is_missing_shows_its_risk(house: House) -> None:
    invoice = billed(house, date(2026, 3, 31))
    client = signed_in(house)
    given = {"mention-number": "present", "mention-penalty_rate": "absent", "mention-lines": "absent"}
    assert client.post(reverse("claims:mentions", args=[invoice.pk]), given).status_code == 302
    text = page(house, invoice)
    assert "Taux des pénalités de retard" in text
    assert "07-16.527" in text
    assert "375\u202f000,00\u00a0€" in text
    assert "15,00\u00a0€" in text
    found = conformity(invoice)
    assert found is not None
    assert (len(found.missing), found.known) == (2, 3)
    client.post(reverse("claims:mentions", args=[invoice.pk]), given)
    assert Event.objects.filter(kind="mentions.checked").count() == 1


def test_a_state_that_is_none_of_the_choices_is_refused(house: House) -> None:
    invoice = billed(house, date(2026, 3, 31))
    answer = signed_in(house).post(reverse("claims:mentions", args=[invoice.pk]), {"mention-number": "perhaps"})
    assert answer.status_code == 422
    assert not MentionCheck.objects.exists()


def test_a_mention_is_taken_from_the_data_of_an_electronic_invoice() -> None:
    party = Party(name="Lumen", siren="000100008", city="Lyon")
    lacks = ("late_interest", "buyer_siren")
    plain = EInvoice(
        "ubl", "", "F-1", "invoice", "380", date(2026, 3, 1), None, "EUR", None, None, 100, 0, 100, party, party,
        missing_mentions=lacks,
    )  # fmt: skip
    assert mentions_in(plain)["penalty_rate"] == "absent"
    assert mentions_in(plain)["seller_identity"] == "present"
    hybrid = EInvoice(
        "facturx", "", "F-1", "invoice", "380", date(2026, 3, 1), None, "EUR", None, None, 100, 0, 100, party, party,
        missing_mentions=lacks,
    )  # fmt: skip
    assert "penalty_rate" not in mentions_in(hybrid)


@pytest.mark.parametrize(("body", "name"), [(ubl(), "f.xml"), (cii(), "f.xml"), (facturx(), "f.pdf")])
def test_the_mentions_are_read_from_the_file_kept_and_what_a_person_said_of_others_stays(
    house: House, body: bytes, name: str
) -> None:
    invoice = billed(house, date(2026, 3, 31))
    document = store_document(house.creditor, body, name, "application/pdf", house.at)
    attach_to_invoice(invoice, document, "invoice", today=house.today, at=house.at)
    client = signed_in(house)
    address = reverse("claims:mentions", args=[invoice.pk])
    client.post(address, {"mention-lines": "present"})
    assert client.post(address, {"read": "1"}).status_code == 302
    found = conformity(invoice)
    assert found is not None
    states = {line.name: line.state for line in found.lines}
    assert states["number"] == states["lines"] == "present"
    assert found.is_from_file
    assert found.known > 3


def test_a_scan_is_no_electronic_invoice_and_says_so(house: House) -> None:
    invoice = billed(house, date(2026, 3, 31))
    document = store_document(house.creditor, PDF, "scan.pdf", "application/pdf", house.at)
    attach_to_invoice(invoice, document, "invoice", today=house.today, at=house.at)
    with pytest.raises(NoElectronicInvoice):
        read_mentions(invoice, today=house.today, at=house.at)
    answer = signed_in(house).post(reverse("claims:mentions", args=[invoice.pk]), {"read": "1"})
    assert answer.status_code == 422


def test_a_due_date_beyond_the_law_is_flagged_with_the_date_that_the_law_gives(house: House) -> None:
    issued = date(2026, 3, 10)
    lawful = billed(house, issued + timedelta(days=60), issued_on=issued)
    late = billed(house, issued + timedelta(days=90), issued_on=issued)
    assert beyond_law(lawful) is None
    found = beyond_law(late)
    assert found is not None
    assert found.last_due == date(2026, 5, 9)
    text = page(house, late)
    assert "9 mai 2026" in text
    assert "C. com. art. L441-10 I" in text


@pytest.mark.parametrize("kind", ["consumer", "unknown"])
def test_no_text_limits_the_term_given_to_others_than_businesses(house: House, kind: str) -> None:
    issued = date(2026, 3, 10)
    assert beyond_law(billed(house, issued + timedelta(days=120), kind, issued_on=issued)) is None


def test_a_public_buyer_has_its_own_term_from_the_receipt_of_the_request(house: House) -> None:
    issued = date(2026, 3, 10)
    town = billed(house, date(2026, 5, 10), "public_body", buyer="local", issued_on=issued, request_received_on=issued)
    found = beyond_law(town)
    assert found is not None
    assert found.last_due == date(2026, 4, 9)
    assert "R2192-10" in found.article


def test_a_credit_note_has_no_time_to_sue(house: House) -> None:
    note = house.invoice(house.customer("Durand"), 9_000, None, kind="credit_note")
    assert "Dernier jour pour agir" not in page(house, note)
    assert signed_in(house).get(reverse("claims:limitation", args=[note.pk])).status_code == 404


def test_the_number_of_queries_of_the_law_does_not_grow_with_the_events(house: House) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(invoice: Invoice) -> int:
        with CaptureQueriesContext(connection) as counted:
            clock(invoice, invoice.standing, house.today)
        return len(counted)

    invoice = billed(house, date(2022, 6, 30))
    invoice = Invoice.objects.select_related("customer", "creditor", "standing").get(pk=invoice.pk)
    few = queries(invoice)
    for day in (10, 11, 12, 13):
        record(house, invoice, kind="court_claim", on=f"2026-02-{day}")
    assert queries(invoice) == few


def test_the_account_page_tells_the_nearest_last_day_with_its_reason(house: House) -> None:
    later = billed(house, date(2026, 3, 31))
    sooner = house.invoice(later.customer, 5_000, date(2023, 3, 31), "F-1")
    client = signed_in(house)
    text = client.get(reverse("customers:page", args=[later.customer_id])).content.decode()
    assert "Dernier jour pour agir" in text
    assert "31 mars 2028" in text
    panel = client.get(reverse("claims:panel", args=[later.customer_id])).content.decode()
    assert sooner.number in panel
    assert "C. com. art. L110-4" in panel
    assert (
        signed_in(brasserie_nord(), Role.OWNER).get(reverse("claims:panel", args=[later.customer_id])).status_code
        == 404
    )


def test_an_account_that_owes_nothing_has_nothing_to_sue_on(house: House) -> None:
    customer = house.customer("Tout payé")
    client = signed_in(house, language="en")
    assert "Last day to sue" not in client.get(reverse("customers:page", args=[customer.pk])).content.decode()
    assert "nothing to sue on" in client.get(reverse("claims:panel", args=[customer.pk])).content.decode()
