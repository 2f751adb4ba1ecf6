"""The exact statement of one claim on a day: interest by segments, indemnity, costs, and what payments settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from exigible.core.dates import add_months
from exigible.core.law.book import LawBook, LawError
from exigible.core.law.imputation import ORDERS, Account, Settled
from exigible.core.law.interest import (
    Payments,
    Segment,
    complement_minor,
    first_interest_day,
    indemnity_minor,
    recovers_costs,
    segment,
)
from exigible.core.law.rates import (
    Judgment,
    RateChoice,
    bears_interest,
    cut,
    rate_choices,
    rate_units,
    rounding_of,
    starts_on_notice,
    takes_contract_rate,
)

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What is claimed of one invoice, amounts in minor units. until is the day of payment or of the statement, counted.

    due may be left out where a judgment, a consumer's notice or a public buyer's request says when interest starts.
    """

    debtor: str
    amount_minor: int
    until: date
    due: date | None = None
    payments: Payments = ()
    contract_rate: Decimal | None = None
    creditor_kind: str = "business"
    notice_received: date | None = None
    buyer: str | None = None
    request_received: date | None = None
    judgment: date | None = None
    capitalise: bool = False
    insolvent: date | None = None
    completed: date | None = None
    costs_minor: int | None = None


class Alternative(NamedTuple):
    """One reading of an unsettled rule: its name, its rates in order, the interest it gives."""

    rule: str
    rates: tuple[Decimal, ...]
    interest_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What is owed on the day, in minor units: balance = principal + interest + indemnity + complement.

    These are what is left after the payments; the accrued figures are what arose in all.
    """

    due: date | None
    first_interest_day: date | None
    late_days: int
    segments: tuple[Segment, ...]
    principal_minor: int
    interest_minor: int
    indemnity_minor: int
    complement_minor: int
    overpaid_minor: int
    accrued_interest_minor: int
    accrued_indemnity_minor: int
    accrued_complement_minor: int
    settled: tuple[Settled, ...]
    alternatives: tuple[Alternative, ...]
    flags: tuple[str, ...]
    articles: tuple[str, ...]

    @property
    def balance_minor(self) -> int:
        """All that is owed on the day."""
        return self.principal_minor + self.interest_minor + self.indemnity_minor + self.complement_minor


class _Course(NamedTuple):
    """When things happen: the eve of lateness, the first day of interest, the last; and what recovery costs."""

    eve: date
    first: date | None
    last: date
    indemnity: int
    complement: int
    is_clipped: bool


def state_claim(book: LawBook, claim: Claim, imputation: str | None = None) -> Statement:
    """The statement of a claim; LawError, with its sentence, where the facts given cannot be a claim.

    imputation is a key of ORDERS; left out, it is the book's legal order (C. civ. art. 1343-1).
    """
    order = imputation or book.text("interest.imputation", claim.until)
    if order not in ORDERS:
        raise LawError(f"The imputation '{order}' is not one of {', '.join(ORDERS)}.")
    _check(claim)
    due = due_date_of(book, claim)
    course = _course(book, claim, due)
    walks = [_walk(book, claim, course, choice, order) for choice in _choices(book, claim, course)]
    choice, account, segments, settled, late_until = min(walks, key=lambda walk: walk[1].accrued_interest)
    complement_left = min(account.costs, course.complement)  # the fixed part is settled first
    return Statement(
        due=due,
        first_interest_day=segments[0].first if segments else None,
        late_days=(late_until - course.eve).days if late_until else 0,
        segments=segments,
        principal_minor=account.principal,
        interest_minor=account.interest + account.capitalised,
        indemnity_minor=account.costs - complement_left,
        complement_minor=complement_left,
        overpaid_minor=account.overpaid,
        accrued_interest_minor=account.accrued_interest,
        accrued_indemnity_minor=course.indemnity if late_until else 0,
        accrued_complement_minor=course.complement if late_until else 0,
        settled=settled,
        alternatives=tuple(_alternative(walk[0], walk[1], walk[2]) for walk in walks) if len(walks) > 1 else (),
        flags=_flags(book, claim, course, choice),
        articles=_articles(book, claim, course if late_until else None, segments),
    )


def due_date_of(book: LawBook, claim: Claim) -> date | None:
    """The due date given, or the end of a public buyer's term from its receipt of the request, whichever is earlier.

    A contract may only shorten that term (CCP art. R2192-10 and R2192-11).
    """
    if claim.request_received is None:
        return claim.due
    if claim.buyer is None or not book.has(f"terms.public_body.{claim.buyer}"):
        kinds = [key.rpartition(".")[2] for key in book.figures if key.startswith("terms.public_body.")]
        raise LawError(f"The term of a request needs the kind of public buyer: {', '.join(kinds)}.")
    days = book.number(f"terms.public_body.{claim.buyer}", claim.request_received)
    term = claim.request_received + timedelta(days=days)
    return term if claim.due is None else min(claim.due, term)


def _check(claim: Claim) -> None:
    if claim.amount_minor <= 0:
        raise LawError("The amount claimed must be above zero: a credit note never owes interest.")
    if any(amount <= 0 for _, amount in claim.payments):
        raise LawError("Each payment must be above zero.")
    if claim.costs_minor is not None and claim.costs_minor < 0:
        raise LawError("The recovery costs cannot be negative.")
    if claim.contract_rate is not None:
        rate_units(claim.contract_rate)


def _course(book: LawBook, claim: Claim, due: date | None) -> _Course:
    """When the claim is late, from when to when it bears interest, and what recovery may cost the debtor."""
    needs_notice = bears_interest(book, claim.debtor) and starts_on_notice(book, claim.debtor)
    notice = claim.notice_received if needs_notice else None
    eve = due or claim.judgment or notice
    if eve is None:
        raise LawError(
            "Say from when it is due: a due date, a judgment, a consumer's notice or a public buyer's request."
        )
    first = first_interest_day(book, claim.debtor, due, notice) if due or notice else None
    is_clipped = first is not None and first > max(day for day in (due, notice) if day) + _ONE_DAY
    if claim.judgment and (first is None or needs_notice):
        first = min(first or date.max, claim.judgment + _ONE_DAY)
    last = _last_interest_day(book, claim)
    if due is None or (last < claim.until and claim.insolvent and due >= claim.insolvent):
        # Due only after the opening, which forbids paying it then: no indemnity (C. com. art. L441-10 II, last words).
        return _Course(eve, first, last, 0, 0, is_clipped)
    costs = complement_minor(book, claim.debtor, due, claim.costs_minor or 0)
    return _Course(eve, first, last, indemnity_minor(book, claim.debtor, due), costs, is_clipped)


def _last_interest_day(book: LawBook, claim: Claim) -> date:
    """The day of the statement or, for a claim born before it, the eve of the opening (C. com. art. L622-28)."""
    if claim.insolvent is None or (claim.completed is not None and claim.completed >= claim.insolvent):
        return claim.until
    days = book.number("interest.insolvency.stops_days_before", claim.insolvent)
    return min(claim.until, claim.insolvent - timedelta(days=days))


def _choices(book: LawBook, claim: Claim, course: _Course) -> Sequence[RateChoice]:
    if course.first is None or course.first > course.last:
        return (RateChoice("none", ()),)
    judgment = Judgment(claim.judgment, claim.creditor_kind) if claim.judgment else None
    return rate_choices(
        book,
        claim.debtor,
        course.first,
        course.last,
        contract_rate=claim.contract_rate,
        creditor_kind=claim.creditor_kind,
        judgment=judgment,
    )


_Walk = tuple[RateChoice, Account, tuple[Segment, ...], tuple[Settled, ...], date | None]


def _walk(book: LawBook, claim: Claim, course: _Course, choice: RateChoice, order: str) -> _Walk:
    """Go through the days in order: interest runs, a year of it may join the base, a payment settles what it can.

    A payment lowers the base from the day after it; late_until is the last day on which principal was owed late.
    """
    account, late_until = Account(claim.amount_minor, rounding_of(book, claim.until)), None
    segments: list[Segment] = []
    settled: list[Settled] = []
    payments = sorted((day, amount) for day, amount in claim.payments if day <= claim.until)
    years = _anniversaries(book, claim, course)
    divisor = book.number("interest.day_divisor", claim.until)
    pieces = {piece.last: piece for piece in cut(choice.periods, [*years, *(day + _ONE_DAY for day, _ in payments)])}
    for day in sorted({*pieces, course.last, *(day for day, _ in payments)}):
        if account.principal > 0 and course.eve < min(day, course.last):
            if late_until is None:
                account.costs += course.indemnity + course.complement
            late_until = min(day, course.last)
        piece = pieces.get(day)
        if piece and account.base > 0:
            if piece.first in years:
                account.capitalise()
            segments.append(segment(piece, account.base, divisor))
            account.pending += segments[-1].interest
        settled += [account.settle(day, amount, order) for paid_on, amount in payments if paid_on == day]
    account.fix_interest()
    return choice, account, tuple(segments), tuple(settled), late_until


def _anniversaries(book: LawBook, claim: Claim, course: _Course) -> list[date]:
    if not claim.capitalise or course.first is None:
        return []
    months = book.number("interest.capitalisation.after_months", course.last)
    years, rank = [], 1
    while (day := add_months(course.first, months * rank)) <= course.last:
        years.append(day)
        rank += 1
    return years


def _alternative(choice: RateChoice, account: Account, segments: Sequence[Segment]) -> Alternative:
    rates = tuple(dict.fromkeys(part.rate for part in segments))
    return Alternative(choice.rule, rates, account.accrued_interest)


def _flags(book: LawBook, claim: Claim, course: _Course, choice: RateChoice) -> tuple[str, ...]:
    """What a reader must know before claiming these figures."""
    knows = bears_interest(book, claim.debtor)
    clause = claim.contract_rate is not None
    clause_applies = clause and knows and takes_contract_rate(book, claim.debtor, claim.until)
    raised = {
        "contract_rate_below_floor": clause_applies and choice.rule in ("floor", "default"),
        "contract_rate_not_applied": clause and not clause_applies,
        "kind_unknown": not knows,
        "formal_notice_missing": knows and course.first is None,
        "legal_rate_after_judgment": claim.judgment is not None and claim.due is not None,
        "before_covered_period": course.is_clipped,
        "interest_stopped_by_insolvency": course.last < claim.until,
        "payment_after_until": any(day > claim.until for day, _ in claim.payments),
        "costs_stay_with_creditor": bool(claim.costs_minor) and not recovers_costs(book, claim.debtor, claim.until),
    }
    unpublished = [flag for period in choice.periods for flag in period.flags]
    return tuple(dict.fromkeys([name for name, is_raised in raised.items() if is_raised] + unpublished))


def _articles(book: LawBook, claim: Claim, course: _Course | None, segments: Sequence[Segment]) -> tuple[str, ...]:
    articles = [part.article for part in segments]
    if course and course.indemnity:
        articles.append(book.article(f"interest.{claim.debtor}.indemnity", claim.until))
    if course and course.complement:
        articles.append(book.article(f"interest.{claim.debtor}.costs_on_proof", claim.until))
    if claim.insolvent:
        articles.append(book.article("interest.insolvency.stops_days_before", claim.insolvent))
    if claim.capitalise:
        articles.append(book.article("interest.capitalisation.after_months", claim.until))
    if claim.payments:
        articles.append(book.article("interest.imputation", claim.until))
    return tuple(dict.fromkeys(articles))
