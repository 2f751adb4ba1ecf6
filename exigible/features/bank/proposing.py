"""Explains movements that wait: proposals are stored, what is certain is applied where the creditor allows it, the rest waits."""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from exigible.books.creditors.models import Creditor
from exigible.books.journal.operations import SYSTEM
from exigible.books.ledger.models import Invoice
from exigible.common.bulk import collector_at_rest, insert_rows
from exigible.common.errors import Refused
from exigible.core.because import Because
from exigible.core.matching import Credit, Match, clues, is_conclusive, propose
from exigible.features.bank.applying import Sharing, apply_sharings, forget_proposals
from exigible.features.bank.booked import BOOKED, find_booked, join_booked
from exigible.features.bank.gathering import Gathering
from exigible.features.bank.holding import follow_holds
from exigible.features.bank.models import Application, BankStatement, BankTransaction, Proposal
from exigible.features.bank.numbers import index_numbers
from exigible.features.bank.portions import Item, Portion, charged, netted
from exigible.features.bank.returns import give_back_certain

logger = logging.getLogger(__name__)
State = BankTransaction.State
LEASE = timedelta(minutes=15)
CHUNK = 200
HELD_FOR = 3  # how many customers wait for one movement
PROPOSAL_COLUMNS = (
    "creditor_id", "transaction_id", "rank", "customer_id", "confidence", "is_certain", "cause", "difference_minor", "shares_json",
    "because_json",
)  # fmt: skip
MOVEMENT = (
    "id", "amount_minor", "currency", "booked_on", "label", "references_json", "structured", "payer_name", "payer_account",
)  # fmt: skip


class Found(NamedTuple):
    """An explanation as it is stored: shares are (item, minor units)."""

    customer: int
    confidence: float
    certain: bool
    cause: str
    difference_minor: int
    shares: tuple[tuple[int, int], ...]
    because: Because


def match_statement(statement_id: int, at: datetime, today: date) -> None:
    """The job: explain the movements of a statement that waits. Claimed with a lease; brought twice it is done once."""
    waiting = BankStatement.objects.filter(pk=statement_id, state=BankStatement.State.WAITING)
    if not waiting.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at)).update(lease_until=at + LEASE):
        return
    statement = BankStatement.objects.select_related("creditor").get(pk=statement_id)
    ids = waiting_movements(statement.creditor).filter(statement=statement).values_list("pk", flat=True)
    match_and_apply(statement.creditor, list(ids), today=today, at=at)
    waiting.update(state=BankStatement.State.DONE, lease_until=None)


def match_now(
    creditor: Creditor, statements: Sequence[BankStatement], ids: Sequence[int], *, today: date, at: datetime
) -> int:
    """Explain movements and apply what is certain, as a person asks for it; returns how many were applied."""
    done = match_and_apply(creditor, ids, today=today, at=at, applies=True)
    rows = BankStatement.objects.filter(pk__in=[row.pk for row in statements], state=BankStatement.State.WAITING)
    rows.update(state=BankStatement.State.DONE)
    return done


def rematch(creditor: Creditor, today: date, at: datetime) -> int:
    """Explain again all that waits, after the books changed; returns how many were applied. Costs nothing when nothing waits.

    A movement waits again whose payment a newer file took out of the books.
    """
    lost = BankTransaction.objects.of(creditor).filter(state=State.APPLIED)
    lost.exclude(Exists(Application.objects.filter(transaction=OuterRef("pk")))).update(
        state=State.TO_MATCH, because_json="", resolved_on=None, resolved_by="", note=""
    )
    ids = list(waiting_movements(creditor).values_list("pk", flat=True))
    return match_and_apply(creditor, ids, today=today, at=at) if ids else 0


def match_and_apply(
    creditor: Creditor, ids: Sequence[int], *, today: date, at: datetime, applies: bool | None = None
) -> int:
    """Explain movements, apply what is certain where the creditor allows it, and explain again what that changed."""
    applies = creditor.applies_certain_matches if applies is None else applies
    applied = give_back_certain(creditor, ids, today=today, at=at)
    match_movements(creditor, ids, today=today, at=at, follows=False)
    while applies and (done := apply_certain(creditor, ids, today=today, at=at)):
        applied += done
        match_movements(creditor, ids, today=today, at=at, follows=False)
    # Each case in a transaction of its own: a large statement would keep all others waiting.
    _follow(creditor, ids, today=today, at=at)
    return applied


