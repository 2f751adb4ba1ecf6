"""The screens of messages: what waits is read, approved byte for byte, printed, posted, and closed to others."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from exigible.books.cases.operations import hold_case
from exigible.books.creditors.models import Creditor, Role
from exigible.books.documents.models import Document
from exigible.books.journal.models import Event
from exigible.books.policies.models import Step
from exigible.features.messages.compose import render_waiting
from exigible.features.outbox.models import Message
from exigible.features.outbox.operations import move
from exigible.testing import MONDAY, House, atelier_lumen, brasserie_nord, noon

pytestmark = pytest.mark.django_db
State = Message.State
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def house() -> Iterator[House]:
    with time_machine.travel(noon(MONDAY)):
        yield atelier_lumen()


def signed_in(house: House, role: str = Role.MANAGER) -> Client:
    client = Client()
    client.force_login(house.person(f"Person-{role}", role), "allauth.account.auth_backends.AuthenticationBackend")
    return client


def waiting(house: House, count: int = 3, channel: str = "email", name: str = "Durand") -> list[Message]:
    """Have messages wait for approval: the policy leaves the first reminder to a person."""
    Step.objects.filter(policy__creditor=house.creditor, name="friendly").update(mode="approve", channel=channel)
    for place in range(count):
        house.invoice(
            house.customer(f"{name} {place}", email="a@durand.example"), 90_000 + place, house.days_from_now(-9)
        )
    house.run()
    render_waiting(house.creditor, house.at)
    return house.messages()


def seen(message: Message) -> str:
    document = Document.objects.get(pk=message.document_id)
    return f"{message.pk}:{document.digest[:16]}"


def states(messages: list[Message]) -> list[str]:
    return list(
        Message.objects.filter(pk__in=[one.pk for one in messages]).order_by("pk").values_list("state", flat=True)
    )


def test_only_what_was_selected_is_approved_and_the_journal_names_its_bytes(house: House) -> None:
    first, second, third = waiting(house)
    answer = signed_in(house).post(reverse("messages:approve"), {"m": [seen(first), seen(third)]}, follow=True)
    assert states([first, second, third]) == [State.READY, State.TO_APPROVE, State.READY]
    assert "2 messages sont approuvés" in answer.content.decode()
    assert Event.objects.filter(kind="message.approved").count() == 2


def test_an_approval_of_other_bytes_than_those_seen_approves_nothing(house: House) -> None:
    first, second, _third = waiting(house)
    other = f"{second.pk}:{'0' * 16}"
    answer = signed_in(house).post(reverse("messages:approve"), {"m": [seen(first), other]})
    assert answer.status_code == 422
    assert "rien n’a été approuvé" in answer.content.decode()
    assert states([first, second]) == [State.TO_APPROVE, State.TO_APPROVE]


def test_an_approval_without_a_fingerprint_is_refused(house: House) -> None:
    first, *_others = waiting(house, 1)
    for name in (f"{first.pk}", f"{first.pk}:", "x", ""):
        assert signed_in_again(house).post(reverse("messages:approve"), {"m": [name]}).status_code == 422
    assert states([first]) == [State.TO_APPROVE]


def signed_in_again(house: House) -> Client:
    client = Client()
    client.force_login(house.people["Alice"], "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_approving_what_was_withdrawn_meanwhile_says_so(house: House) -> None:
    first, second, _third = waiting(house)
    client = signed_in(house)
    client.post(reverse("messages:withdraw", args=[first.pk]))
    answer = client.post(reverse("messages:approve"), {"m": [seen(first), seen(second)]}, follow=True)
    assert "n’attendaient plus, donc non approuvés\u00a0: 1" in answer.content.decode()
    assert states([first, second]) == [State.CANCELLED, State.READY]
    assert client.post(reverse("messages:approve"), {"m": [seen(second)]}).status_code == 422


def test_what_was_paid_meanwhile_is_cancelled_instead_of_approved(house: House) -> None:
    (message,) = waiting(house, 1)
    client = signed_in(house)
    customer = message.customer
    invoice = customer.invoices.get()
    house.pay(customer, invoice.total_minor, (invoice, invoice.total_minor))
    answer = client.post(reverse("messages:approve"), {"m": [seen(message)]}, follow=True)
    assert states([message]) == [State.CANCELLED]
    assert "donc non approuvés\u00a0: 1" in answer.content.decode()
    assert "approuvé." not in answer.content.decode()


def test_a_reader_and_an_accountant_approve_nothing(house: House) -> None:
    (message,) = waiting(house, 1)
    for role in (Role.READER, Role.ACCOUNTANT):
        client = signed_in(house, role)
        assert client.get(reverse("messages:page", args=[message.pk])).status_code == 200
        assert client.post(reverse("messages:approve"), {"m": [seen(message)]}).status_code == 403
        assert client.post(reverse("messages:withdraw", args=[message.pk])).status_code == 403
        assert client.post(reverse("messages:print_run"), {"m": [message.pk]}).status_code == 403
    assert states([message]) == [State.TO_APPROVE]


def test_another_company_neither_sees_nor_moves_a_message(house: House) -> None:
    (message,) = waiting(house, 1)
    stranger = signed_in(brasserie_nord(), Role.OWNER)
    for name in ("page", "html", "pdf", "exact"):
        assert stranger.get(reverse(f"messages:{name}", args=[message.pk])).status_code == 404
    for name in ("withdraw", "bounce", "resolve", "retry"):
        assert stranger.post(reverse(f"messages:{name}", args=[message.pk])).status_code == 404
    assert stranger.post(reverse("messages:approve"), {"m": [seen(message)]}).status_code == 422
    assert states([message]) == [State.TO_APPROVE]
    assert "Durand" not in stranger.get(reverse("messages:list")).content.decode()


def test_the_page_shows_the_very_words_that_will_leave(house: House) -> None:
    (message,) = waiting(house, 1)
    page = signed_in(house).get(reverse("messages:page", args=[message.pk])).content.decode()
    document = Document.objects.get(pk=message.document_id)
    assert document.digest in page
    assert "900,00\u00a0€" in page
    assert "a@durand.example" in page
    exact = signed_in_again(house).get(reverse("messages:exact", args=[message.pk]))
    assert exact.content == bytes(document.content.body)
    assert exact["Content-Disposition"].startswith("attachment;")


def test_a_hostile_name_stays_text_on_each_screen_and_in_the_frame(house: House) -> None:
    (message,) = waiting(house, 1, name=HOSTILE)
    client = signed_in(house)
    addresses = [
        reverse("messages:list"),
        reverse("messages:page", args=[message.pk]),
        reverse("messages:html", args=[message.pk]),
    ]
    for address in [*addresses, f"{reverse('messages:list')}?tab=excluded"]:
        assert HOSTILE not in client.get(address).content.decode()


def test_the_mail_is_framed_with_a_policy_that_runs_nothing(house: House) -> None:
    (message,) = waiting(house, 1)
    client = signed_in(house)
    frame = client.get(reverse("messages:html", args=[message.pk]))
    assert "default-src 'none'" in frame["Content-Security-Policy"]
    assert "sandbox" in frame["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in frame["Content-Security-Policy"]
    page = client.get(reverse("messages:page", args=[message.pk]))
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_letters_are_printed_together_and_posted_together(house: House) -> None:
    letters = waiting(house, 3, channel="letter")
    client = signed_in(house)
    client.post(reverse("messages:approve"), {"m": [seen(letter) for letter in letters]})
    assert states(letters) == [State.TO_POST] * 3
    chosen = [str(letter.pk) for letter in letters[:2]]
    run = client.get(reverse("messages:print_run"), {"m": chosen})
    assert len(PdfReader(BytesIO(run.content)).pages) == 2
    posted = {"m": chosen, "posted_on": house.today.isoformat(), "proof": "LP 12"}
    assert client.post(reverse("messages:print_run"), posted).status_code == 302
    assert states(letters) == [State.SENT, State.SENT, State.TO_POST]
    assert client.get(reverse("messages:print_run"), {"m": chosen}).status_code == 422


def test_a_letter_is_not_posted_tomorrow_nor_on_no_day(house: House) -> None:
    (letter,) = waiting(house, 1, channel="letter")
    client = signed_in(house)
    client.post(reverse("messages:approve"), {"m": [seen(letter)]})
    tomorrow = house.days_from_now(1).isoformat()
    for day in (tomorrow, "", "2026-13-45"):
        answer = client.post(reverse("messages:print_run"), {"m": [letter.pk], "posted_on": day})
        assert answer.status_code == 422
    assert states([letter]) == [State.TO_POST]


def test_another_companys_letter_is_not_printed(house: House) -> None:
    (letter,) = waiting(house, 1, channel="letter")
    signed_in(house).post(reverse("messages:approve"), {"m": [seen(letter)]})
    stranger = signed_in(brasserie_nord(), Role.OWNER)
    assert stranger.get(reverse("messages:print_run"), {"m": [letter.pk]}).status_code == 422


def test_a_person_says_what_became_of_a_message_that_may_have_left(house: House) -> None:
    (message,) = waiting(house, 1)
    client = signed_in(house)
    client.post(reverse("messages:approve"), {"m": [seen(message)]})
    message.refresh_from_db()
    assert move(message, State.SENDING)
    assert move(message, State.UNCERTAIN)
    client.post(reverse("messages:resolve", args=[message.pk]), {"was_sent": "yes"})
    assert states([message]) == [State.SENT]
    client.post(reverse("messages:bounce", args=[message.pk]), {"told": "unknown mailbox"})
    assert states([message]) == [State.BOUNCED]
    assert client.post(reverse("messages:bounce", args=[message.pk]), {}).status_code != 500


def test_what_was_never_written_is_not_tried_again(house: House) -> None:
    (message,) = waiting(house, 1)
    Message.objects.filter(pk=message.pk).update(state=State.FAILED, attempts=0, receipt="a fault")
    client = signed_in(house)
    assert client.post(reverse("messages:retry", args=[message.pk])).status_code == 422
    Message.objects.filter(pk=message.pk).update(attempts=6)
    assert client.post(reverse("messages:retry", args=[message.pk])).status_code == 302
    assert states([message]) == [State.READY]


def test_who_gets_nothing_is_listed_with_the_reason(house: House) -> None:
    customer = house.customer("Suspendu SARL")
    house.invoice(customer, 90_000, house.days_from_now(-9))
    hold_case(house.case(customer), "paused", None, today=house.today, at=house.at)
    house.run()
    page = signed_in(house).get(reverse("messages:list"), {"tab": "excluded"}).content.decode()
    assert "Suspendu SARL" in page
    assert "Suspendu <span" in page


def test_in_rehearsal_the_screen_opens_on_what_would_have_left(house: House) -> None:
    Creditor.objects.filter(pk=house.creditor.pk).update(rehearses=True)
    house.creditor.refresh_from_db()
    (message,) = waiting(house, 1)
    assert message.state == State.REHEARSED
    page = signed_in(house).get(reverse("messages:list")).content.decode()
    assert reverse("messages:page", args=[message.pk]) in page
    assert 'name="m"' not in page


def test_pages_follow_each_other_without_losing_or_repeating_a_message(house: House) -> None:
    messages = waiting(house, 53)
    client = signed_in(house)
    first = client.get(reverse("messages:list"), {"tab": "to_approve"}).context["page"]
    second = client.get(reverse("messages:list"), {"tab": "to_approve", "after": first.next}).context["page"]
    shown = [row["message"].pk for row in (*first.rows, *second.rows)]
    assert shown == sorted((message.pk for message in messages), reverse=True)
    back = client.get(reverse("messages:list"), {"tab": "to_approve", "before": second.previous}).context["page"]
    assert [row["message"].pk for row in back.rows] == shown[:50]
    assert back.previous == ""
    assert client.get(reverse("messages:list"), {"after": "9" * 40}).status_code == 200


@pytest.mark.parametrize(
    "tab", ["to_approve", "rehearsed", "ready", "to_post", "held", "cancelled", "sent", "excluded"]
)
def test_each_tab_has_a_title_and_says_what_to_do_when_it_is_empty(house: House, tab: str) -> None:
    page = signed_in(house).get(reverse("messages:list"), {"tab": tab}).content.decode()
    assert "empty-title" in page


def test_an_unknown_tab_is_not_found(house: House) -> None:
    assert signed_in(house).get(reverse("messages:list"), {"tab": "drafts"}).status_code == 404


def test_views_are_short() -> None:
    import ast

    for feature in ("messages", "claims", "policies"):
        path = Path(__file__).parents[2] / feature / "views.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 25, f"{feature}: {node.name}"


def test_a_message_to_the_house_itself_is_read_without_a_customer(house: House) -> None:
    message = Message.objects.create(
        creditor=house.creditor, key="test/1", content_digest="0" * 64, purpose="internal", channel="task", state=State.TO_DO,
        on=house.today, facts_json="{}", template="test", recipient="claire@lumen.example",
    )  # fmt: skip
    client = signed_in(house)
    assert "claire@lumen.example" in client.get(reverse("messages:page", args=[message.pk])).content.decode()
    Message.objects.filter(pk=message.pk).update(state=State.READY)
    assert "claire@lumen.example" in client.get(reverse("messages:list"), {"tab": "ready"}).content.decode()


def page_of(house: House, message: Message) -> str:
    return signed_in_again(house).get(reverse("messages:page", args=[message.pk])).content.decode()


def test_the_day_of_writing_is_in_the_language_of_the_screen(house: House) -> None:
    (message,) = waiting(house, 1)
    assert "23 novembre 2026, 10\u00a0h\u00a015" in page_of(house, message)
    assert "23 Nov 2026" not in page_of(house, message)


def test_what_came_of_a_letter_is_a_proof_and_of_an_email_an_answer(house: House) -> None:
    (message,) = waiting(house, 1, channel="letter")
    Message.objects.filter(pk=message.pk).update(state=State.SENT, receipt="LP 12")
    assert "Preuve de dépôt</dt><dd>LP 12" in page_of(house, message)
    Message.objects.filter(pk=message.pk).update(channel="phone", receipt="promised", document=None)
    assert "promet de payer" in page_of(house, message)


def test_the_list_says_the_day_of_a_decision_and_what_held_it_back(house: House) -> None:
    Step.objects.filter(policy__creditor=house.creditor, name="friendly").update(mode="approve", channel="letter")
    house.invoice(house.customer("Sans adresse", address="", city=""), 90_000, house.days_from_now(-9))
    house.run()
    render_waiting(house.creditor, house.at)
    page = signed_in(house).get(reverse("messages:list"), {"tab": "to_approve"}).content.decode()
    assert "le lundi 23 novembre" in page
    assert "courriel au lieu de lettre" in page


def test_a_task_is_told_in_the_list_as_on_the_worklist(house: House) -> None:
    (message,) = waiting(house, 1)
    Message.objects.filter(pk=message.pk).update(
        purpose="internal", channel="registered_letter", step="formal_notice", state=State.TO_DO
    )
    assert "Préparer la mise en demeure de" in page_of(house, message)
