"""Keys by which programs work for a creditor over the REST API: random, shown once, kept as a digest."""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from exigible.books.creditors.models import ApiToken, Creditor, User
from exigible.books.journal.operations import record
from exigible.common.errors import Refused

PREFIX = "exg_"
LETTERS = 4
USE_TOLD_EVERY = timedelta(minutes=1)


class TokenNeedsName(Refused):
    """Give the key a name that says which program uses it."""


class TokenEndsInThePast(Refused):
    """A key must end after today; choose a later day, or none."""


def digest_of(token: str) -> str:
    """The digest under which a key is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_token(
    creditor: Creditor, name: str, scope: str, user: User, *, today: date, at: datetime, expires_on: date | None = None
) -> tuple[ApiToken, str]:
    """Make a key and return it with its text, which is never shown again. Raises TokenNeedsName, TokenEndsInThePast."""
    if not name.strip():
        raise TokenNeedsName
    if expires_on is not None and expires_on <= today:
        raise TokenEndsInThePast
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        creditor=creditor, name=name.strip()[:80], digest=digest_of(text), ends_with=text[-LETTERS:], scope=scope, made_at=at,
        made_by=user, expires_on=expires_on,
    )  # fmt: skip
    told = {"token": token.pk, "name": token.name, "scope": scope, "expires_on": expires_on}
    record("api_token.made", creditor, told, on=today, at=at, actor=f"user:{user.pk}")
    return token, text


@transaction.atomic
def revoke_token(token: ApiToken, *, today: date, at: datetime, actor: str) -> None:
    """End a key at once; doing it twice changes nothing."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        told = {"token": token.pk, "name": token.name}
        record("api_token.revoked", token.creditor, told, on=today, at=at, actor=actor)


def token_in_force(text: str, at: datetime) -> ApiToken | None:
    """The key of this text if it is in force at an instant; its last use is told, once a minute at most."""
    if not text.startswith(PREFIX):
        return None
    token = ApiToken.objects.select_related("creditor").filter(digest=digest_of(text), revoked_at=None).first()
    if token is None:
        return None
    if token.expires_on is not None and at.astimezone(ZoneInfo(token.creditor.time_zone)).date() >= token.expires_on:
        return None
    long_ago = Q(last_used_at__isnull=True) | Q(last_used_at__lt=at - USE_TOLD_EVERY)
    if token.last_used_at is None or token.last_used_at < at - USE_TOLD_EVERY:
        ApiToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=at)
    return token