def waiting_movements(creditor: Creditor) -> QuerySet[BankTransaction]:
    """The movements that wait to be matched, in the order in which they were booked."""
    return BankTransaction.objects.of(creditor).filter(state=State.TO_MATCH).order_by("booked_on", "id")


@transaction.atomic
def match_movements(
    creditor: Creditor, ids: Iterable[int] | None = None, *, customers: Iterable[int] = (), today: date, at: datetime,
    follows: bool = True,
) -> dict[int, list[Found]]:  # fmt: skip
    """Explain movements that wait: those named, else those of which a proposal names one of these customers.

    What was proposed before is thrown away. `follows`: the customers proposed wait, and no others.
    """
    waiting = waiting_movements(creditor)
    if ids is None:
        touched = Proposal.objects.of(creditor).filter(customer_id__among=list(customers))
        waiting = waiting.filter(pk__in=touched.values("transaction_id"))
    else:
        waiting = waiting.filter(pk__among=list(ids))
    rows = list(waiting.filter(amount_minor__gt=0).values_list(*MOVEMENT))
    with collector_at_rest():
        found = explain(creditor, [_credit(row) for row in rows])
    forget_proposals(found)
    insert_rows(Proposal, PROPOSAL_COLUMNS, list(_rows(creditor, found)))
    if follows:
        _follow(creditor, list(found), today=today, at=at)
    return found


def explain(creditor: Creditor, credits: Sequence[Credit]) -> dict[int, list[Found]]:
    """Return what explains each movement, by its key, the best first; reads the books and writes none but their index."""
    if not credits:
        return {}
    index_numbers(creditor)
    gathering = Gathering(creditor)
    told = {credit.id: clues(credit) for credit in credits}
    gathering.add_named(list(told.values()))
    candidates = gathering.candidates()
    matches = {credit.id: propose(credit, candidates) for credit in credits}
    doubtful = [credit for credit in credits if not is_conclusive(matches[credit.id])]
    if doubtful:
        gathering = Gathering(creditor)
        asked = [told[credit.id] for credit in doubtful]
        gathering.add_named(asked)
        gathering.add_likely(asked)
        candidates = gathering.candidates()
        matches |= {credit.id: propose(credit, candidates) for credit in doubtful}
    booked = find_booked(creditor, credits, matches, told)
    return {
        credit.id: [*(Found(*each) for each in booked.get(credit.id, ())), *map(_found, matches[credit.id])]
        for credit in credits
    }


def _credit(row: Sequence[object]) -> Credit:
    """A movement as the core takes it, from the columns of MOVEMENT."""
    pk, minor, currency, booked, label, references, structured, name, account = row
    return Credit(pk, minor, currency, booked, label, tuple(json.loads(references)), structured, name, account)  # type: ignore[arg-type]


def _found(match: Match) -> Found:
    shares = tuple((share.item, share.amount_minor) for share in match.shares)
    return Found(
        match.customer, match.confidence, match.certain, match.cause, match.difference_minor, shares, match.because
    )


def _rows(creditor: Creditor, found: dict[int, list[Found]]) -> Iterator[tuple[object, ...]]:
    for movement, explanations in found.items():
        is_booked = any(each.cause == BOOKED for each in explanations)
        for rank, each in enumerate(explanations, 1):
            yield (
                creditor.pk, movement, rank, each.customer, f"{min(max(each.confidence, 0), 1):.3f}",
                each.certain and rank == 1 and (each.cause == BOOKED or not is_booked), each.cause, each.difference_minor,
                json.dumps(each.shares), json.dumps(each.because.to_json(), ensure_ascii=False),
            )  # fmt: skip


def _follow(creditor: Creditor, ids: Sequence[int], *, today: date, at: datetime) -> None:
    """Make wait the customers who may have paid: those of the best explanations of what is still to be matched."""
    wanted: dict[int, set[int]] = {key: set() for key in ids}
    rows = Proposal.objects.of(creditor).filter(
        transaction_id__among=ids, transaction__state=State.TO_MATCH, rank__lte=HELD_FOR
    )
    for movement, customer in rows.values_list("transaction_id", "customer_id"):
        wanted[movement].add(customer)
    follow_holds(creditor, wanted, today=today, at=at)


