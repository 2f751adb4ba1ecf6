"""take_due_steps: the only place where dunning acts; going live and back to rehearsal."""

import json
import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count

from exigible.books.cases.models import Case
from exigible.books.cases.operations import CHUNK, look_again, show_failure, take_free_cases
from exigible.books.creditors.models import Creditor, MailServer
from exigible.books.journal.operations import SYSTEM, record
from exigible.books.ledger.locks import lock_all_customers
from exigible.books.policies.law import law_book_of
from exigible.books.policies.queries import current_policy
from exigible.common.engine import announce
from exigible.common.errors import Refused
from exigible.core.because import Because
from exigible.core.law.book import LawBook
from exigible.core.plan import Policy
from exigible.core.strategy import Propose, Take, Wait, next_step
from exigible.features.dunning.chunk import Chunk, Taken
from exigible.features.dunning.facts import Gathered, gather_facts
from exigible.features.dunning.models import Action, Run
from exigible.features.dunning.stating import bank_facts, message_facts
from exigible.features.outbox.freshness import holds_back
from exigible.features.outbox.models import Message

logger = logging.getLogger(__name__)
NOT_READ = -1


class AlreadyLive(Refused):
    """Messages already leave for real."""


class NotReady(Refused):
    """Before messages can leave, fill in: %(missing)s."""


class Taking:
    """The steps of one creditor's day: its policy, law and quota, read once for all chunks."""

    def __init__(self, creditor: Creditor, today: date, at: datetime) -> None:
        self.creditor, self.today, self.at = creditor, today, at
        self.policy: Policy = current_policy(creditor, today)
        self.book: LawBook = law_book_of(creditor)
        self.bank = bank_facts(creditor)
        self.stale = holds_back(creditor, today)  # read once a run, not once a case
        server = MailServer.objects.filter(creditor=creditor).first()
        self.domain = server.from_address.rpartition("@")[2] if server else "exigible.invalid"
        self.late_entries_left = 0
        self.last_action: int | None = NOT_READ

    def _take_turn(self) -> None:
        """One chunk of a creditor at a time, whatever the number of workers: the quota is counted over all of them."""
        Run.objects.of(self.creditor).select_for_update(no_key=True).order_by("-day").first()
        last = (
            Action.objects.of(self.creditor).filter(on=self.today).order_by("-pk").values_list("pk", flat=True).first()
        )
        if last != self.last_action:
            self.late_entries_left = self.creditor.first_messages_a_day - self._late_entries_today()
        self.last_action = NOT_READ  # a chunk that fails leaves the quota to be counted again

    def _late_entries_today(self) -> int:
        """First messages about old debts already decided today: the quota holds over the whole day, not a run."""
        marked = Action.objects.of(self.creditor).filter(on=self.today, because_json__contains='"late_entry":true')
        ids = list(marked.values_list("pk", flat=True))
        live = Message.objects.of(self.creditor).filter(action_id__in=ids).exclude(state=Message.State.CANCELLED)
        return live.count() if ids else 0

    def decide(self, known: Gathered) -> Take | Propose | Wait:
        """Decide one case; stale knowledge of money in, or the quota of first messages about old debts, turns a step into a wait."""
        decision = next_step(known.facts, self.policy, self.today)
        if self.stale is not None and not isinstance(decision, Wait):
            return Wait(self.today + timedelta(days=1), self.stale.because)
        if not isinstance(decision, Take) or not decision.is_late_entry or self.creditor.rehearses:
            return decision
        if self.late_entries_left <= 0:
            tomorrow = self.today + timedelta(days=1)
            quota = self.creditor.first_messages_a_day
            return Wait(tomorrow, Because("first.message.quota", {"quota": quota, "date": tomorrow.isoformat()}))
        self.late_entries_left -= 1
        return decision

    def chunk(self, case_ids: Sequence[int]) -> list[int]:
        """Decide the next step of each case of a chunk and write it, in one transaction. Returns the new actions' ids."""
        with transaction.atomic():
            self._take_turn()
            cases = take_free_cases(case_ids, self.today)
            ordered = [cases[key] for key in case_ids if key in cases]
            if self.creditor.rehearses:
                _discard_rehearsed(self.creditor, list(cases))
            chunk = Chunk(self.creditor, self.policy, self.today, self.at, self.domain)
            for known in gather_facts(self.creditor, ordered, self.today):
                self._decide_into(chunk, known)
            chunk.write(cases)
        if chunk.action_ids:
            self.last_action = chunk.action_ids[-1]
        return chunk.action_ids

    def _decide_into(self, chunk: Chunk, known: Gathered) -> None:
        """One bad case never stops the others: it is kept with its error, shown, and looked at again later."""
        try:
            decision = self.decide(known)
            if isinstance(decision, Wait):
                chunk.waits.append((known, decision))
                return
            stated = message_facts(
                self.creditor, self.policy, self.book, self.bank, known, decision=decision, today=self.today
            )
            chunk.takes.append(Taken(known, decision, stated))
        except Exception as fault:
            logger.exception("case %s could not be decided", known.facts.id)
            chunk.failures.append((known.facts.id, fault))


