"""What closes a way or calls for a warning: one function of the facts for each rule that the data name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from exigible.core.dates import add_months
from exigible.core.law.book import LawBook
from exigible.core.law.courts import COLLECTIVITIES
from exigible.core.law.deadlines import deadline
from exigible.core.money import Money

PIECES = ("order", "terms", "delivery", "invoice", "invoice_received", "formal_notice")


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What is known of one claim on one day.

    `debtor` is business, consumer, public_body or unknown; `amount_minor` the principal with VAT still owed and
    `accessories_minor` the interest, indemnity and costs claimed with it; `country` and `postcode` those of the debtor;
    `insolvent` the day of the opening judgment; `has` the pieces that exist (PIECES, and what a way asks for besides);
    `buyer` the kind of public buyer, if any; `last_day_to_sue` the end of limitation, if it is known.
    """

    debtor: str
    amount_minor: int
    due: date
    today: date
    country: str = "FR"
    postcode: str = ""
    disputed: bool = False
    insolvent: date | None = None
    both_traders: bool | None = None
    creditor_country: str = "FR"
    has: frozenset[str] = frozenset()
    buyer: str | None = None
    accessories_minor: int = 0
    last_day_to_sue: date | None = None


class Asked(NamedTuple):
    """The question a rule answers: the facts, the law, and the figures of the way that asks; `courts` are the kinds found."""

    facts: Facts
    book: LawBook
    cap_minor: int | None
    cap_counts_accessories: bool
    members: tuple[str, ...]
    contribution_minor: int
    near_months: int
    since: date | None
    courts: tuple[str, ...]
    department: str


# What a rule saw when it applies (perhaps nothing more to say), None when it does not.
Seen = Mapping[str, object] | None
Rule = Callable[[Asked], Seen]


def _if(holds: bool, **seen: object) -> Seen:
    return seen if holds else None


def _debtor_insolvent(asked: Asked) -> Seen:
    opened = asked.facts.insolvent
    return _if(opened is not None, insolvent=opened)


def _not_insolvent(asked: Asked) -> Seen:
    return _if(asked.facts.insolvent is None)


def _time_barred(asked: Asked) -> Seen:
    last = asked.facts.last_day_to_sue
    return _if(last is not None and last < asked.facts.today, last_day=last)


def _not_yet_due(asked: Asked) -> Seen:
    return _if(asked.facts.today <= asked.facts.due, due=asked.facts.due)


def _disputed(asked: Asked) -> Seen:
    return _if(asked.facts.disputed)


def _debtor_public(asked: Asked) -> Seen:
    return _if(asked.facts.debtor == "public_body")


def _debtor_not_public(asked: Asked) -> Seen:
    return _if(asked.facts.debtor in ("business", "consumer"))


def _debtor_consumer(asked: Asked) -> Seen:
    return _if(asked.facts.debtor == "consumer")


def _debtor_unknown(asked: Asked) -> Seen:
    return _if(asked.facts.debtor == "unknown")


def _not_between_traders(asked: Asked) -> Seen:
    return _if(asked.facts.both_traders is False or asked.facts.debtor == "consumer")


def _traders_unknown(asked: Asked) -> Seen:
    return _if(asked.facts.both_traders is None and asked.facts.debtor in ("business", "unknown"))


def _above_cap(asked: Asked) -> Seen:
    assert asked.cap_minor is not None, "only a way with a cap may name this rule"
    counted = asked.facts.amount_minor + (asked.facts.accessories_minor if asked.cap_counts_accessories else 0)
    currency = asked.book.currency
    return _if(counted > asked.cap_minor, amount=Money(counted, currency), cap=Money(asked.cap_minor, currency))


def _within_one_country(asked: Asked) -> Seen:
    return _if(asked.facts.country == asked.facts.creditor_country, country=asked.facts.country)


def _outside_regulation(asked: Asked) -> Seen:
    for country in (asked.facts.country, asked.facts.creditor_country):
        if country not in asked.members:
            return {"country": country}
    return None


def _debtor_abroad(asked: Asked) -> Seen:
    return _if(asked.facts.country != asked.book.country, country=asked.facts.country)


