"""The bearer key of a program, what it may do, and how often."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja.security import HttpBearer
from ninja.throttling import SimpleRateThrottle

from exigible.books.creditors.api_tokens import token_in_force
from exigible.books.creditors.models import ApiToken
from exigible.common.clock import now, today
from exigible.common.errors import Refused

RATE = "600/m"
SAFE = ("GET", "HEAD", "OPTIONS")

NO_TOKEN = gettext_noop("Give a valid key: Authorization: Bearer exg_… An owner makes one under Settings, API.")


class ReadsOnly(Refused):
    """This key only reads: ask an owner for one that may write."""


class Bearer(HttpBearer):
    """Finds for which creditor a program works; its requests carry what staff views carry."""

    def authenticate(self, request: Any, token: str) -> ApiToken | None:
        """Return the key in force; one that only reads is refused what writes."""
        at = now()
        found = token_in_force(token, at)
        if found is None:
            return None
        if found.scope != ApiToken.Scope.WRITE and request.method not in SAFE:
            raise ReadsOnly
        request.creditor, request.now, request.actor = found.creditor, at, f"token:{found.pk}"
        request.today = today(found.creditor.time_zone)
        timezone.activate(found.creditor.time_zone)
        return found


class PerToken(SimpleRateThrottle):
    """So many requests a minute for each key."""

    def __init__(self) -> None:
        super().__init__(RATE)

    def get_cache_key(self, request: HttpRequest) -> str | None:
        """The key counts, wherever its requests come from."""
        token = getattr(request, "auth", None)
        return f"api/{token.pk}" if token else None
