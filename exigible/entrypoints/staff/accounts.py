"""How people sign in: by e-mail and password or by a link used once; nobody signs up alone."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.utils.translation import gettext_noop

from exigible.books.creditors.models import User
from exigible.books.journal.operations import record
from exigible.common.clock import now, today
from exigible.entrypoints.staff.middleware import chosen_member

# A sentence of allauth's own: said again here, so that our catalogue gives it its French spaces.
SAID_BY_ALLAUTH = gettext_noop("Forgot your password?")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """An owner invites people; each sign-in is told in the company's journal."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Return False: accounts come from invitations."""
        return False

    def login(self, request: Any, user: User) -> None:
        """Sign a person in and write it down."""
        super().login(request, user)
        tell_sign_in(request, user)


def tell_sign_in(request: Any, user: User) -> None:
    """Write in the journal of the person's company that the person signed in."""
    member = chosen_member(request, user)
    if member is None:
        return
    with transaction.atomic():
        record(
            "signed_in", member.creditor, {"user": user.pk},
            on=today(member.creditor.time_zone), at=now(), actor=f"user:{user.pk}",
        )  # fmt: skip