def _not_in_force(asked: Asked) -> Seen:
    return _if(asked.since is not None and asked.facts.today < asked.since, since=asked.since)


def _not_a_local_authority(asked: Asked) -> Seen:
    return _if(asked.facts.buyer not in (None, "local"), buyer=asked.facts.buyer)


def _always(asked: Asked) -> Seen:
    return {}


def _limitation_near(asked: Asked) -> Seen:
    last, today = asked.facts.last_day_to_sue, asked.facts.today
    near = last is not None and today <= last <= add_months(today, asked.near_months)
    return _if(near, last_day=last)


def _limitation_runs(asked: Asked) -> Seen:
    last = asked.facts.last_day_to_sue
    return _if(last is not None and last >= asked.facts.today, last_day=last)


def _serve_in_time(asked: Asked) -> Seen:
    return {"last_day": deadline(asked.book, "payment_order_service", asked.facts.today).last_day}


def _economic_contribution(asked: Asked) -> Seen:
    owed = "economic_activities" in asked.courts and asked.facts.amount_minor > asked.contribution_minor
    return _if(owed, threshold=Money(asked.contribution_minor, asked.book.currency))


def _overseas_collectivity(asked: Asked) -> Seen:
    return _if(asked.department in COLLECTIVITIES)


def _amicable_attempt_first(asked: Asked) -> Seen:
    cap = asked.book.minor("procedure.amicable_attempt_cap", asked.facts.today)
    asked_of = {"judicial", "proximity"} & set(asked.courts) and asked.facts.amount_minor <= cap
    return _if(bool(asked_of), cap=Money(cap, asked.book.currency))


def _public_enterprise(asked: Asked) -> Seen:
    return _if(asked.facts.buyer == "public_enterprise")


def _buyer_to_be_said(asked: Asked) -> Seen:
    return _if(asked.facts.buyer is None)


def _declare_by(asked: Asked) -> Seen:
    opened, abroad = asked.facts.insolvent, asked.facts.creditor_country != asked.book.country
    if opened is None or asked.facts.country != asked.book.country:
        return None
    rule = "insolvency_claim_abroad" if abroad else "insolvency_claim"
    return {"safe_day": deadline(asked.book, rule, opened).last_day}


def _due_after_opening(asked: Asked) -> Seen:
    opened = asked.facts.insolvent
    return _if(opened is not None and asked.facts.due > opened)


RULES: dict[str, Rule] = {
    "debtor_insolvent": _debtor_insolvent,
    "not_insolvent": _not_insolvent,
    "time_barred": _time_barred,
    "not_yet_due": _not_yet_due,
    "disputed": _disputed,
    "debtor_public": _debtor_public,
    "debtor_not_public": _debtor_not_public,
    "debtor_consumer": _debtor_consumer,
    "debtor_unknown": _debtor_unknown,
    "not_between_traders": _not_between_traders,
    "traders_unknown": _traders_unknown,
    "above_cap": _above_cap,
    "within_one_country": _within_one_country,
    "outside_regulation": _outside_regulation,
    "debtor_abroad": _debtor_abroad,
    "not_a_local_authority": _not_a_local_authority,
    "not_in_force": _not_in_force,
    "disputed_first": _disputed,
    "costs_stay_with_creditor": _always,
    "agency_duties": _always,
    "mediation_suspends": _always,
    "silence_is_refusal": _always,
    "degressive_fee": _always,
    "text_not_read": _always,
    "limitation_near": _limitation_near,
    "forfeiture_near": _limitation_near,
    "limitation_runs": _limitation_runs,
    "serve_in_time": _serve_in_time,
    "economic_contribution": _economic_contribution,
    "overseas_collectivity": _overseas_collectivity,
    "amicable_attempt_first": _amicable_attempt_first,
    "court_of_debtor_country": _debtor_abroad,
    "prior_claim_first": _always,
    "public_enterprise_contract": _public_enterprise,
    "buyer_to_be_said": _buyer_to_be_said,
    "declare_by": _declare_by,
    "foreign_insolvency": _debtor_abroad,
    "claim_after_opening": _due_after_opening,
    "vat_on_lost_debt": _always,
}
