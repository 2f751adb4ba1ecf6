"""The preview foretells what the days then do, changes nothing, and shows what another policy would."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from exigible.books.cases.models import Case, TakenStep
from exigible.books.policies.operations import read_preset
from exigible.books.policies.queries import current_policy
from exigible.core.dates import is_working_day
from exigible.features.dunning.models import Action
from exigible.features.messages.compose import render_waiting
from exigible.features.outbox.models import Message
from exigible.features.outbox.operations import record_call, record_posting
from exigible.features.policies.preview import Preview, foresee
from exigible.features.policies.tables import differences, overview, record_of
from exigible.testing import MONDAY, House, atelier_lumen, noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Iterator[House]:
    with time_machine.travel(noon(MONDAY)):
        yield atelier_lumen()


def late_case(house: House, days: int = 9, **fields: object) -> Case:
    customer = house.customer("Durand", **fields)  # type: ignore[arg-type]
    house.invoice(customer, 90_000, house.days_from_now(-days), "F-2031")
    return house.case(customer)


def previewed(house: House, case: Case, preset: str = "") -> Preview:
    policy = (
        record_of(read_preset(preset), "FR", house.today) if preset else current_policy(house.creditor, house.today)
    )
    return foresee(house.creditor, case, policy, house.today)


def test_the_days_do_what_the_preview_foretold(house: House) -> None:
    case = late_case(house)
    foretold = [(step.on, step.step) for step in previewed(house, case).steps[1:4]]
    assert len(foretold) == 3
    house.run()
    _deliver(house)
    done = []
    for _day in range(60):
        for action in house.run(house.days_from_now(1)):
            done.append((action.on, action.step))
        _deliver(house)
    words = {
        "friendly": "simple rappel",
        "firm": "relance ferme",
        "call": "appel",
        "letter": "lettre",
        "formal_notice": "mise en demeure",
    }
    assert [(on, words[step]) for on, step in done[:3]] == foretold


def _deliver(house: House) -> None:
    """Each message leaves on its day and arrives: mails are sent, letters posted, calls answered."""
    render_waiting(house.creditor, house.at)
    alice = house.people["Alice"]
    for message in house.messages():
        if message.state == Message.State.READY:
            settles = house.days_from_now(2)
            Message.objects.filter(pk=message.pk).update(state=Message.State.SENT, sent_at=house.at, settles_on=settles)
        elif message.state == Message.State.TO_APPROVE:
            Message.objects.filter(pk=message.pk).update(state=Message.State.TO_POST)
            message.refresh_from_db()
            record_posting(message, house.today, alice, today=house.today, at=house.at)
        elif message.state == Message.State.TO_DO and message.channel == "phone":
            record_call(message, "promised", "", alice, today=house.today, at=house.at)


def test_a_preview_writes_nothing(house: House) -> None:
    case = late_case(house)
    previewed(house, case)
    assert not Action.objects.exists()
    assert not Message.objects.exists()
    assert not TakenStep.objects.exists()
    case.refresh_from_db()
    assert case.next_look_on == house.today


def test_each_step_shows_its_own_words(house: House) -> None:
    steps = previewed(house, late_case(house)).steps
    assert steps[0].on == house.today
    assert "F-2031" in steps[0].subject
    assert "900,00" in steps[0].text
    assert all(step.text for step in steps)
    assert steps[-1].step == "transmission du dossier"


def test_steps_keep_the_gap_between_written_demands(house: House) -> None:
    written = [
        step.on for step in previewed(house, late_case(house, 200)).steps if step.channel in ("courriel", "lettre")
    ]
    assert len(written) >= 3
    assert all(later - sooner >= timedelta(days=5) for sooner, later in zip(written, written[1:], strict=False))


def test_a_gentler_policy_foretells_later_steps(house: House) -> None:
    case = late_case(house, 1)
    gentle, firm = previewed(house, case, "gentle").steps, previewed(house, case, "firm").steps
    assert gentle[0].on > firm[0].on


def test_a_case_on_hold_foretells_nothing_and_says_why(house: House) -> None:
    found = previewed(house, late_case(house, is_excluded=True))
    assert found.steps == []
    assert found.ending


def test_an_unknown_kind_ends_before_the_formal_notice(house: House) -> None:
    names = [step.step for step in previewed(house, late_case(house, kind="unknown")).steps]
    assert "mise en demeure" not in names
    assert "simple rappel" in names


def test_two_presets_differ_in_sentences_and_a_policy_not_from_itself() -> None:
    gentle, firm = read_preset("gentle"), read_preset("firm")
    assert differences(gentle, gentle, "EUR") == []
    assert len(differences(gentle, firm, "EUR")) > 10
    assert len(overview(firm)["rows"]) == 6


def test_no_step_is_foretold_for_a_day_when_nobody_works(house: House) -> None:
    for days in range(5, 12):
        steps = previewed(house, late_case(house, days)).steps
        assert "mise en demeure" in [step.step for step in steps]
        assert [step.on for step in steps if not is_working_day(step.on, "FR")] == []
