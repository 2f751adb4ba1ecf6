"""What is done to a creditor: set it up, change its facts, let people in; each writes the journal."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import models, transaction

from exigible.books.creditors.models import BankAccount, Creditor, MailServer, Member, Role, User
from exigible.books.creditors.secrets import encrypt, make_signing_key
from exigible.books.creditors.sign_in_links import make_sign_in_link as make_sign_in_link
from exigible.books.journal.operations import SYSTEM, record
from exigible.common.errors import Refused


class NameTaken(Refused):
    """There is a company called %(name)s already; give this one a name of its own."""


class AlreadyMember(Refused):
    """%(email)s works for this company already; change the role in the list instead."""


class LastOwner(Refused):
    """A company keeps at least one owner: name another owner first."""


@transaction.atomic
def set_up_creditor(name: str, owner_email: str, *, today: date, at: datetime, **fields: Any) -> Creditor:
    """Create a company in rehearsal, with its signing key and its owner. The caller publishes a first policy.

    `fields` are columns of Creditor. Raises NameTaken.
    """
    if Creditor.objects.filter(name=name).exists():
        raise NameTaken(name=name)
    key, fingerprint = make_signing_key()
    creditor = Creditor.objects.create(name=name, signing_key=key, key_fingerprint=fingerprint, **fields)
    record("creditor.created", creditor, {"name": name, "key_fingerprint": fingerprint}, on=today, at=at)
    add_member(creditor, owner_email, Role.OWNER, on=today, at=at)
    return creditor


@transaction.atomic
def add_member(
    creditor: Creditor, email: str, role: str, *, on: date, at: datetime, actor: str = SYSTEM, name: str = ""
) -> Member:
    """Let a person work for a company, making the person if unknown. Raises AlreadyMember."""
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, name=name, language=creditor.language)
    if Member.objects.filter(creditor=creditor, user=user).exists():
        raise AlreadyMember(email=email)
    member = Member.objects.create(creditor=creditor, user=user, role=role)
    record("member.invited", creditor, {"user": user.pk, "email": email, "role": role}, on=on, at=at, actor=actor)
    return member


def _keep_an_owner(member: Member) -> None:
    owners = Member.objects.select_for_update(no_key=True).filter(creditor_id=member.creditor_id, role=Role.OWNER)
    if member.role == Role.OWNER and len(owners) == 1:
        raise LastOwner


@transaction.atomic
def change_role(member: Member, role: str, *, on: date, at: datetime, actor: str = SYSTEM) -> None:
    """Give a person another role at this company. Raises LastOwner."""
    if role == member.role:
        return
    _keep_an_owner(member)
    told = {"user": member.user_id, "from": member.role, "to": role}
    member.role = role
    member.save(update_fields=["role"])
    record("member.changed", member.creditor, told, on=on, at=at, actor=actor)


@transaction.atomic
def remove_member(member: Member, *, on: date, at: datetime, actor: str = SYSTEM) -> None:
    """End a person's work for this company; the person and what that person did stay. Raises LastOwner."""
    _keep_an_owner(member)
    record("member.removed", member.creditor, {"user": member.user_id, "role": member.role}, on=on, at=at, actor=actor)
    member.delete()


def _told(value: Any) -> Any:
    """Images and passwords are told by their digest or not at all."""
    if isinstance(value, bytes | memoryview):
        return {"sha256": hashlib.sha256(bytes(value)).hexdigest()}
    return value


def _apply(row: models.Model, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set columns and return what changed, as name -> [before, after]."""
    changed: dict[str, list[Any]] = {}
    for name, value in values.items():
        before = getattr(row, name)
        if (bytes(before) if isinstance(before, memoryview) else before) != value:
            changed[name] = [_told(before), _told(value)]
            setattr(row, name, value)
    return changed


@transaction.atomic
def change_creditor(
    creditor: Creditor, values: Mapping[str, Any], *, on: date, at: datetime, actor: str = SYSTEM
) -> bool:
    """Change facts of a company (columns of Creditor). Says whether anything changed. Raises NameTaken."""
    if Creditor.objects.filter(name=values.get("name")).exclude(pk=creditor.pk).exists():
        raise NameTaken(name=values["name"])
    changed = _apply(creditor, values)
    if changed:
        creditor.save(update_fields=list(changed))
        record("creditor.changed", creditor, {"changed": changed}, on=on, at=at, actor=actor)
    return bool(changed)


@transaction.atomic
def set_bank_account(
    creditor: Creditor, values: Mapping[str, Any], *, on: date, at: datetime, actor: str = SYSTEM
) -> bool:
    """Set where debtors pay (holder, iban, bic). Messages that state the former account become stale at their last check."""
    account = creditor.bank_accounts.filter(is_default=True).first() or BankAccount(
        creditor=creditor, currency=creditor.currency
    )
    changed = _apply(account, values)
    if changed:
        account.save()
        record("creditor.changed", creditor, {"bank_account": changed}, on=on, at=at, actor=actor)
    return bool(changed)


@transaction.atomic
def set_mail_server(
    creditor: Creditor, values: Mapping[str, Any], password: str, *, on: date, at: datetime, actor: str = SYSTEM
) -> bool:
    """Set the server through which messages leave; an empty password keeps the one that is stored."""
    server = MailServer.objects.filter(creditor=creditor).first() or MailServer(creditor=creditor)
    changed = _apply(server, values)
    if password:
        server.password_encrypted = encrypt(password)
        changed["password"] = ["", "changed"]
    if changed:
        server.save()
        record("creditor.changed", creditor, {"mail_server": changed}, on=on, at=at, actor=actor)
    return bool(changed)
