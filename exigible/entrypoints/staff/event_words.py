"""What each kind of event and each stream is called on screen; a test holds it against books/journal/kinds.py."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "creditor.created": _("Company set up"),
    "creditor.changed": _("Settings changed"),
    "creditor.went_live": _("Went live: messages may leave"),
    "creditor.rehearses": _("Rehearsal: nothing leaves"),
    "member.invited": _("Person let in"),
    "member.changed": _("Role changed"),
    "member.removed": _("Person removed"),
    "signed_in": _("Signed in"),
    "policy.published": _("Policy published"),
    "rate.added": _("Rate added"),
    "rate.removed": _("Rate taken back"),
    "ledger.posted": _("File posted to the books"),
    "ledger.undone": _("Posting undone"),
    "import.refused": _("File refused"),
    "day.run": _("Day run"),
    "day.sealed": _("Day sealed"),
    "customer.changed": _("Account changed"),
    "contact.changed": _("Contact changed"),
    "payment.recorded": _("Payment recorded"),
    "payment.removed": _("Payment taken back"),
    "payment.allocated": _("Payment set against an invoice"),
    "payment.unallocated": _("Allocation undone"),
    "invoice.changed": _("Invoice clarified"),
    "charge.accrued": _("Charge accrued"),
    "charge.claimed": _("Charge claimed"),
    "charge.waived": _("Charge waived"),
    "charge.paid": _("Charge paid"),
    "charge.unpaid": _("Payment of a charge withdrawn"),
    "charge.restored": _("Waiver withdrawn: the principal is unpaid again"),
    "charge.corrected": _("Charges brought in line with the accounts"),
    "document.attached": _("Document attached"),
    "limitation.recorded": _("Time to sue: event recorded"),
    "limitation.removed": _("Time to sue: event taken back"),
    "limitation.changed": _("Time to sue: supply clarified"),
    "limitation.warned": _("Last day to sue draws near"),
    "limitation.handled": _("Last day to sue: act noted"),
    "mentions.checked": _("Mentions of an invoice checked"),
    "case.opened": _("Case opened"),
    "case.closed": _("Case closed"),
    "case.failed": _("Case that could not be looked at"),
    "case.held": _("Hold began"),
    "case.released": _("Hold ended"),
    "step.taken": _("Step decided"),
    "step.delivered": _("Step delivered"),
    "step.failed": _("Step not delivered"),
    "step.declared": _("Earlier reminder declared"),
    "message.rendered": _("Message written"),
    "message.approved": _("Message approved"),
    "message.sent": _("Message sent"),
    "message.rehearsed": _("Message rehearsed"),
    "message.cancelled": _("Message cancelled"),
    "message.refused": _("Contact refused by the guard"),
    "message.bounced": _("Message came back"),
    "message.failed": _("Message not handed over"),
    "message.uncertain": _("Message that may have left"),
    "letter.posted": _("Letter posted"),
    "call.made": _("Call made"),
    "task.done": _("Task done"),
    "note.added": _("Note"),
}

STREAMS = {"creditor": _("company"), "customer": _("account"), "case": _("case")}


def stream_words(stream: str) -> str:
    """Return a stream's name on screen: `case/12` is `case 12` in the reader's language."""
    name, _slash, number = stream.partition("/")
    return f"{STREAMS.get(name, name)} {number}"
