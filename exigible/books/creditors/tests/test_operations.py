"""Setting a creditor up, its people, its facts, its secrets."""

from datetime import UTC, date, datetime

import pytest

from exigible.books.creditors.models import Creditor, Member, Role, User
from exigible.books.creditors.operations import (
    AlreadyMember,
    LastOwner,
    NameTaken,
    add_member,
    change_creditor,
    change_role,
    remove_member,
    set_bank_account,
    set_mail_server,
    set_up_creditor,
)
from exigible.books.creditors.secrets import SecretUnreadable, decrypt, encrypt, signing_key
from exigible.books.journal.models import Event, EventPayload
from exigible.books.journal.verify import altered_payloads, broken_links

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
WHEN = {"on": DAY, "at": AT, "actor": "user:1"}


def lumen() -> Creditor:
    return set_up_creditor("Atelier Lumen", "Claire@Lumen.example", today=DAY, at=AT)


def kinds(creditor: Creditor) -> list[str]:
    return list(Event.objects.of(creditor).order_by("id").values_list("kind", flat=True))


def test_a_new_creditor_rehearses_and_has_an_owner_and_a_key_of_its_own() -> None:
    creditor = lumen()
    assert creditor.rehearses
    owner = Member.objects.get(creditor=creditor)
    assert (owner.role, owner.user.email) == (Role.OWNER, "claire@lumen.example")
    public = signing_key(creditor.signing_key).public_key().public_bytes_raw()
    assert len(public) == 32
    other = set_up_creditor("Brasserie Nord", "jean@nord.example", today=DAY, at=AT)
    assert other.key_fingerprint != creditor.key_fingerprint


def test_what_is_done_to_a_creditor_is_in_its_journal_and_the_chain_holds() -> None:
    creditor = lumen()
    member = add_member(creditor, "bob@lumen.example", Role.COLLECTOR, **WHEN)
    change_role(member, Role.READER, **WHEN)
    change_creditor(creditor, {"city": "Caen"}, **WHEN)
    remove_member(member, **WHEN)
    assert kinds(creditor) == [
        "creditor.created", "member.invited", "member.invited", "member.changed", "creditor.changed", "member.removed",
    ]  # fmt: skip
    assert not list(broken_links(creditor.pk))
    assert not list(altered_payloads(creditor.pk))


def test_a_change_that_changes_nothing_writes_nothing() -> None:
    creditor = lumen()
    before = kinds(creditor)
    assert not change_creditor(creditor, {"country": "FR"}, **WHEN)
    assert kinds(creditor) == before


def test_two_companies_do_not_share_a_name() -> None:
    lumen()
    with pytest.raises(NameTaken, match="Atelier Lumen"):
        lumen()


def test_a_person_joins_a_company_once() -> None:
    creditor = lumen()
    with pytest.raises(AlreadyMember, match="claire@lumen.example"):
        add_member(creditor, " CLAIRE@lumen.example", Role.READER, **WHEN)


def test_the_last_owner_can_neither_leave_nor_step_down() -> None:
    creditor = lumen()
    owner = Member.objects.get(creditor=creditor)
    with pytest.raises(LastOwner):
        remove_member(owner, **WHEN)
    with pytest.raises(LastOwner):
        change_role(owner, Role.READER, **WHEN)
    add_member(creditor, "bob@lumen.example", Role.OWNER, **WHEN)
    change_role(owner, Role.READER, **WHEN)
    assert Member.objects.get(pk=owner.pk).role == Role.READER


def test_a_person_of_two_companies_is_one_person() -> None:
    creditor, other = lumen(), set_up_creditor("Brasserie Nord", "claire@lumen.example", today=DAY, at=AT)
    assert User.objects.count() == 1
    assert {creditor.pk, other.pk} == set(Member.objects.values_list("creditor_id", flat=True))


def test_the_journal_never_tells_a_mail_password() -> None:
    creditor = lumen()
    values = {"host": "smtp.lumen.example", "port": 587, "from_address": "compta@lumen.example", "username": "compta"}
    set_mail_server(creditor, values, "very secret", **WHEN)
    stored = bytes(creditor.mail_server.password_encrypted)
    assert b"very secret" not in stored
    assert decrypt(stored) == "very secret"
    assert not any("very secret" in body for body in EventPayload.objects.values_list("body", flat=True))


def test_an_empty_password_keeps_the_one_that_is_stored() -> None:
    creditor = lumen()
    values = {"host": "smtp.lumen.example", "port": 587, "from_address": "compta@lumen.example"}
    set_mail_server(creditor, values, "very secret", **WHEN)
    set_mail_server(creditor, values | {"host": "mail.lumen.example"}, "", **WHEN)
    creditor.mail_server.refresh_from_db()
    assert creditor.mail_server.host == "mail.lumen.example"
    assert decrypt(creditor.mail_server.password_encrypted) == "very secret"


def test_a_new_bank_account_is_told_with_the_former_one() -> None:
    creditor = lumen()
    first, second = "FR7630006000011234567890189", "FR7699999000010000000012337"
    set_bank_account(creditor, {"holder": "Lumen", "iban": first, "bic": ""}, **WHEN)
    set_bank_account(creditor, {"holder": "Lumen", "iban": second, "bic": ""}, **WHEN)
    assert creditor.bank_accounts.count() == 1
    last = EventPayload.objects.order_by("-event_id").first()
    assert last
    assert first in last.body
    assert second in last.body


def test_a_secret_of_another_installation_is_refused_with_a_sentence(settings: object) -> None:
    stored = encrypt("very secret")
    settings.SECRET_KEY = "another installation"  # type: ignore[attr-defined]
    with pytest.raises(SecretUnreadable):
        decrypt(stored)
