"""Why a message stopped on its way: who said what, told apart so that one sentence can say what to do."""

import re
from datetime import date
from typing import Any

from exigible.features.outbox.models import Message

State = Message.State
ANSWER = re.compile(r"\d{3}[ -]")
NO_SERVER = "no mail server is set"
LOST = "the worker stopped while sending"


def stopped_because(state: str, receipt: str, attempts: int, on: date, *, recipient: str = "") -> dict[str, Any]:
    """Return the rule and the facts of a message that failed, came back or may have left.

    `receipt` holds the answer of the mail server (a code of three digits, then its words), else what our side met.
    """
    facts = {"on": on.isoformat(), "error": receipt or None}
    if state == State.BOUNCED:
        return {"rule": "message.bounced", "facts": facts | {"address": recipient or None}}
    if state == State.UNCERTAIN:
        lost = {"on": facts["on"]}
        return (
            {"rule": "message.lost", "facts": lost}
            if receipt == LOST
            else {"rule": "message.uncertain", "facts": facts}
        )
    if not attempts:
        return {"rule": "message.unwritten", "facts": {"error": facts["error"]}}
    if receipt == NO_SERVER:
        return {"rule": "message.no_server", "facts": {}}
    return {"rule": "message.failed" if ANSWER.match(receipt) else "message.unreachable", "facts": facts}
