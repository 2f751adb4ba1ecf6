"""The button that sends a message to oneself through the company's mail server, and what the server answered."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exigible.books.creditors.models import MailServer
from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import CONFIGURE
from exigible.common.errors import Refused
from exigible.common.http import needs
from exigible.features.messages.trial import send_test
from exigible.features.outbox.models import Message


class NoMailServer(Refused):
    """There is no mail server to try yet: save one under Settings, Mail."""


@needs(CONFIGURE)
@require_POST
def test_mail(request: StaffRequest) -> HttpResponse:
    """Send a message to oneself at once and show the server's answer in its own words."""
    if not MailServer.objects.filter(creditor=request.creditor).exists():
        raise NoMailServer
    message = send_test(request.creditor, request.user, request.now)
    if message.state == Message.State.SENT:
        messages.success(
            request,
            _("The server took the message for %(email)s. Look into your mailbox, and among the junk.")
            % {"email": message.recipient},
        )
    else:
        messages.warning(
            request,
            _("The message did not leave. The server answered: %(answer)s") % {"answer": message.receipt or "—"},
        )
    return redirect("staff:mail")
