"""next_step: what to do on a case today, as a value; the policy and the facts come in, nothing is read or written."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from exigible.core.because import JSON, Because
from exigible.core.dates import add_working_days, is_working_day, next_working_day
from exigible.core.guard import first_day_allowed
from exigible.core.plan import CaseFacts, InvoiceFacts, Policy, Step

BY_PERSON = frozenset({"formal_notice", "handover", "task"})
USUAL_ORDER = ("preventive", "friendly", "firm", "call", "letter", "formal_notice", "handover")
LATE_ENTRY_DAYS = 7
UNDELIVERED_AFTER_DAYS = 3


class Next(NamedTuple):
    """What comes if nothing happens."""

    step: str
    on: date


class Take(NamedTuple):
    """Take a step today: it speaks of `stated` and marks on each invoice of `marks` that invoice's own next step."""

    step: Step
    channel: str
    tone: int
    stated: Sequence[InvoiceFacts]
    marks: Mapping[int, str]
    currency: str
    amount: int
    is_late_entry: bool
    next: Next | None
    because: Because


class Wait(NamedTuple):
    """Do nothing before a day (None: nothing more to do until something happens)."""

    until: date | None
    because: Because


class Propose(NamedTuple):
    """A step with legal effect, or a person's task, falls due: a person prepares it, and it holds the later steps."""

    step: Step
    stated: Sequence[InvoiceFacts]
    marks: Mapping[int, str]
    currency: str
    amount: int
    next: Next | None
    because: Because


Due = tuple[InvoiceFacts, Step]


class Look(NamedTuple):
    """A case looked at on a day, under a policy and the steps of its track."""

    case: CaseFacts
    policy: Policy
    steps: tuple[Step, ...]
    today: date


class Demand(NamedTuple):
    """What would be asked: the step, of which invoices and how much; `limits` notes what was held back on the way."""

    step: Step
    channel: str
    stated: Sequence[InvoiceFacts]
    marks: Mapping[int, str]
    currency: str
    amount: int
    limits: list[JSON]


def track_of(kind: str, profile: str) -> str:
    """Return the track of a debtor: its payer profile for a business or an unknown kind, else its kind."""
    return kind if kind in ("consumer", "public_body") else profile


def next_step(case: CaseFacts, policy: Policy, today: date) -> Take | Propose | Wait:
    """Return what to do today on a case: the highest step falling due among its invoices, or why to wait and until when."""
    if case.held_until is not None and case.held_until >= today:
        return Wait(case.held_until + timedelta(days=1), Because("all.on.hold", {"holds": list(case.holds)}))
    free = [invoice for invoice in case.invoices if invoice.open - invoice.held > 0]
    if not free:
        rule = "all.on.hold" if case.invoices else "nothing.due"
        return Wait(None, Because(rule, {"holds": list(case.holds)} if case.invoices else {}))
    look = Look(case, policy, policy.tracks[track_of(case.kind, case.profile)], today)
    due, waits = _sort_out(case, free, look.steps, today)
    return _decide(look, due, waits)


def _sort_out(
    case: CaseFacts, free: Sequence[InvoiceFacts], steps: tuple[Step, ...], today: date
) -> tuple[list[Due], list[Wait]]:
    """Split the invoices into those whose own next step falls due today and the reasons why the others wait."""
    due: list[Due] = []
    waits: list[Wait] = []
    for invoice in free:
        if blocked := _blocked(invoice, today):
            waits.append(blocked)
            continue
        found = step_after(invoice, case, steps, today)
        if found is None:
            waits.append(Wait(None, Because("policy.ended", {})))
        elif found[1] <= today:
            due.append((invoice, found[0]))
        else:
            waits.append(Wait(found[1], Because("step.not.due", {"step": found[0].name, "date": found[1].isoformat()})))
    return due, waits


def _blocked(invoice: InvoiceFacts, today: date) -> Wait | None:
    """Why an invoice may not be asked for at all: no date, not confirmed, or its last step not yet delivered."""
    if invoice.due is None:
        return Wait(None, Because("no.due.date", {"count": 1}))
    if not invoice.is_confirmed:
        return Wait(None, Because("unconfirmed.opening", {"count": 1}))
    if invoice.last_step and not invoice.is_delivered and invoice.last_step != "preventive":
        assert invoice.last_taken_on is not None
        again = max(today + timedelta(days=1), invoice.last_taken_on + timedelta(days=UNDELIVERED_AFTER_DAYS))
        on = invoice.last_taken_on.isoformat()
        return Wait(
            again, Because("waiting.delivery", {"step": invoice.last_step, "on": on, "date": again.isoformat()})
        )
    return None


