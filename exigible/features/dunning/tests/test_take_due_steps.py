"""What the day decides, and what it never does."""

from datetime import timedelta

import pytest

from exigible.features.messages.compose import render_waiting
from exigible.features.outbox.models import Message
from exigible.testing import MONDAY, atelier_lumen

pytestmark = pytest.mark.django_db


def test_an_invoice_three_days_late_gets_a_friendly_reminder_with_its_reason() -> None:
    house = atelier_lumen()
    durand = house.customer("Durand")
    invoice = house.invoice(durand, 420_000, MONDAY - timedelta(days=3))
    (action,) = house.run()
    assert (action.step, action.channel, action.amount_minor) == ("friendly", "email", 420_000)
    assert action.because["rule"] == "step.due"
    (message,) = house.messages()
    assert message.facts["invoices"][0]["open"] == 420_000
    assert invoice.taken_steps.get().step == "friendly"
    assert house.run() == []


def test_a_queued_reminder_is_written_and_waits_to_leave() -> None:
    house = atelier_lumen()
    house.invoice(house.customer("Durand"), 420_000, MONDAY - timedelta(days=3))
    house.run()
    assert render_waiting(house.creditor, house.at) == 1
    (message,) = house.messages()
    assert message.state == Message.State.READY, message.receipt
    assert message.document is not None
    assert b"Message-ID" in bytes(message.document.content.body)
