"""Chunk: what was decided for some hundreds of cases, collected as tuples and written at once."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from exigible.books.cases.models import Case, Standing, TakenStep
from exigible.books.cases.operations import priority_of, show_failure
from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import Entry, Head, record_many
from exigible.common.bulk import insert_rows, reserve_ids, update_rows
from exigible.core.plan import Policy
from exigible.core.situation import Situation
from exigible.core.strategy import Propose, Take, Wait
from exigible.features.dunning.facts import Gathered
from exigible.features.dunning.models import Action
from exigible.features.dunning.stating import encode
from exigible.features.outbox.models import Message

ONE_DAY = timedelta(days=1)
ACTION_COLUMNS = (
    "id", "creditor_id", "case_id", "customer_id", "on", "step", "channel", "mode", "amount_minor", "currency", "because_json",
    "invoice_ids", "next_step", "next_on",
)  # fmt: skip
MESSAGE_COLUMNS = (
    "creditor_id", "key", "content_digest", "purpose", "channel", "state", "customer_id", "case_id", "action_id", "step", "tone", "on",
    "facts_json", "template", "template_version", "policy_version", "needs_approval", "is_rehearsal", "recipient", "message_id",
    "subject", "attempts", "receipt", "cancelled_because",
)  # fmt: skip
SITUATION_COLUMNS = (
    "state", "opened_on", "closed_on", "currency", "open_minor", "overdue_minor", "overdue_count", "oldest_due_on", "priority", "error",
    "retry_at",
)  # fmt: skip
LOOK_COLUMNS = ("next_look_on", "waiting", "chain_number", "chain_hash")
CHANNEL_OF_TASK = {"formal_notice": "registered_letter"}


class Taken(NamedTuple):
    """A decision to write down."""

    known: Gathered
    decision: Take | Propose
    stated: dict[str, Any]


class Chunk:
    """Collects the decisions of a chunk; `write` writes them in a constant number of statements."""

    def __init__(self, creditor: Creditor, policy: Policy, today: date, at: datetime, domain: str) -> None:
        self.creditor, self.policy, self.today, self.at, self.domain = creditor, policy, today, at, domain
        self.takes: list[Taken] = []
        self.waits: list[tuple[Gathered, Wait]] = []
        self.failures: list[tuple[int, Exception]] = []
        self.changed: list[tuple[Any, ...]] = []
        self.action_ids: list[int] = []

    def write(self, cases: Mapping[int, Case]) -> None:
        """Write actions, messages, steps, standings, events and cases."""
        ids = list(reserve_ids(Action, len(self.takes)))
        self.action_ids = ids
        entries: list[Entry] = []
        looks: dict[int, tuple[date | None, str]] = {}
        for known, wait in self.waits:
            looks[known.facts.id] = (
                self._case(entries, cases[known.facts.id], known.found, wait.until),
                encode(wait.because.to_json()),
            )
        for action_id, taken in zip(ids, self.takes, strict=True):
            case = cases[taken.known.facts.id]
            looks[case.pk] = (self._case(entries, case, self._found(taken), self._next_look(taken)), "")
            entries.append(self._entry(action_id, case, taken))
        self._write_heads(entries, cases)
        insert_rows(
            Action, ACTION_COLUMNS, [self._action(key, taken) for key, taken in zip(ids, self.takes, strict=True)]
        )
        insert_rows(
            Message, MESSAGE_COLUMNS, [self._message(key, taken) for key, taken in zip(ids, self.takes, strict=True)]
        )
        if not self.creditor.rehearses:
            self._write_steps(ids)
        update_rows(Case, SITUATION_COLUMNS, self.changed)
        update_rows(
            Case,
            LOOK_COLUMNS,
            [(*look, cases[key].chain_number, cases[key].chain_hash, key) for key, look in looks.items()],
        )
        for case_id, fault in self.failures:
            show_failure(case_id, fault, self.today, self.at)

    def _write_heads(self, entries: Sequence[Entry], cases: Mapping[int, Case]) -> None:
        """Chain the events; a case that opens and takes a step in the same chunk has two, the second on the first."""
        by_stream = {case.stream: case for case in cases.values()}
        first = [entry for entry in entries if entry.kind != "step.taken"]
        for wave in (first, [entry for entry in entries if entry.kind == "step.taken"]):
            wave = [entry._replace(head=_head(by_stream[entry.stream])) for entry in wave]
            for entry, head in zip(wave, record_many(self.creditor.pk, wave, self.today, self.at), strict=True):
                case = by_stream[entry.stream]
                case.chain_number, case.chain_hash = head

    def _case(self, entries: list[Entry], case: Case, found: Situation, look: date | None) -> date | None:
        """Bring a case up to date and return its next look; its state moves with its first and its last reason to be open.

        What is unchanged is not written: each column of an index that is set costs a page.
        """
        before = tuple(getattr(case, name) for name in SITUATION_COLUMNS)
        if case.state == Case.State.WATCHED and found.reasons:
            case.state, case.opened_on = Case.State.OPEN, self.today
            entries.append(self._moved(case, "case.opened", found))
        elif case.state == Case.State.OPEN and not found.reasons:
            case.state, case.closed_on = Case.State.WATCHED, None
            entries.append(self._moved(case, "case.closed", found))
        if found.changes_on is not None and (look is None or found.changes_on < look):
            look = found.changes_on
        after = (
            case.state, case.opened_on, case.closed_on, found.currency, found.open_minor, found.overdue_minor, found.overdue_count,
            found.oldest_due, priority_of(found), "", None,
        )  # fmt: skip
        if after != before:
            self.changed.append((*after, case.pk))
        return self.today + ONE_DAY if look is not None and look <= self.today else look

    def _found(self, taken: Taken) -> Situation:
        """The situation once the step is taken: a preventive one, on a debt that is not late yet, opens the case."""
        found = taken.known.found
        if self.creditor.rehearses or taken.decision.step.offset_days >= 0 or "preventive" in found.reasons:
            return found
        return found._replace(reasons=(*found.reasons, "preventive"))

    def _moved(self, case: Case, kind: str, found: Situation) -> Entry:
        payload = {
            "reasons": list(found.reasons),
            "open": found.open_minor,
            "overdue": found.overdue_minor,
            "currency": found.currency,
        }
        return Entry(case.stream, _head(case), case.customer_id, kind, payload)

    def _next_look(self, taken: Taken) -> date:
        """After a decision the case is looked at again the next day in rehearsal, else when its step may have been delivered."""
        return self.today + (ONE_DAY if self.creditor.rehearses or isinstance(taken.decision, Propose) else 3 * ONE_DAY)

    def _entry(self, action_id: int, case: Case, taken: Taken) -> Entry:
        decision = taken.decision
        payload = {
            "action": action_id, "step": decision.step.name, "channel": _channel(decision), "amount": decision.amount,
            "currency": decision.currency, "marks": {str(key): step for key, step in decision.marks.items()},
            "policy_version": self.policy.version, "rehearsal": self.creditor.rehearses, "rule": decision.because.rule,
        }  # fmt: skip
        return Entry(case.stream, _head(case), case.customer_id, "step.taken", encode(payload))

    def _action(self, key: int, taken: Taken) -> tuple[Any, ...]:
        decision, following = taken.decision, taken.decision.next
        return (
            key, self.creditor.pk, taken.known.facts.id, taken.known.party.id, self.today, decision.step.name, _channel(decision),
            decision.step.mode, decision.amount, decision.currency, _because(decision),
            encode([invoice.id for invoice in decision.stated]), following.step if following else "", following.on if following else None,
        )  # fmt: skip

    def _message(self, key: int, taken: Taken) -> tuple[Any, ...]:
        decision, party = taken.decision, taken.known.party
        body = encode(taken.stated)
        digest = hashlib.sha256(body.encode()).hexdigest()
        is_demand = isinstance(decision, Take)
        purpose = Message.Purpose.DEMAND.value if is_demand else Message.Purpose.INTERNAL.value
        tone = decision.tone if isinstance(decision, Take) else decision.step.tone
        recipient = taken.known.person.email if _channel(decision) == "email" else ""
        return (
            self.creditor.pk, f"action/{key}", digest, purpose, _channel(decision), "queued", party.id, taken.known.facts.id, key,
            decision.step.name, tone, self.today, body, decision.step.template, 1, self.policy.version, decision.step.mode == "approve",
            self.creditor.rehearses, recipient, f"<{digest[:24]}.{key}@{self.domain}>", "", 0, "", "",
        )  # fmt: skip

    def _write_steps(self, ids: Sequence[int]) -> None:
        steps: list[tuple[Any, ...]] = []
        marked: dict[str, list[int]] = {}
        for action_id, taken in zip(ids, self.takes, strict=True):
            cycles = {invoice.id: invoice.cycle for invoice in taken.known.facts.invoices}
            for invoice_id, step in taken.decision.marks.items():
                steps.append((invoice_id, cycles[invoice_id], step, action_id, self.today, None, False))
                marked.setdefault(step, []).append(invoice_id)
        columns = ("invoice_id", "cycle", "step", "action_id", "taken_on", "delivered_on", "is_declared")
        insert_rows(TakenStep, columns, steps)
        for step, invoice_ids in marked.items():
            standings = Standing.objects.filter(pk__among=invoice_ids)
            standings.update(last_step=step, last_taken_on=self.today, last_is_delivered=False)


def _head(case: Case) -> Head:
    return Head(case.chain_number, case.chain_hash)


def _because(decision: Take | Propose) -> str:
    """The reason as it is kept; a late entry is marked, since a day has a quota of them."""
    kept = decision.because.to_json()
    if isinstance(decision, Take) and decision.is_late_entry:
        kept["facts"]["late_entry"] = True  # type: ignore[call-overload, index]
    return encode(kept)


def _channel(decision: Take | Propose) -> str:
    if isinstance(decision, Take):
        return decision.channel
    return CHANNEL_OF_TASK.get(decision.step.name, "task")
