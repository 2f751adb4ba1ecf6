"""The table of channels: how each kind of message is handed over once its bytes are frozen."""

from collections.abc import Callable
from typing import NamedTuple

from exigible.features.outbox.channels import email
from exigible.features.outbox.channels.outcome import Outcome
from exigible.features.outbox.models import Message


class Channel(NamedTuple):
    """A channel: the state in which a frozen message waits, and who hands it over (None: a person)."""

    waits_as: str
    send: Callable[[Message, bytes], Outcome] | None


CHANNELS: dict[str, Channel] = {
    "email": Channel(Message.State.READY, email.send),
    "letter": Channel(Message.State.TO_POST, None),
    "registered_letter": Channel(Message.State.TO_DO, None),
    "phone": Channel(Message.State.TO_DO, None),
    "task": Channel(Message.State.TO_DO, None),
}
