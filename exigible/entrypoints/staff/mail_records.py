"""Which records the sender's domain needs so that reminders are not taken for junk: SPF, DKIM, DMARC by their exact names."""

from ipaddress import ip_address
from typing import NamedTuple

from django.utils.translation import gettext as _

from exigible.books.creditors.models import MailServer


class DomainRecord(NamedTuple):
    """One TXT record: its name in the domain, an example of its value, what it is for."""

    title: str
    name: str
    value: str
    reason: str


def _mechanism(host: str) -> str:
    try:
        return f"ip{ip_address(host).version}:{host}"
    except ValueError:
        return f"a:{host}"


def records_for(server: MailServer) -> list[DomainRecord]:
    """Return the three records for the domain of the sender's address."""
    domain = server.from_address.rpartition("@")[2].lower()
    return [
        DomainRecord("SPF", domain, f"v=spf1 {_mechanism(server.host)} ~all", _("Says which servers may send for the domain. Only one record of this kind: add this server, or your provider's include, to the one that exists.")),
        DomainRecord("DKIM", f"…._domainkey.{domain}", "v=DKIM1; k=rsa; p=…", _("Holds the key with which your provider signs each message. The provider gives the beginning of the name (the selector) and the key.")),
        DomainRecord("DMARC", f"_dmarc.{domain}", f"v=DMARC1; p=none; rua=mailto:{server.from_address}", _("Says what to do with messages that fail both checks, and where to report. Begin with p=none, then p=quarantine.")),
    ]  # fmt: skip
