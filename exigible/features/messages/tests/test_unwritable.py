"""A message that cannot be written is shown with its reason, and nothing of it reaches the log."""

import logging

import pytest

from exigible.books.ledger.models import Contact
from exigible.features.messages.compose import render_waiting
from exigible.features.outbox.models import Message
from exigible.testing import atelier_lumen

pytestmark = pytest.mark.django_db


def test_an_address_that_mail_does_not_carry_stops_its_message_with_a_sentence(
    caplog: pytest.LogCaptureFixture,
) -> None:
    house = atelier_lumen()
    durand = house.customer("Durand")
    house.invoice(durand, 90_000, house.days_from_now(-9))
    house.run()
    Contact.objects.filter(customer=durand).update(email="chloé@nord.example")
    Message.objects.update(recipient="chloé@nord.example")
    with caplog.at_level(logging.DEBUG):
        render_waiting(house.creditor, house.at)
    (message,) = house.messages()
    assert message.state == Message.State.FAILED
    assert "accent" in message.receipt
    assert "chlo" not in caplog.text
    assert "Error" not in message.receipt
