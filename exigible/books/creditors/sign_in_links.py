"""Links that sign a person in once: made for a first start, an invitation, a password forgotten."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from exigible.books.creditors.models import SignInLink, User

FIRST_START = timedelta(hours=24)
INVITATION = timedelta(days=7)
FORGOTTEN = timedelta(minutes=15)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_sign_in_link(user: User, now: datetime, lasts: timedelta = FIRST_START) -> str:
    """Return an address that signs this person in once, before it expires; only the digest of its token is kept."""
    SignInLink.objects.filter(expires_at__lt=now).delete()
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(user=user, digest=_digest(token), expires_at=now + lasts)
    return f"{settings.BASE_URL}/sign-in/{token}/"


def person_of_link(token: str, now: datetime) -> User | None:
    """Return whom a link would sign in, without using it."""
    link = (
        SignInLink.objects.filter(digest=_digest(token), used_at=None, expires_at__gt=now)
        .select_related("user")
        .first()
    )
    return link.user if link and link.user.is_active else None


@transaction.atomic
def use_sign_in_link(token: str, now: datetime) -> User | None:
    """Use a link up and return its person; of two requests at once, one gets the person and the other nothing."""
    waiting = SignInLink.objects.filter(digest=_digest(token), used_at=None, expires_at__gt=now, user__is_active=True)
    if not waiting.update(used_at=now):
        return None
    return SignInLink.objects.select_related("user").get(digest=_digest(token)).user