def step_after(
    invoice: InvoiceFacts, case: CaseFacts, steps: tuple[Step, ...], today: date
) -> tuple[Step, date] | None:
    """Return an invoice's own next step and its earliest day; None after the last. Offsets are earliest days.

    A step is the one after the last taken, whatever the age of the invoice: a late import never skips one, and a customer
    that changes track or policy does no step twice. The spacing is kept from the day on which the previous one was made.
    """
    assert invoice.due is not None
    reached = _rank_reached(invoice.last_step, steps)
    taken = case.taken.get(invoice.id, ())
    last = next((step for step in steps if step.rank == reached), None)
    for step in steps:
        if step.rank <= reached or step.name in taken:
            continue
        if step.offset_days < 0 and today >= invoice.due:
            continue
        if step.channel == "phone" and not case.has_phone:
            continue
        return step, _earliest_day(invoice, step, last, case.country)
    return None


def _rank_reached(last_step: str, steps: tuple[Step, ...]) -> int:
    """The rank of the last step taken; where the track has no such step, that of the last one which usually precedes it."""
    if not last_step:
        return 0
    ranks = {step.name: step.rank for step in steps}
    if last_step in ranks or last_step not in USUAL_ORDER:
        return ranks.get(last_step, 0)
    before = USUAL_ORDER[: USUAL_ORDER.index(last_step)]
    return max((ranks[name] for name in before if name in ranks), default=0)


def _earliest_day(invoice: InvoiceFacts, step: Step, last: Step | None, country: str) -> date:
    assert invoice.due is not None
    day = invoice.due + timedelta(days=step.offset_days)
    if last is None or invoice.last_taken_on is None or last.offset_days < 0:
        return day
    if last.notice_days is not None:
        return next_working_day(invoice.last_taken_on + timedelta(days=last.notice_days), country)
    return max(day, invoice.last_taken_on + timedelta(days=step.offset_days - last.offset_days))


def _decide(look: Look, due: Sequence[Due], waits: Sequence[Wait]) -> Take | Propose | Wait:
    """Take the first thing that may be done: a person's steps, then what is late, then what is coming; else wait.

    A debt that is not worth asking for, or that a person must first complete, never keeps the others from being asked.
    """
    refused: list[Wait] = []
    for group in _groups(due):
        name = max(group, key=lambda pair: pair[1].rank)[1].name
        decision = _proposal(look, group) if name in BY_PERSON else _demand(look, group)
        if not isinstance(decision, Wait):
            return decision
        refused.append(decision)
    until = min((wait.until for wait in (*refused, *waits) if wait.until is not None), default=None)
    return Wait(until, refused[0].because if refused else _earliest(waits).because)


def _earliest(waits: Sequence[Wait]) -> Wait:
    """The wait that ends first; one without an end only when no other has one."""
    ending = [wait for wait in waits if wait.until is not None]
    return min(ending, key=lambda wait: wait.until or date.max) if ending else waits[0]


def _groups(due: Sequence[Due]) -> list[list[Due]]:
    """Split what falls due by currency, and a person's steps by step; the highest step first, then where most is asked."""
    groups: dict[tuple[int, str, str], list[Due]] = {}
    for invoice, step in due:
        sort = 0 if step.name in BY_PERSON else 1 if step.offset_days >= 0 else 2
        groups.setdefault((sort, invoice.currency, step.name if sort == 0 else ""), []).append((invoice, step))

    def order(key: tuple[int, str, str]) -> tuple[int, int, int, int]:
        group = groups[key]
        highest, asked = max(step.rank for _invoice, step in group), sum(invoice.open for invoice, _step in group)
        return key[0], -highest, -asked, min(invoice.id for invoice, _step in group)

    return [groups[key] for key in sorted(groups, key=order)]


def _demand(look: Look, group: Sequence[Due]) -> Take | Wait:
    """Ask for all that is late in the group's currency (or for what is coming), at the highest of its steps."""
    case, today = look.case, look.today
    step, currency = max((step for _invoice, step in group), key=lambda step: step.rank), group[0][0].currency
    stated = [invoice for invoice, _step in group] if step.offset_days < 0 else _late(case, currency, today)
    amount = sum(invoice.open - invoice.held for invoice in stated)
    if refused := _not_worth(look, currency, amount):
        return refused
    channel, limits = _channel(case, step)
    if channel is None:
        return Wait(None, Because("no.address", {"channel": step.channel}))
    day, why = first_day_allowed(case.history, channel, look.policy.limits[case.kind], today, case.country)
    if why is not None:
        if why.rule == "step.not.due":
            why = Because("step.not.due", {"step": step.name, "date": day.isoformat()})
        return Wait(day, why)
    marks = {invoice.id: own.name for invoice, own in group}
    return _take(look, Demand(step, channel, stated, marks, currency, amount, limits))


def _late(case: CaseFacts, currency: str, today: date) -> list[InvoiceFacts]:
    """All that may be asked for and is late in a currency, whatever each invoice's own step."""
    return [
        invoice
        for invoice in case.invoices
        if invoice.currency == currency
        and invoice.open > invoice.held
        and invoice.is_confirmed
        and invoice.due
        and invoice.due < today
    ]