def portions_of(movement: BankTransaction, proposal: Proposal) -> list[Portion]:
    """Turn a proposal into portions: credit notes netted, charges of the invoices paid where the reason says so."""
    return _portions(movement.creditor, [(json.loads(proposal.shares_json), proposal)])[0]


def _portions(creditor: Creditor, rows: Sequence[tuple[list[list[int]], Proposal]]) -> list[list[Portion]]:
    ids = {item for shares, _proposal in rows for item, _minor in shares}
    columns = ("id", "customer_id", "kind", "total_minor")
    items = {
        pk: Item(pk, customer, kind == Invoice.Kind.CREDIT_NOTE, total)
        for pk, customer, kind, total in Invoice.objects.of(creditor).filter(pk__among=ids).values_list(*columns)
    }
    made = []
    for shares, proposal in rows:
        portions = netted([(items[item], minor) for item, minor in shares if item in items])
        rest = max(proposal.difference_minor, 0)
        if proposal.cause == "charges" and rest:
            portions += charged(portions, rest)
        elif not portions:
            portions = [Portion(proposal.customer_id, rest)]
        made.append(portions)
    return made


def apply_certain(
    creditor: Creditor, ids: Sequence[int] | None, *, today: date, at: datetime, actor: str = SYSTEM
) -> int:
    """Apply the proposals that are certain, of some movements or of all that wait; returns how many were applied.

    What a person took back is left to a person. A chunk at a time; one that fails never stops the others. Of two movements
    for one invoice the first booked is applied, the other is explained again.
    """
    proposals = Proposal.objects.of(creditor).filter(rank=1, is_certain=True, transaction__state=State.TO_MATCH)
    proposals = proposals.filter(transaction__is_by_hand_only=False, transaction__booked_on__lte=today)
    if ids is not None:
        proposals = proposals.filter(transaction_id__among=ids)
    keys = list(proposals.order_by("transaction__booked_on", "transaction_id").values_list("pk", flat=True))
    taken: set[int] = set()
    done = 0
    for start in range(0, len(keys), CHUNK):
        rows = Proposal.objects.filter(pk__among=keys[start : start + CHUNK]).select_related("transaction__creditor")
        some = []
        for proposal in rows.order_by("transaction__booked_on", "transaction_id"):
            items = {item for item, _minor in json.loads(proposal.shares_json)}
            if not items & taken:
                taken |= items
                some.append(proposal)
        done += _apply_some(creditor, some, today=today, at=at, actor=actor)
    return done


def _apply_some(creditor: Creditor, proposals: Sequence[Proposal], *, today: date, at: datetime, actor: str) -> int:
    """Apply a chunk in one transaction; when something of it does not fit, each in its own."""
    if not proposals:
        return 0
    try:
        with transaction.atomic():
            _apply(creditor, proposals, today=today, at=at, actor=actor)
        return len(proposals)
    except (Refused, DatabaseError, AssertionError, LookupError) as fault:
        if len(proposals) == 1:
            logger.info("movement %s was not applied: %s", proposals[0].transaction_id, type(fault).__name__)
            return 0
    return sum(_apply_some(creditor, [each], today=today, at=at, actor=actor) for each in proposals)


def _apply(creditor: Creditor, proposals: Sequence[Proposal], *, today: date, at: datetime, actor: str) -> None:
    booked = [each for each in proposals if each.cause == BOOKED]
    for each in booked:
        because = Because.from_json(json.loads(each.because_json))
        join_booked(each.transaction, because, today=today, at=at, actor=actor, is_automatic=actor == SYSTEM)
    others = [each for each in proposals if each.cause != BOOKED]
    portions = _portions(creditor, [(json.loads(each.shares_json), each) for each in others])
    sharings = [
        Sharing(each.transaction, some, "", Because.from_json(json.loads(each.because_json)), actor == SYSTEM)
        for each, some in zip(others, portions, strict=True)
    ]
    if sharings:
        apply_sharings(creditor, sharings, today=today, at=at, actor=actor)
