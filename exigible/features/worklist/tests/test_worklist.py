"""What is to be done today, in its order, each with its reason."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exigible.books.cases.models import Case
from exigible.books.ledger.models import Contact, Customer
from exigible.features.dunning.models import Action
from exigible.features.messages.compose import render_waiting
from exigible.features.outbox.models import Message
from exigible.features.worklist.queries import action_json, worklist
from exigible.features.worklist.rows import Row, rows_for_customer
from exigible.features.worklist.screen import screen
from exigible.testing import MONDAY, House, atelier_lumen, brasserie_nord

pytestmark = pytest.mark.django_db


def put(
    house: House,
    customer: Customer,
    channel: str,
    state: str,
    step: str = "call",
    *,
    minor: int = 10_000,
    **fields: object,
) -> Message:
    """Put a message that waits into the outbox with the action that explains it, as a day of dunning would have left it."""
    invoice = house.invoice(customer, minor, MONDAY - timedelta(days=12))
    case = house.case(customer)
    facts = {
        "customer": customer.name,
        "count": 1,
        "amount": minor,
        "currency": "EUR",
        "days_late": 12,
        "step": step,
        "channel": channel,
    }
    assert invoice.due_on is not None
    line = {
        "id": invoice.pk,
        "number": invoice.number,
        "total": minor,
        "open": minor,
        "due": invoice.due_on.isoformat(),
    }
    stated = {"invoices": [line], "debtor": customer.kind, "currency": "EUR", "credits": 0}
    contact = Contact.objects.get(customer=customer)
    action = Action.objects.create(
        creditor=house.creditor, case=case, customer=customer, on=MONDAY, step=step, channel=channel, mode="auto", amount_minor=minor, currency="EUR",
        because_json=json.dumps({"rule": "step.due", "facts": facts}), invoice_ids=f"[{invoice.pk}]", next_step="letter", next_on=date(2026, 12, 1),
    )  # fmt: skip
    values = {
        "purpose": "demand", "on": MONDAY, "facts_json": json.dumps(stated), "template": step, "content_digest": "", "recipient": contact.email, **fields
    }  # fmt: skip
    return Message.objects.create(
        creditor=house.creditor,
        key=f"test/{action.pk}",
        channel=channel,
        state=state,
        customer=customer,
        case=case,
        action_id=action.pk,
        step=step,
        **values,
    )


def groups_of(house: House) -> list[tuple[str, str]]:
    return [(row.group, row.customer) for row in worklist(house.creditor, MONDAY)]


def test_groups_follow_the_order_of_the_screen() -> None:
    house = atelier_lumen()
    put(house, house.customer("Parti"), "email", "ready", "friendly")
    put(house, house.customer("Tache"), "registered_letter", "to_do", "formal_notice", purpose="internal")
    put(house, house.customer("Poste"), "letter", "to_post", "letter")
    put(house, house.customer("Valider"), "email", "to_approve", "firm")
    put(house, house.customer("Appel"), "phone", "to_do")
    put(house, house.customer("Inconnu", kind="unknown"), "phone", "delivered")
    assert groups_of(house) == [
        ("faults", "Inconnu"), ("call", "Appel"), ("approve", "Valider"), ("post", "Poste"), ("prepare", "Tache"), ("leaving", "Parti"),
    ]  # fmt: skip


def test_within_a_group_the_most_overdue_account_comes_first() -> None:
    house = atelier_lumen()
    for name, minor in (("Petit", 500), ("Grand", 900_000), ("Moyen", 7_000)):
        put(house, house.customer(name), "phone", "to_do", minor=minor)
    assert [customer for _group, customer in groups_of(house)] == ["Grand", "Moyen", "Petit"]


@pytest.mark.parametrize(
    ("channel", "needs_approval", "group"),
    [("phone", False, "call"), ("email", True, "approve"), ("letter", True, "approve"), ("letter", False, "post"), ("task", False, "prepare"),
     ("registered_letter", False, "prepare"), ("email", False, "leaving")],
)  # fmt: skip
def test_what_is_rehearsed_stands_where_it_would_stand(channel: str, needs_approval: bool, group: str) -> None:
    house = atelier_lumen(rehearses=True)
    put(house, house.customer("Martin"), channel, "rehearsed", needs_approval=needs_approval, is_rehearsal=True)
    (row,) = worklist(house.creditor, MONDAY)
    assert (row.group, row.is_rehearsed) == (group, True)


def test_a_call_put_off_until_tomorrow_is_not_to_be_done_today() -> None:
    house = atelier_lumen()
    put(house, house.customer("Martin"), "phone", "to_do", not_before=house.at + timedelta(days=1))
    assert worklist(house.creditor, MONDAY) == []
    assert len(worklist(house.creditor, MONDAY + timedelta(days=1))) == 1


def test_an_email_of_today_that_left_is_shown_and_that_of_yesterday_is_not() -> None:
    house = atelier_lumen()
    left = MONDAY + timedelta(days=2)
    put(
        house,
        house.customer("Hier"),
        "email",
        "sent",
        sent_at=house.at - timedelta(days=1),
        settles_on=left - timedelta(days=1),
    )
    put(house, house.customer("Jour"), "email", "sent", sent_at=house.at, settles_on=left)
    assert groups_of(house) == [("leaving", "Jour")]


def faults(house: House) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in worklist(house.creditor, MONDAY):
        if row.group == "faults":
            found.setdefault(row.because["rule"], []).append(row.customer)
    return found


def test_each_fault_of_the_data_is_named() -> None:
    house = atelier_lumen()
    late = MONDAY - timedelta(days=12)
    house.invoice(house.customer("Muet", email="", address=""), 1_000, late)
    house.invoice(house.customer("Papier", email=""), 1_000, late)
    house.invoice(house.customer("Inconnu", kind="unknown"), 1_000, late)
    reprise = house.customer("Reprise")
    house.invoice(reprise, 1_000, late, is_confirmed=False)
    sans = house.customer("Sans date")
    house.invoice(sans, 1_000, late)
    house.invoice(sans, 1_000, None)
    put(house, house.customer("Echec"), "email", "failed", receipt="451 try later", attempts=6)
    put(house, house.customer("Doute"), "email", "uncertain")
    broken = house.customer("Casse")
    house.invoice(broken, 1_000, late)
    Case.objects.filter(customer=broken).update(error="KeyError: x")
    assert faults(house) == {
        "case.error": ["Casse"], "message.uncertain": ["Doute"], "message.failed": ["Echec"], "no.address": ["Muet"],
        "opening.unconfirmed": ["Reprise"], "no.due.date": ["Sans date"], "kind.missing": ["Inconnu"], "email.missing": ["Papier"],
    }  # fmt: skip


def test_a_bounced_message_stays_until_its_address_is_mended() -> None:
    house = atelier_lumen()
    martin = house.customer("Martin", email="faux@martin.example")
    put(house, martin, "email", "bounced", recipient="faux@martin.example")
    Contact.objects.filter(customer=martin).update(email_is_bad=True)
    assert faults(house) == {"message.bounced": ["Martin"]}
    Contact.objects.filter(customer=martin).update(email="juste@martin.example", email_is_bad=False)
    assert faults(house) == {}


def test_an_address_that_came_back_twice_is_one_fault() -> None:
    house = atelier_lumen()
    martin = house.customer("Martin", email="faux@martin.example")
    for days in (9, 2):
        put(house, martin, "email", "bounced", recipient="faux@martin.example", on=MONDAY - timedelta(days=days))
    Contact.objects.filter(customer=martin).update(email_is_bad=True)
    (row,) = worklist(house.creditor, MONDAY)
    assert row.because["facts"]["on"] == "2026-11-21"


def test_nothing_is_asked_about_the_data_of_a_customer_who_is_never_chased() -> None:
    house = atelier_lumen()
    house.invoice(house.customer("Ami", kind="unknown", email="", is_excluded=True), 1_000, MONDAY - timedelta(days=12))
    assert faults(house) == {}


def test_an_action_is_given_as_the_command_line_promises() -> None:
    house = atelier_lumen()
    martin = house.customer("Martin")
    message = put(house, martin, "phone", "to_do", minor=123_456)
    (row,) = worklist(house.creditor, MONDAY)
    found = action_json(row, "fr")
    because = found.pop("because")
    assert "Appeler" in because
    assert "1\u202f234,56" in because
    assert found.pop("facts")["amount"] == 123_456
    assert found == {
        "customer": "Martin", "case": message.case_id, "channel": "phone", "step": "call", "mode": "auto",
        "invoices": [martin.invoices.get().number], "amount": "1234.56", "currency": "EUR",
        "next_if_silent": {"step": "letter", "date": "2026-12-01"},
    }  # fmt: skip


def test_every_row_of_a_day_of_dunning_has_its_sentence_in_both_languages() -> None:
    house = atelier_lumen(rehearses=True)
    for days, kind, email in (
        (4, "business", None),
        (12, "consumer", None),
        (33, "public_body", ""),
        (-5, "business", None),
        (70, "unknown", None),
    ):
        house.invoice(
            house.customer(f"Client {days}", kind=kind, email=email), 12_000 + days, MONDAY - timedelta(days=days)
        )
    house.run()
    render_waiting(house.creditor, house.at)
    rows = worklist(house.creditor, MONDAY)
    assert len(rows) >= 5
    for row in rows:
        french, english = action_json(row, "fr")["because"], action_json(row, "en")["because"]
        assert french != english
        assert row.because["rule"] not in (french, english)


def test_a_limit_keeps_the_first_rows() -> None:
    house = atelier_lumen()
    for minor in range(5):
        put(house, house.customer(f"Client {minor}"), "phone", "to_do", minor=1_000 * (minor + 1))
    assert [row.customer for row in worklist(house.creditor, MONDAY, 2)] == ["Client 4", "Client 3"]


def test_the_list_of_another_creditor_is_its_own() -> None:
    lumen, nord = atelier_lumen(), brasserie_nord()
    put(nord, nord.customer("Chez Carole"), "phone", "to_do")
    assert worklist(lumen.creditor, MONDAY) == []
    assert [row.customer for row in worklist(nord.creditor, MONDAY)] == ["Chez Carole"]


def test_the_screen_counts_each_account_once_in_what_is_at_stake() -> None:
    house = atelier_lumen()
    martin = house.customer("Martin", kind="unknown")
    put(house, martin, "phone", "to_do", minor=10_000)
    put(house, house.customer("Durand"), "email", "to_approve", minor=2_500)
    shown = screen(house.creditor, MONDAY)
    assert shown.stake == [("EUR", 12_500)]
    assert shown.to_do == "3"


def test_many_faults_of_one_kind_are_told_together() -> None:
    house = atelier_lumen()
    for number in range(6):
        house.invoice(house.customer(f"Client {number}", kind="unknown"), 1_000, MONDAY - timedelta(days=12))
    (group,) = screen(house.creditor, MONDAY).groups
    (line,) = group.lines
    assert line.summary is not None
    assert (line.summary.number, line.summary.amount_minor, line.summary.view) == ("6", 6_000, "unknown")


def test_the_pages_of_a_group_join_without_gap_or_repeat() -> None:
    house = atelier_lumen()
    for number in range(70):
        put(house, house.customer(f"Client {number}"), "phone", "to_do", minor=1_000 + number % 9)
    seen: list[Row] = []
    after = ""
    while True:
        (group,) = screen(house.creditor, MONDAY, "call", after).groups
        seen += [line.row for line in group.lines if line.row]
        if not group.next:
            break
        after = group.next
    assert len({row.customer for row in seen}) == len(seen) == 70


def test_the_number_of_queries_does_not_grow_with_the_list() -> None:
    house = atelier_lumen()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            screen(house.creditor, MONDAY)
        return len(captured)

    put(house, house.customer("Un", kind="unknown"), "phone", "to_do")
    put(house, house.customer("Deux"), "email", "to_approve")
    few = queries()
    for number in range(30):
        put(house, house.customer(f"Client {number}", kind="unknown"), "phone", "to_do")
        put(house, house.customer(f"Autre {number}", email=""), "email", "to_approve")
    assert queries() == few


def test_the_panel_of_an_account_shows_only_its_own_acts() -> None:
    house = atelier_lumen()
    martin, durand = house.customer("Martin"), house.customer("Durand")
    put(house, martin, "phone", "to_do")
    put(house, durand, "email", "to_approve")
    assert [row.customer for row in rows_for_customer(martin, MONDAY)] == ["Martin"]


def test_what_waits_since_an_earlier_day_tells_the_facts_of_today() -> None:
    house = atelier_lumen()
    put(house, house.customer("Martin"), "phone", "to_do")
    told = {days: action_json(worklist(house.creditor, MONDAY + timedelta(days=days))[0], "fr") for days in (0, 3, 8)}
    assert "échus depuis 12 jours" in told[0]["because"]
    assert "échus depuis 15 jours" in told[3]["because"]
    assert told[3]["next_if_silent"] == {"step": "letter", "date": "2026-12-01"}
    assert told[8]["next_if_silent"] is None


def test_what_is_prepared_for_the_next_working_day_counts_the_lateness_of_that_day_throughout() -> None:
    house = atelier_lumen()
    put(house, house.customer("Martin"), "phone", "to_do")
    sunday = MONDAY - timedelta(days=1)
    (row,) = worklist(house.creditor, sunday)
    assert row.days_late == 12
    assert "le lundi 23 novembre\u00a0: 100,00\u00a0€ échus depuis 12 jours" in action_json(row, "fr")["because"]


def test_a_step_that_should_have_followed_by_now_is_not_promised_any_more() -> None:
    house = atelier_lumen()
    put(house, house.customer("Martin"), "phone", "to_do")
    facts = Action.objects.get().because
    facts["facts"]["next"] = {"step": "letter", "date": "2026-12-01"}
    Action.objects.update(because_json=json.dumps(facts))
    before, after = (worklist(house.creditor, MONDAY + timedelta(days=days))[0] for days in (7, 8))
    assert "mardi 1er décembre" in action_json(before, "fr")["because"]
    assert "décembre" not in action_json(after, "fr")["because"]
