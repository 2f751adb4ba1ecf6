"""The screens of the policy: read by all, changed by few, published only after the differences were seen."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from exigible.books.cases.models import Case
from exigible.books.creditors.models import Role
from exigible.books.journal.models import Event
from exigible.books.policies.models import Policy
from exigible.books.policies.operations import publish_preset, read_preset
from exigible.features.policies.editing import fields_of
from exigible.testing import MONDAY, House, atelier_lumen, brasserie_nord, noon

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def house() -> Iterator[House]:
    with time_machine.travel(noon(MONDAY)):
        yield atelier_lumen()


def signed_in(house: House, role: str = Role.MANAGER) -> Client:
    client = Client()
    client.force_login(house.person(f"Person-{role}", role), "allauth.account.auth_backends.AuthenticationBackend")
    return client


def typed(**changes: str) -> dict[str, str]:
    """The standard preset as its form sends it, with some fields changed; a field of None is not sent."""
    fields = fields_of(read_preset("standard"), "EUR") | {
        key.replace("__", "-"): value for key, value in changes.items()
    }
    return {key: value for key, value in fields.items() if value is not None}


def test_the_policy_is_read_as_a_table_and_in_sentences(house: House) -> None:
    page = signed_in(house, Role.READER).get(reverse("policies:current")).content.decode()
    assert "J+3" in page
    assert "J\u22125" in page
    assert "3 jours après l’échéance\u00a0: simple rappel (courriel), automatique." in page
    assert "nos valeurs, pas la loi" in page
    assert "CP art. 222-16" in page
    assert reverse("policies:edit") not in page


def test_what_changes_is_shown_before_anything_is_published(house: House) -> None:
    answer = signed_in(house).post(
        reverse("policies:edit"), typed(ordinary__firm__day="12", ordinary__firm__mode="approve")
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "J+8, courriel, automatique → J+12, courriel, après approbation" in page
    assert Policy.objects.of(house.creditor).count() == 1


def test_publishing_makes_a_version_and_has_each_open_account_looked_at(house: House) -> None:
    customer = house.customer("Durand")
    house.invoice(customer, 90_000, house.days_from_now(-9))
    house.run()
    assert (house.case(customer).next_look_on or house.today) > house.today
    closed = Case.objects.create(creditor=house.creditor, customer=house.customer("Clos"), state=Case.State.CLOSED)
    answer = signed_in(house).post(reverse("policies:publish"), typed(ordinary__firm__day="12"))
    assert answer.status_code == 302
    policy = Policy.objects.get(creditor=house.creditor, is_current=True)
    assert policy.version == 2
    assert policy.steps.get(track="ordinary", name="firm").offset_days == 12
    assert policy.steps.get(track="consumer", name="formal_notice").notice_days == 15
    assert house.case(customer).next_look_on == house.today
    closed.refresh_from_db()
    assert closed.next_look_on is None
    assert Event.objects.filter(kind="policy.published", creditor_id=house.creditor.pk).count() == 2


def test_the_steps_are_put_in_the_order_of_their_days(house: House) -> None:
    signed_in(house).post(reverse("policies:publish"), typed(ordinary__call__day="5"))
    policy = Policy.objects.get(creditor=house.creditor, is_current=True)
    names = list(policy.steps.filter(track="ordinary").order_by("rank").values_list("name", flat=True))
    assert names == ["preventive", "friendly", "call", "firm", "letter", "formal_notice", "handover"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ordinary__formal_notice__day": "1"}, "ne peut pas précéder toute relance"),
        ({"ordinary__formal_notice__used": None}, "vient après une mise en demeure"),
        ({"ordinary__friendly__day": "soon"}, "un nombre entier de jours"),
        ({"ordinary__preventive__day": "4"}, "un nombre entier de jours"),
        ({"minimum": "-1"}, "Montant minimum"),
        ({"minimum": "NaN"}, "Montant minimum"),
        ({"min_gap_days": "2"}, "Jours entre deux demandes écrites"),
        ({"name": " "}, "Donnez un nom"),
    ],
)
def test_what_may_not_be_published_is_refused_in_french_and_kept_as_typed(
    house: House, changes: dict[str, str], said: str
) -> None:
    client = signed_in(house)
    for route in ("edit", "publish"):
        answer = client.post(reverse(f"policies:{route}"), typed(**changes))
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert Policy.objects.of(house.creditor).count() == 1


def test_only_who_may_configure_changes_the_policy(house: House) -> None:
    for role in (Role.READER, Role.COLLECTOR, Role.ACCOUNTANT):
        client = signed_in(house, role)
        assert client.get(reverse("policies:edit")).status_code == 403
        assert client.post(reverse("policies:publish"), typed()).status_code == 403
    assert Policy.objects.of(house.creditor).count() == 1


def test_another_company_sees_neither_versions_nor_customers(house: House) -> None:
    customer = house.customer("Durand")
    house.invoice(customer, 90_000, house.days_from_now(-9))
    signed_in(house).post(reverse("policies:publish"), typed(name="Notre plan"))
    stranger = signed_in(brasserie_nord(), Role.OWNER)
    assert stranger.get(reverse("policies:version", args=[2])).status_code == 404
    assert stranger.get(reverse("policies:preview"), {"customer": customer.pk}).status_code == 404
    assert stranger.get(reverse("policies:preview"), {"from": "2"}).status_code == 404
    assert "Durand" not in stranger.get(reverse("policies:preview"), {"q": "Dur"}).content.decode()


def test_an_old_version_stays_readable_and_can_be_started_from(house: House) -> None:
    client = signed_in(house)
    client.post(reverse("policies:publish"), typed(name="Plan deux", ordinary__firm__day="12"))
    assert "J+8" in client.get(reverse("policies:version", args=[1])).content.decode()
    page = client.get(reverse("policies:edit"), {"from": "1"}).content.decode()
    assert 'name="ordinary-firm-day" min="0" max="365" value="8"' in page
    assert client.get(reverse("policies:version", args=[9])).status_code == 404


def test_the_presets_stand_side_by_side_for_each_track(house: House) -> None:
    client = signed_in(house)
    page = client.get(reverse("policies:presets"), {"track": "chronic"}).content.decode()
    for word in ("Doux", "Standard", "Ferme", "En vigueur"):
        assert word in page
    assert client.get(reverse("policies:presets"), {"track": "vip"}).status_code == 404


def test_hostile_names_stay_text(house: House) -> None:
    customer = house.customer(HOSTILE, email="a@b.example")
    house.invoice(customer, 90_000, house.days_from_now(-9), HOSTILE)
    client = signed_in(house)
    client.post(reverse("policies:publish"), typed(name=HOSTILE))
    for address in ("policies:current", "policies:preview", "policies:edit", "policies:presets"):
        assert HOSTILE not in client.get(reverse(address)).content.decode()
    assert HOSTILE not in client.get(reverse("policies:preview"), {"customer": customer.pk}).content.decode()
    assert HOSTILE not in client.get(reverse("policies:preview"), {"q": HOSTILE}).content.decode()
    assert HOSTILE not in client.post(reverse("policies:edit"), typed(name=HOSTILE)).content.decode()


def test_searching_a_customer_without_any_open_account_says_what_to_do(house: House) -> None:
    page = signed_in(house).get(reverse("policies:preview"), {"q": "Personne"}).content.decode()
    assert "Aucun compte ouvert ne correspond" in page


def test_a_preset_is_named_in_the_language_of_the_screen(house: House) -> None:
    client = signed_in(house)
    page = client.get(reverse("policies:edit"), {"from": "gentle"}).content.decode()
    assert 'value="Doux"' in page
    assert "Gentle" not in page
    publish_preset(house.creditor, "gentle", house.today, house.at)
    page = client.get(reverse("policies:current")).content.decode()
    assert "Doux, version 2" in page
    assert "Gentle" not in page
