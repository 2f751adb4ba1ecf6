"""What happened to a movement, read from the journal: received, applied, undone, set aside, given back, by whom."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from exigible.books.creditors.models import User
from exigible.books.journal.models import Event, EventPayload
from exigible.features.bank.models import Application, BankTransaction, Proposal

MOST = 100
MOST_LOOKED_AT = 2000
WORDS = {
    "bank.applied": _("Applied to invoices"),
    "bank.undone": _("Undone"),
    "bank.set_aside": _("Put aside"),
    "bank.taken_up": _("Taken up again"),
    "bank.returned": _("Given back by the bank"),
    "bank.given_back": _("Gives back an earlier one"),
    "payment.written_off": _("Difference written off"),
    "payer.learned": _("Payer remembered"),
    "payer.forgotten": _("Payer forgotten"),
}


class Moment(NamedTuple):
    """One thing that happened: when, what, by whom (nothing: by itself)."""

    at: datetime
    word: Any
    actor: str
    note: str


def of(movement: BankTransaction) -> list[Moment]:
    """Return what happened to a movement, the first thing first."""
    customers = {
        *Application.objects.filter(transaction=movement).values_list("payment__customer_id", flat=True),
        *Proposal.objects.filter(transaction=movement).values_list("customer_id", flat=True),
    }
    streams = [movement.creditor.stream, *(f"customer/{key}" for key in customers)]
    events = Event.objects.filter(creditor_id=movement.creditor_id, stream__in=streams, kind__in=WORDS)
    latest = list(events.order_by("-id").values_list("pk", flat=True)[:MOST_LOOKED_AT])
    about = EventPayload.objects.filter(event_id__among=latest, body__contains=f'"transaction":{movement.pk}')
    told = {key: json.loads(body) for key, body in about.values_list("event_id", "body")}
    payloads = {key: payload for key, payload in told.items() if payload.get("transaction") == movement.pk}
    found = list(Event.objects.filter(pk__in=payloads).order_by("at", "id")[:MOST])
    people = User.objects.filter(pk__in=[int(each.actor[5:]) for each in found if each.actor.startswith("user:")])
    names = {f"user:{person.pk}": str(person) for person in people}
    return [
        Moment(event.at, WORDS[event.kind], names.get(event.actor, ""), str(payloads[event.pk].get("note", "")))
        for event in found
    ]
