"""The home page and its acts: what each role may do, where the focus goes, what another creditor sees."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from exigible.books.creditors.models import Role
from exigible.books.documents.operations import store_document
from exigible.common.clock import today as clock_today
from exigible.features.outbox.models import Message
from exigible.features.worklist.tests.test_worklist import put
from exigible.testing import House, atelier_lumen, brasserie_nord

pytestmark = pytest.mark.django_db
TODAY = clock_today("Europe/Paris")


@pytest.fixture
def house() -> House:
    return atelier_lumen(TODAY)


def signed_in(house: House, name: str = "Alice", language: str = "fr") -> Client:
    user = house.people[name]
    type(user).objects.filter(pk=user.pk).update(language=language)
    client = Client()
    client.force_login(type(user).objects.get(pk=user.pk))
    return client


def home(client: Client, **query: str) -> str:
    answer = client.get(reverse("worklist:today"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def to_approve(house: House, name: str = "Martin") -> Message:
    document = store_document(house.creditor, name.encode(), "x.eml", "message/rfc822", house.at)
    return put(house, house.customer(name), "email", "to_approve", "firm", document=document, on=TODAY)


def test_the_first_run_says_what_to_do(house: House) -> None:
    assert "Commencez par votre comptabilité" in home(signed_in(house))


def test_when_all_is_done_the_page_says_what_comes_next(house: House) -> None:
    house.invoice(house.customer("Martin"), 5_000, TODAY + timedelta(days=20))
    house.run()
    page = home(signed_in(house))
    assert "Rien d’urgent" in page
    assert "Prochain examen" in page


def test_a_row_has_its_name_amount_reason_and_main_act(house: House) -> None:
    message = put(house, house.customer("Durand"), "phone", "to_do", minor=123_456)
    page = home(signed_in(house))
    row = page.split("data-row")[1].split("</li>")[0]
    assert "Durand" in row
    assert "1\u202f234,56\u00a0€" in row
    assert "Appeler" in row
    assert re.search(rf'data-primary data-key="a"[^>]*href="{reverse("worklist:call", args=[message.pk])}', row)


def test_after_an_act_the_next_row_takes_the_focus(house: House) -> None:
    first = to_approve(house, "Martin")
    to_approve(house, "Durand")
    client = signed_in(house)
    page = home(client)
    back = re.search(rf'{reverse("worklist:approve", args=[first.pk])}.*?name="next" value="([^"]*)"', page, re.DOTALL)
    assert back
    answer = client.post(reverse("worklist:approve", args=[first.pk]), {"next": back[1].replace("&amp;", "&")})
    assert answer.status_code == 302
    after = client.get(answer["Location"]).content.decode()
    assert re.findall(r"data-row data-preview( autofocus)?", after)[0] == " autofocus"
    first.refresh_from_db()
    assert first.state == "ready"


def test_an_act_leads_back_only_within_the_site(house: House) -> None:
    message = to_approve(house)
    answer = signed_in(house).post(
        reverse("worklist:approve", args=[message.pk]), {"next": "https://elsewhere.example/"}
    )
    assert answer["Location"] == reverse("worklist:today")


def test_what_changed_before_its_approval_is_cancelled_and_said(house: House) -> None:
    message = to_approve(house)
    assert message.customer is not None
    house.pay(message.customer, 4_000, (message.customer.invoices.get(), 4_000))
    client = signed_in(house)
    answer = client.post(reverse("worklist:approve", args=[message.pk]), follow=True)
    message.refresh_from_db()
    assert message.state == "cancelled"
    assert "n’est plus vrai" in answer.content.decode()


def test_an_approval_given_twice_says_so(house: House) -> None:
    message = to_approve(house)
    client = signed_in(house)
    client.post(reverse("worklist:approve", args=[message.pk]))
    assert client.post(reverse("worklist:approve", args=[message.pk])).status_code == 422


def test_a_letter_posted_and_a_task_done_leave_the_list(house: House) -> None:
    document = store_document(house.creditor, b"pdf", "x.pdf", "application/pdf", house.at)
    letter = put(house, house.customer("Martin"), "letter", "to_post", "letter", document=document, on=TODAY)
    task = put(house, house.customer("Durand"), "registered_letter", "to_do", "formal_notice", purpose="internal")
    client = signed_in(house, "Bob")
    assert client.post(reverse("worklist:posted", args=[letter.pk])).status_code == 302
    given = {"done_on": TODAY.isoformat(), "note": "1A 234"}
    assert client.post(reverse("worklist:task", args=[task.pk]), given).status_code == 302
    states = dict(Message.objects.values_list("pk", "state"))
    assert (states[letter.pk], states[task.pk]) == ("sent", "delivered")
    assert "data-row" not in home(client)


def test_a_task_cannot_have_been_done_tomorrow(house: House) -> None:
    task = put(house, house.customer("Durand"), "task", "to_do", "task", purpose="internal")
    given = {"done_on": (TODAY + timedelta(days=1)).isoformat()}
    assert signed_in(house).post(reverse("worklist:task", args=[task.pk]), given).status_code == 422


@pytest.mark.parametrize(("left", "state"), [("yes", "sent"), ("no", "ready")])
def test_a_person_says_whether_an_uncertain_message_left(house: House, left: str, state: str) -> None:
    message = put(house, house.customer("Martin"), "email", "uncertain", "friendly")
    assert signed_in(house).post(reverse("worklist:resolve", args=[message.pk]), {"left": left}).status_code == 302
    message.refresh_from_db()
    assert message.state == state


def test_a_call_is_saved_from_its_page_and_a_bad_day_is_said(house: House) -> None:
    facts = '{"version":1,"language":"fr","template":"call","step":"call","tone":2,"debtor":"business","profile":"ordinary","date":"2026-10-01",' \
        '"customer":{"id":1,"name":"Durand","reference":"C1"},"currency":"EUR","invoices":[],"total":0,"balance":0}'  # fmt: skip
    message = put(house, house.customer("Durand"), "phone", "to_do", facts_json=facts)
    client, address = signed_in(house, "Bob"), reverse("worklist:call", args=[message.pk])
    assert "Avant d" in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"outcome": "promised", "promised_on": "jamais"}).status_code == 422
    assert client.post(address, {"outcome": "promised", "promised_on": ""}).status_code == 422
    assert client.post(address, {"outcome": "promised", "promised_on": "+3", "promised": "50"}).status_code == 302
    message.refresh_from_db()
    assert message.state == "delivered"


def test_rehearsed_rows_say_so_and_offer_no_act(house: House) -> None:
    put(house, house.customer("Martin"), "letter", "rehearsed", "letter", is_rehearsal=True)
    page = home(signed_in(house))
    assert "répétition" in page
    assert "worklist/posted" not in page
    assert "Postée" not in page


def test_the_page_is_complete_in_both_languages(house: House) -> None:
    put(house, house.customer("Martin"), "phone", "to_do")
    assert "À appeler" in home(signed_in(house))
    english = home(signed_in(house, language="en"))
    assert "To call" in english
    assert "À appeler" not in english


def test_a_reader_sees_the_list_and_cannot_act(house: House) -> None:
    message = to_approve(house)
    house.person("Rene", Role.READER)
    reader = signed_in(house, "Rene")
    assert "Martin" in home(reader)
    for route in ("approve", "posted", "resolve", "retry", "withdraw", "call", "task"):
        assert reader.post(reverse(f"worklist:{route}", args=[message.pk])).status_code == 403
    assert 'method="post"' not in home(reader).split("<main")[1].split("</main>")[0]


def test_another_creditors_rows_are_not_found(house: House) -> None:
    martin = house.customer("Martin")
    message = put(house, martin, "phone", "to_do")
    carole = signed_in(brasserie_nord(TODAY), "Carole")
    assert "Martin" not in home(carole)
    for route in ("preview", "next"):
        assert carole.get(reverse(f"worklist:{route}", args=[martin.pk])).status_code == 404
    for route in ("approve", "posted", "resolve", "retry", "withdraw", "call", "task"):
        assert carole.post(reverse(f"worklist:{route}", args=[message.pk])).status_code == 404


@pytest.mark.parametrize(
    "query",
    [{"group": "nothing"}, {"after": "x"}, {"row": "-1"}, {"row": "9" * 30}, {"group": "call", "after": "1.2.3"}],
)
def test_a_spoiled_address_still_shows_the_list(house: House, query: dict[str, str]) -> None:
    put(house, house.customer("Martin"), "phone", "to_do")
    assert "Martin" in home(signed_in(house), **query)


def test_the_account_beside_the_list_is_a_fragment_or_a_page(house: House) -> None:
    martin = house.customer("Martin")
    house.invoice(martin, 5_000, TODAY - timedelta(days=3))
    client, address = signed_in(house), reverse("worklist:preview", args=[martin.pk])
    assert "<html" in client.get(address).content.decode()
    assert "<html" not in client.get(address, headers={"HX-Request": "true"}).content.decode()