def take_due_steps(creditor: Creditor, today: date, at: datetime) -> list[int]:
    """Take the steps that fall due, worst case first, a chunk at a time; returns the ids of the actions added.

    The cost follows what is due: the index on next_look_on finds it. Repeating it adds nothing.
    """
    due = Case.objects.of(creditor).filter(next_look_on__lte=today).order_by("-priority", "id")
    case_ids = list(due.values_list("pk", flat=True))
    if not case_ids:
        return []
    taking = Taking(creditor, today, at)
    action_ids: list[int] = []
    for start in range(0, len(case_ids), CHUNK):
        action_ids += _chunk_or_each(taking, case_ids[start : start + CHUNK])
    if action_ids:
        announce("render", creditor.pk)
    return action_ids


def _chunk_or_each(taking: Taking, case_ids: Sequence[int]) -> list[int]:
    """Write a chunk; when the database refuses one of its rows, write the cases one by one and keep the one refused."""
    try:
        return taking.chunk(case_ids)
    except Exception as fault:
        logger.warning("a chunk of %s cases is done again one by one: %s", len(case_ids), type(fault).__name__)
    action_ids: list[int] = []
    for case_id in case_ids:
        try:
            action_ids += taking.chunk([case_id])
        except Exception as fault:
            logger.exception("case %s could not be looked at", case_id)
            show_failure(case_id, fault, taking.today, taking.at)
    return action_ids


def _discard_rehearsed(creditor: Creditor, case_ids: Sequence[int] | None) -> int:
    """Cancel what was rehearsed, for some cases or for all: it marked nothing and says nothing any more."""
    rehearsed = Message.objects.of(creditor).filter(is_rehearsal=True).exclude(state=Message.State.CANCELLED)
    if case_ids is not None:
        rehearsed = rehearsed.filter(case_id__in=case_ids)
    reason = json.dumps(Because("rehearsal.ended", {}).to_json())
    return rehearsed.update(state=Message.State.CANCELLED, cancelled_because=reason)


def missing_before_live(creditor: Creditor) -> list[str]:
    """Return what must be filled in before anything may leave, as names of settings."""
    missing = [name for name in ("signatory_name", "address", "city") if not getattr(creditor, name)]
    if not MailServer.objects.filter(creditor=creditor).exists():
        missing.append("mail_server")
    if bank_facts(creditor) is None:
        missing.append("bank_account")
    return missing


@transaction.atomic
def go_live(creditor: Creditor, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Let messages leave: what was rehearsed is discarded, each invoice starts at its entry step. Deliberate and recorded."""
    lock_all_customers(creditor.pk)
    if missing := missing_before_live(creditor):
        raise NotReady(missing=", ".join(missing))
    if not Creditor.objects.filter(pk=creditor.pk, rehearses=True).update(rehearses=False, live_since=today):
        raise AlreadyLive
    creditor.rehearses, creditor.live_since = False, today
    discarded = _discard_rehearsed(creditor, None)
    look_again(Case.objects.of(creditor).exclude(state=Case.State.CLOSED).values_list("pk", flat=True), today)
    record("creditor.went_live", creditor, {"discarded": discarded}, on=today, at=at, actor=actor)
    announce("run_day", creditor.pk)


@transaction.atomic
def rehearse(creditor: Creditor, today: date, at: datetime, actor: str = SYSTEM) -> None:
    """Stop everything: nothing leaves any more, what waits stays where it is."""
    if Creditor.objects.filter(pk=creditor.pk, rehearses=False).update(rehearses=True):
        creditor.rehearses = True
        record("creditor.rehearses", creditor, {}, on=today, at=at, actor=actor)


def held_counts(creditor: Creditor) -> dict[str, int]:
    """Return how many open cases wait for each rule, from the reason that the last look left on them."""
    counts: dict[str, int] = {}
    rows = Case.objects.of(creditor).filter(state=Case.State.OPEN).exclude(waiting="").order_by().values_list("waiting")
    for waiting, count in rows.annotate(count=Count("pk")):
        rule = json.loads(waiting)["rule"]
        counts[rule] = counts.get(rule, 0) + count
    return counts