def _not_worth(look: Look, currency: str, amount: int) -> Wait | None:
    credits, minimum = look.case.credits.get(currency, 0), look.policy.minimum_minor
    if credits >= amount:
        return Wait(None, Because("credits.cover", {"credits": credits, "amount": amount, "currency": currency}))
    if amount - credits < minimum:
        facts: dict[str, JSON] = {"amount": amount - credits, "minimum": minimum, "currency": currency}
        return Wait(None, Because("below.minimum", facts))
    return None


def _channel(case: CaseFacts, step: Step) -> tuple[str | None, list[JSON]]:
    """The step's channel, or the one that replaces it where the customer cannot be reached by it."""
    if step.channel == "email" and not case.has_email:
        replaced: list[JSON] = [{"rule": "channel.replaced", "facts": {"was": "email", "is": "letter"}}]
        return ("letter", replaced) if case.has_address else (None, [])
    if step.channel == "letter" and not case.has_address:
        replaced = [{"rule": "channel.replaced", "facts": {"was": "letter", "is": "email"}}]
        return ("email", replaced) if case.has_email else (None, [])
    return step.channel, []


def _take(look: Look, demand: Demand) -> Take:
    """The step with its tone: never more than one above the highest that reached this customer."""
    case, step = look.case, demand.step
    tone = min(step.tone, case.highest_tone + 1) if step.offset_days >= 0 else step.tone
    if tone < step.tone:
        demand.limits.append({"rule": "tone.capped", "facts": {"tone": tone, "step_tone": step.tone}})
    if case.kind == "unknown":
        demand.limits.append({"rule": "kind.unknown", "facts": {}})
    entry = all(not invoice.last_step for invoice in demand.stated)
    days_late = (look.today - _oldest(demand.stated)).days
    is_late_entry = entry and step.offset_days >= 0 and days_late > step.offset_days + LATE_ENTRY_DAYS
    following = _following(look, demand)
    because = _because(look, demand, following, entry)
    return Take(
        step,
        demand.channel,
        tone,
        demand.stated,
        demand.marks,
        demand.currency,
        demand.amount,
        is_late_entry,
        following,
        because,
    )


def _because(look: Look, demand: Demand, following: Next | None, entry: bool) -> Because:
    case, step = look.case, demand.step
    return Because("step.due" if step.offset_days >= 0 else "step.upcoming", {
        "step": step.name, "channel": demand.channel, "contact": case.contact or None, "customer": case.customer,
        "amount": demand.amount, "currency": demand.currency, "count": len(demand.stated),
        "days_late": (look.today - _oldest(demand.stated)).days, "usual_delay": case.usual_delay, "previous": case.previous,
        "limits": demand.limits, "next": {"step": following.step, "date": following.on.isoformat()} if following else None,
        "case": case.id, "invoices": [invoice.id for invoice in demand.stated], "entry": entry,
    })  # fmt: skip


def _oldest(stated: Sequence[InvoiceFacts]) -> date:
    return min(invoice.due for invoice in stated if invoice.due is not None)


def _proposal(look: Look, group: Sequence[Due]) -> Propose | Wait:
    """Hand a step to a person: a formal notice of a debtor whose kind is not known waits for it."""
    case, step, currency = look.case, group[0][1], group[0][0].currency
    is_notice = step.name == "formal_notice"
    if is_notice and case.kind == "unknown":
        return Wait(None, Because("kind.missing", {}))
    stated = [invoice for invoice, _step in group]
    amount = sum(invoice.open - invoice.held for invoice in stated)
    if refused := _not_worth(look, currency, amount):
        return refused
    if not is_working_day(look.today, case.country):  # a person prepares it: on a day when people work
        day = next_working_day(look.today, case.country)
        return Wait(day, Because("step.not.due", {"step": step.name, "date": day.isoformat()}))
    limits: list[JSON] = [{"rule": "formal.notice.by.person", "facts": {}}] if is_notice else []
    if case.kind == "unknown":
        limits.append({"rule": "kind.unknown", "facts": {}})
    marks = {invoice.id: step.name for invoice in stated}
    because = _because(look, Demand(step, "task", stated, marks, currency, amount, limits), None, False)
    return Propose(step, stated, marks, currency, amount, None, because)


def _following(look: Look, demand: Demand) -> Next | None:
    """The step after this one and its day, if nothing happens: spacing, gap and working days kept."""
    case, step, today = look.case, demand.step, look.today
    for later in look.steps:
        if later.rank <= step.rank or (later.channel == "phone" and not case.has_phone):
            continue
        spacing = later.offset_days - step.offset_days if step.offset_days >= 0 else 0
        day = max(_oldest(demand.stated) + timedelta(days=later.offset_days), today + timedelta(days=max(spacing, 1)))
        if demand.channel != "phone" and later.channel not in ("phone", "task"):
            day = max(day, today + timedelta(days=look.policy.limits[case.kind].min_gap_days))
        if step.offset_days >= 0:
            day = max(day, add_working_days(today, 2, case.country))
        return Next(later.name, day if is_working_day(day, case.country) else next_working_day(day, case.country))
    return None
