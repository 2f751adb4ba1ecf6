"""A year of an invented company, day by day; a failure prints the number from which it can be lived again."""

import os

import pytest

from exigible.books.journal.verify import altered_payloads, broken_links
from exigible.features.outbox.tests.mail_server import PostOffice
from tests.simulation.days import live

pytestmark = pytest.mark.django_db
SEED = int(os.environ.get("EXIGIBLE_SEED", "1"))
MUST_HAPPEN = (
    "e-mail", "letter posted", "approved", "bounce", "bad weather", "stopped", "payment: part", "payment: over", "payment undone",
    "credit note", "hold: case", "hold: invoice", "hold: part", "bank account changed", "uncertain resolved", "call: reached",
    "call: no_answer", "task: formal_notice", "refused: a step twice", "refused: a second demand",
)  # fmt: skip


def test_a_year_keeps_every_promise(office: PostOffice) -> None:
    life = live(SEED, 365, 12, office)
    print(sorted(life.counts.items()))
    assert [name for name in MUST_HAPPEN if not life.counts[name]] == []
    assert sum(times for name, times in life.counts.items() if name.startswith("killed")) >= 5
    assert list(broken_links(life.house.creditor.pk)) == []
    assert list(altered_payloads(life.house.creditor.pk)) == []
