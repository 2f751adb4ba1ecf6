"""What the screens of messages show: lists by state a page at a time, one message in full, who gets nothing and why."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exigible.books.cases.models import Case
from exigible.books.creditors.models import Creditor, User
from exigible.books.documents.operations import read_document
from exigible.books.journal.models import Event, EventPayload
from exigible.common.errors import Refused
from exigible.features.messages.compose import house_of
from exigible.features.messages.labels import label
from exigible.features.messages.letter import letter_text
from exigible.features.messages.reading import opened
from exigible.features.messages.script import call_script
from exigible.features.messages.stopped import stopped_because
from exigible.features.messages.wording import because_sentence
from exigible.features.outbox.models import Message

State = Message.State
TABS: dict[str, tuple[str, ...]] = {
    "to_approve": (State.TO_APPROVE,),
    "rehearsed": (State.REHEARSED,),
    "ready": (State.QUEUED, State.READY, State.SENDING),
    "to_post": (State.TO_POST,),
    "held": (State.UNCERTAIN, State.FAILED, State.BOUNCED),
    "cancelled": (State.CANCELLED,),
    "sent": (State.SENT, State.DELIVERED),
}
TAB_NAMES = {
    "to_approve": _("To approve"), "rehearsed": _("Rehearsed"), "ready": _("Ready"), "to_post": _("To post"),
    "held": _("Stopped"), "cancelled": _("Cancelled"), "sent": _("Sent"), "excluded": _("Who gets nothing"),
}  # fmt: skip
COUNTED_TABS = ("to_approve", "rehearsed", "ready", "to_post", "held")
PAGE_SIZE = 50
MOST_COUNTED = 999
MOST_CASES = 1000
MOST_SHOWN = 100
FIRST_SHOWN = 5
DIGEST_SEEN = 16
MOST_HISTORY = 300


class ChangedSince(Refused):
    """One of these messages is no longer what you saw; nothing was approved. Reload the page and read it again."""


class Page(NamedTuple):
    """Rows of a page, and the keys of its neighbours (nothing where there is none)."""

    rows: list[dict[str, Any]]
    previous: str
    next: str


def language() -> str:
    """Return the language of the screen, as the texts name it."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def tab_list(creditor: Creditor) -> list[dict[str, Any]]:
    """Return the tabs, with how many wait in each, counted up to a bound; rehearsed only where there is something."""
    tabs = []
    for name, title in TAB_NAMES.items():
        count = _bounded(creditor, TABS[name]) if name in COUNTED_TABS else None
        if name != "rehearsed" or count or creditor.rehearses:
            shown = f"{MOST_COUNTED}+" if count is not None and count > MOST_COUNTED else count
            tabs.append({"name": name, "title": title, "count": shown})
    return tabs


def _bounded(creditor: Creditor, states: Sequence[str]) -> int:
    return len(Message.objects.of(creditor).filter(state__in=states).order_by().values_list("pk")[: MOST_COUNTED + 1])


def default_tab(creditor: Creditor) -> str:
    """Return where the screen opens: what waits for approval, in rehearsal what would have left."""
    if creditor.rehearses and not _bounded(creditor, TABS["to_approve"]):
        return "rehearsed"
    return "to_approve"


def batches(creditor: Creditor, tab: str) -> list[dict[str, Any]]:
    """Return the steps waiting in a tab, each with its count among the first thousand."""
    rows = Message.objects.of(creditor).filter(state__in=TABS[tab]).order_by().values_list("step")
    counted = Counter(step for (step,) in rows[: MOST_COUNTED + 1])
    return [{"step": step, "name": step_name(step), "count": count} for step, count in counted.most_common()]


