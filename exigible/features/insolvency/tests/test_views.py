"""The screens of insolvency: who may do what, and what is refused in one sentence."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from exigible.books.cases.models import Deadline
from exigible.books.documents.models import Evidence
from exigible.features.insolvency.models import InsolvencyNotice
from exigible.features.insolvency.tests.world import registered
from exigible.testing import MONDAY, House, atelier_lumen, noon

pytestmark = pytest.mark.django_db
NOTICE = {"kind": "opening", "procedure": "reorganisation", "judged_on": "2026-11-10", "published_on": "2026-11-20"}


@pytest.fixture
def house() -> Iterator[House]:
    with time_machine.travel(noon(MONDAY)):
        yield atelier_lumen()


def test_a_notice_is_entered_declared_and_shown_and_a_reader_only_reads(client: Client, house: House, tmp_path):
    customer = house.customer("Durand")
    house.invoice(customer, 120_000, house.days_from_now(-30), "F-1")
    reader = house.person("Rita", "reader")
    client.force_login(reader)
    assert client.post(f"/insolvency/{customer.pk}/new/", NOTICE).status_code == 403
    client.force_login(house.people["Bob"])
    wrong = client.post(f"/insolvency/{customer.pk}/new/", NOTICE | {"judged_on": "2026-11-21"})
    assert (wrong.status_code, InsolvencyNotice.objects.count()) == (422, 0)
    assert "Le jugement précède sa publication" in wrong.content.decode()
    assert client.post(f"/insolvency/{customer.pk}/new/", NOTICE)["Location"] == f"/insolvency/{customer.pk}/"
    planned = Deadline.objects.get()
    proof = tmp_path / "claim.pdf"
    proof.write_bytes(b"%PDF-1.7 declaration")
    with proof.open("rb") as file:
        client.post(
            f"/insolvency/deadlines/{planned.pk}/", {"done_on": "2026-11-23", "note": "LRAR 1A 2", "file": file}
        )
    assert Deadline.objects.get().done_on == house.today
    assert Evidence.objects.get().case == planned.case
    assert "LRAR 1A 2" in client.get(f"/insolvency/{customer.pk}/").content.decode()


def test_the_list_shows_what_runs_first_and_a_namesake_is_placed_from_it(client: Client, house: House):
    assert "Aucun client en procédure collective" in page(client, house, "/insolvency/")
    registered(house)
    shown = page(client, house, "/insolvency/")
    assert "Menuiserie Roux" in shown
    notice = InsolvencyNotice.objects.get(state="proposed")
    client.post(f"/insolvency/notices/{notice.pk}/", {"choice": "no"})
    assert "Petit Bois" not in page(client, house, "/insolvency/")


def page(client: Client, house: House, address: str) -> str:
    client.force_login(house.people["Bob"])
    return client.get(address).content.decode()
