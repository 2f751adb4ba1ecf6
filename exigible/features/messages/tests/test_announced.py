"""What is written is announced at once, so that a mail does not wait for the next sweep."""

from collections.abc import Iterator

import pytest

from exigible.books.policies.models import Step
from exigible.common.engine import listen, stop_listening
from exigible.features.messages.compose import render_waiting
from exigible.testing import House, atelier_lumen

pytestmark = pytest.mark.django_db
Heard = list[tuple[str, int]]


@pytest.fixture
def heard() -> Iterator[Heard]:
    told: Heard = []

    def listener(job: str, row_id: int) -> None:
        told.append((job, row_id))

    listen(listener, at_once=True)
    yield told
    stop_listening(listener)


def late(house: House) -> None:
    house.invoice(house.customer("Durand"), 90_000, house.days_from_now(-9))
    house.run()


def test_a_mail_that_may_leave_is_announced_as_soon_as_it_is_written(heard: Heard) -> None:
    house = atelier_lumen()
    late(house)
    render_waiting(house.creditor, house.at)
    (message,) = house.messages()
    assert [told for told in heard if told[0] == "deliver"] == [("deliver", message.pk)]


@pytest.mark.parametrize("reason", ["approval", "rehearsal"])
def test_what_waits_for_a_person_is_not_announced(heard: Heard, reason: str) -> None:
    house = atelier_lumen(rehearses=reason == "rehearsal")
    if reason == "approval":
        Step.objects.filter(policy__creditor=house.creditor).update(mode="approve")
    late(house)
    render_waiting(house.creditor, house.at)
    assert len(house.messages()) == 1
    assert "deliver" not in [job for job, _row in heard]