def page_of_messages(creditor: Creditor, tab: str, step: str, after: str, before: str) -> Page:
    """Return one page of a tab, the latest first; a key is the id of the message beside the page."""
    rows: QuerySet[Any] = (
        Message.objects.of(creditor).filter(state__in=TABS[tab]).select_related("customer", "creditor", "document")
    )
    if step:
        rows = rows.filter(step=step)
    backwards = bool(_key(before)) and not _key(after)
    if backwards:
        found = list(rows.filter(pk__gt=_key(before)).order_by("pk")[: PAGE_SIZE + 1])
    else:
        within = rows.filter(pk__lt=_key(after)) if _key(after) else rows
        found = list(within.order_by("-pk")[: PAGE_SIZE + 1])
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if backwards:
        found.reverse()
    if not found:
        return Page([], "", "")
    first, last = str(found[0].pk), str(found[-1].pk)
    has_previous, has_next = (more, True) if backwards else (bool(_key(after)), more)
    return Page([row_of(message) for message in found], first if has_previous else "", last if has_next else "")


def _key(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def row_of(message: Message) -> dict[str, Any]:
    """Return a message as a list shows it; `seen` names it with the bytes that the person sees."""
    facts = message.facts
    seen = f"{message.pk}:{message.document.digest[:DIGEST_SEEN]}" if message.document else f"{message.pk}:"
    return {
        "message": message, "customer": message.customer, "name": name_of(message), "seen": seen, "step": step_name(message.step),
        "channel": label("channel", message.channel, language()), "template": template_name(message),
        "amount_minor": facts.get("balance", facts.get("total")),
        "currency": facts.get("currency", "EUR"), "because": because_of(message, facts), "reason": reason_of(message),
    }  # fmt: skip


def step_name(step: str) -> str:
    """Return the word of a step, or of a message that is no step."""
    return label("step", step, language()) if step else str(_("service message"))


def name_of(message: Message) -> str:
    """Return whom a message is for: the customer, else the person of the house to whom it goes."""
    return message.customer.name if message.customer else message.recipient or message.creditor.name


def template_name(message: Message) -> str:
    """Return the word of a message's text; a step without a text of its own has the step's."""
    found = label("template", message.template, language())
    return step_name(message.step) if found == message.template.replace("_", " ") and message.step else found


def because_of(message: Message, facts: Mapping[str, Any]) -> str:
    """Return why a message was decided, rebuilt from what it states: the facts of its day, which is named."""
    if not message.step or not facts.get("invoices"):
        return ""
    late = [line.get("days_late") or 0 for line in facts["invoices"]]
    channel = "task" if message.purpose == Message.Purpose.INTERNAL else message.channel  # a person prepares it
    known = {
        "step": message.step, "channel": channel, "contact": (facts.get("recipient") or {}).get("name") or None,
        "customer": (facts.get("customer") or {}).get("name"), "amount": facts.get("total"), "currency": facts.get("currency"),
        "count": len(late), "days_late": max(late), "usual_delay": facts.get("usual_delay"), "limits": limits_of(facts),
        "previous": facts.get("previous") or [], "next": facts.get("next"), "case": message.case_id,
        "invoices": [line["id"] for line in facts["invoices"]], "entry": False, "when": message.on.isoformat(),
    }  # fmt: skip
    rule = "step.upcoming" if max(late) <= 0 else "step.due"
    return because_sentence({"rule": rule, "facts": known}, language()).text


def limits_of(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what held a step back, as it was stated; of a message older than that statement, what its facts still show."""
    stated = facts.get("limits")
    if stated is not None:
        return list(stated)
    return [{"rule": "kind.unknown", "facts": {}}] if facts.get("debtor") == "unknown" else []


def undated(sentence: str) -> str:
    """Return a reason without its "today": it is read on other days than the one it speaks of."""
    return sentence.replace(" aujourd'hui", "").replace(" aujourd\u2019hui", "").replace(" today", "")


def reason_of(message: Message) -> str:
    """Return why a message was cancelled, or what came back when it could not leave."""
    if not message.cancelled_because:
        if message.state not in (State.FAILED, State.BOUNCED, State.UNCERTAIN):
            return ""
        stopped = stopped_because(
            message.state, message.receipt, message.attempts, message.on, recipient=message.recipient
        )
        return because_sentence(stopped, language()).text
    because = json.loads(message.cancelled_because)
    facts = because.get("facts") or {}
    if isinstance(facts.get("by"), int):
        because["facts"] = facts | {"by": str(User.objects.filter(pk=facts["by"]).first() or "")}
    return because_sentence(because, language()).text


def seen_ids(creditor: Creditor, seen: Sequence[str]) -> list[int]:
    """Return the ids of messages named with the bytes that a person saw. Raises ChangedSince when one has other bytes.

    A message that no longer waits is left out: its bytes are not the matter.
    """
    wanted = {}
    for name in seen:
        key, _colon, digest = name.partition(":")
        if (found := _key(key)) is not None:
            wanted[found] = digest
    waiting = Message.objects.of(creditor).filter(pk__in=wanted, state=State.TO_APPROVE)
    digests = dict(waiting.values_list("pk", "document__digest"))
    if any(not wanted[key] or not (digest or "").startswith(wanted[key]) for key, digest in digests.items()):
        raise ChangedSince
    return sorted(digests)


def letters_to_post(creditor: Creditor, keys: Sequence[str]) -> list[Message]:
    """Return the letters of these ids that wait to be posted, in their order."""
    ids = [found for key in keys if (found := _key(key)) is not None]
    rows = Message.objects.of(creditor).filter(pk__in=ids, state=State.TO_POST, document__isnull=False)
    return list(rows.select_related("document__content", "customer", "case", "creditor").order_by("pk")[:MOST_SHOWN])


def following(creditor: Creditor, seen: Sequence[str]) -> Message | None:
    """Return the message to read after those that were approved, if any waits."""
    last = max((_key(name.partition(":")[0]) or 0 for name in seen), default=0)
    waiting = Message.objects.of(creditor).filter(state=State.TO_APPROVE)
    return waiting.filter(pk__lt=last).order_by("-pk").first() or waiting.order_by("-pk").first()


RULE_NAMES = {
    "all.on.hold": _("On hold"), "contact.too.soon": _("Written to too recently"), "one.contact.a.day": _("Contacted today already"),
    "budget.spent": _("Contacted often enough this month"), "step.not.due": _("The next step is not due yet"),
    "waiting.delivery": _("The last step is not delivered yet"), "below.minimum": _("Below the minimum amount"),
    "credits.cover": _("Covered by credits that are not set against an invoice"), "nothing.due": _("Nothing is due"),
    "policy.ended": _("The policy has no further step"), "first.message.quota": _("Today's quota of first messages is reached"),
    "unconfirmed.opening": _("Opening items to confirm"), "no.address": _("No way to reach them"),
    "no.due.date": _("No due date"), "kind.missing": _("Kind of customer to set"),
}  # fmt: skip


def excluded(creditor: Creditor, only: str = "") -> list[dict[str, Any]]:
    """Return who gets nothing, by reason, among the thousand worst open cases; of one rule, a hundred of its cases."""
    rows = (
        Case.objects.of(creditor).filter(state=Case.State.OPEN).select_related("customer").order_by("-priority", "pk")
    )
    groups: dict[str, dict[str, Any]] = {}
    for case in rows[:MOST_CASES]:
        if not case.waiting:
            continue
        because = json.loads(case.waiting)
        rule = because["rule"]
        if only and rule != only:
            continue
        group = groups.setdefault(rule, {"rule": rule, "name": RULE_NAMES.get(rule, rule), "count": 0, "cases": []})
        group["count"] += 1
        if len(group["cases"]) < (MOST_SHOWN if only else FIRST_SHOWN):
            group["cases"].append({"case": case, "sentence": because_sentence(because, language()).text})
    return sorted(groups.values(), key=lambda group: -group["count"])


def invoice_lines(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the invoices that a message states, their days as dates."""
    return [
        {**line, "due_on": date.fromisoformat(line["due"]) if line.get("due") else None}
        for line in facts.get("invoices") or ()
    ]


def in_full(message: Message) -> dict[str, Any]:
    """Return all that the page of one message shows: its words as frozen, the facts they state, what came of it."""
    facts, row = message.facts, row_of(message)
    is_email = message.document is not None and message.channel == "email"
    mail = opened(read_document(message.document), language()) if is_email and message.document else None
    is_letter = message.document is not None and message.document.media_type == "application/pdf"
    task = call_script(script_facts(message, facts)) if message.channel == "phone" else []
    words = letter_text({**facts, **house_of(message.creditor).facts}) if is_letter else ""
    return row | {
        "facts": facts, "credits_off": -(facts.get("credits") or 0), "letter_text": words, "mail": mail, "is_letter": is_letter, "lines": invoice_lines(facts), "script": task,
        "tab": next(name for name, states in (*TABS.items(), ("ready", (State.TO_DO,))) if message.state in states),
        "history": history_of(message), "answer": answer_of(message), "may_withdraw": State.CANCELLED in Message.MOVES.get(State(message.state), set()),
        "may_retry": message.state == State.FAILED and message.attempts > 0, "invoice_count": len(facts.get("invoices") or ()),
    }  # fmt: skip


def answer_of(message: Message) -> tuple[str, str]:
    """Return what came of a message once it was handed over, with its name: that depends on the channel."""
    match message.channel:
        case "letter" | "registered_letter":
            return str(_("Proof of posting")), message.receipt
        case "phone":
            return str(_("What the call gave")), label("outcome", message.receipt, language())
        case "task":
            return str(_("Note")), message.receipt
    return str(_("Answer received")), message.receipt


def script_facts(message: Message, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of a call in the language of the screen: a person reads them here."""
    return {**facts, **house_of(message.creditor).facts, "language": language()}


HISTORY = {
    "step.taken": _("It was decided"), "message.approved": _("It was approved"), "message.sent": _("It left"), "message.cancelled": _("It was cancelled"),
    "message.refused": _("Held back by the contact budget"), "message.bounced": _("It came back"), "message.failed": _("It could not leave"),
    "message.uncertain": _("It may have left"), "letter.posted": _("It was posted"), "call.made": _("The call was made"), "task.done": _("It was done"),
    "step.delivered": _("Counted as delivered"),
}  # fmt: skip


def history_of(message: Message) -> list[dict[str, Any]]:
    """Return what the journal tells of a message, in order: when, what, by whom, what the other side said."""
    owner = (message.case or message.customer or message.creditor).stream
    since = (
        Event.objects.of(message.creditor).filter(stream=owner, kind__in=HISTORY, on__gte=message.on).order_by("number")
    )
    events = list(since[:MOST_HISTORY])
    bodies = EventPayload.objects.filter(event_id__in=[event.pk for event in events])
    payloads = {key: json.loads(body) for key, body in bodies.values_list("event_id", "body")}
    told = [event for event in events if _is_about(payloads.get(event.pk, {}), message)]
    people = User.objects.filter(pk__in=[int(e.actor[5:]) for e in told if e.actor.startswith("user:")])
    names = {f"user:{person.pk}": str(person) for person in people}
    return [
        {
            "at": event.at, "word": HISTORY[event.kind], "actor": names.get(event.actor, ""),
            "told": payloads[event.pk].get("told") or payloads[event.pk].get("receipt") or payloads[event.pk].get("proof") or "",
        }
        for event in told
    ]  # fmt: skip


def _is_about(payload: Mapping[str, Any], message: Message) -> bool:
    if payload.get("message") == message.pk:
        return True
    return message.action_id is not None and payload.get("action") == message.action_id
