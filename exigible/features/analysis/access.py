"""Who may use the analysis without signing in: whoever sits at the machine, and others only if the owner opens it."""

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from exigible.common.errors import Refused
from exigible.common.origin import address_of, comes_from_this_machine

ANALYSES_A_MINUTE = 20
_MINUTE = 60


class TooManyAnalyses(Refused):
    """Too many analyses were asked from your address within a minute: wait a minute, then ask again; what you typed is still in the form."""


def is_open(request: HttpRequest) -> bool:
    """Say whether this visitor may use the analysis."""
    user = getattr(request, "user", None)  # a fault before the sign-in is looked at has none
    return bool(user and user.is_authenticated) or settings.PUBLIC_ANALYSIS or comes_from_this_machine(request)


def count(request: Any) -> None:
    """Count one analysis of a stranger's address; TooManyAnalyses beyond the limit. Kept for a minute, and no longer.

    The key is a digest, so that the cache holds no address.
    """
    if request.user.is_authenticated or comes_from_this_machine(request):
        return
    minute = int(request.now.timestamp()) // _MINUTE
    key = f"analysis:{sha256(address_of(request).encode()).hexdigest()[:32]}:{minute}"
    cache.add(key, 0, timeout=_MINUTE)
    if cache.incr(key) > ANALYSES_A_MINUTE:
        raise TooManyAnalyses
