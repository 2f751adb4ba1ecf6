"""Whether a way is worth it: the worked example, what stays unknown, and the assumption that would change the choice."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exigible.core.law.book import law_book
from exigible.core.law.procedure_data import Assumption, proceedings
from exigible.core.law.procedures import Facts, Range, Way, ways
from exigible.core.worth import Assumptions, Expected, assumptions_of, expected, rank

FACTS = Facts(
    debtor="business", amount_minor=600_000, due=date(2026, 5, 31), today=date(2026, 11, 22), postcode="38000"
)
WAYS = {way.name: way for way in ways(law_book("FR"), FACTS)}
NOT_APPLICABLE = Assumption(Decimal(1), "", "high")
NOTHING = Assumption(Decimal(0), "", "high")


def figure(value: str, low: str | None = None, high: str | None = None) -> Assumption:
    return Assumption(Decimal(value), "the user", "own", *(Decimal(end) if end else None for end in (low, high)))


def assumed(**values: Assumption) -> Assumptions:
    """Assumptions of a way that needs no title, costs nothing on success and loses nothing, and what is said besides."""
    held = dict.fromkeys(("title", "unopposed"), NOT_APPLICABLE)
    held |= dict.fromkeys(("success_fee", "recoverable", "relation", "discount"), NOTHING)
    return Assumptions(**{**held, **values})


def costing(name: str, low: int | None, high: int | None, days: tuple[int | None, int | None] = (30, 30)) -> Way:
    """A way of the data with other costs and delay."""
    return WAYS[name]._replace(cost=Range(low, high, "x", "high"), delay_days=Range(*days, "x", "high"))


def agency(**values: Assumption) -> Expected:
    usual = {"collected": figure("0.55"), "success_fee": figure("0.15")}
    return expected(costing("amicable_agency", 0, 0), 600_000, assumed(**{**usual, **values}))


def order(**values: Assumption) -> Expected:
    usual = {"title": figure("0.74"), "unopposed": figure("0.90"), "collected": figure("0.65")}
    return expected(costing("payment_order", 12_000, 12_000), 600_000, assumed(**{**usual, **values}))


def test_w40_the_worked_example_of_two_paths() -> None:
    assert agency().mid == 280_500
    assert order().mid == 247_740
    assert rank([order(), agency()]).order == ("amicable_agency", "payment_order")


def test_costs_delays_and_chances_give_a_lowest_and_a_highest_result() -> None:
    way = costing("payment_order", 10_000, 20_000, (73, 730))
    told = expected(way, 600_000, assumed(collected=figure("0.5", "0.4", "0.6"), discount=figure("0.10")))
    # 600 000 x 0.4 / 1.2 - 20 000; x 0.5 / 1.11 - 15 000, the middles; x 0.6 / 1.02 - 10 000.
    assert (told.low, told.mid, told.high) == (180_000, 255_270, 342_941)


def test_what_is_lost_for_good_is_told_whether_it_is_paid_or_not() -> None:
    told = expected(
        costing("payment_order", 10_000, 20_000),
        600_000,
        assumed(collected=figure("0.5"), recoverable=figure("0.25"), success_fee=figure("0.10")),
    )
    assert told.lost_if_paid[:2] == (67_500, 75_000)
    assert told.lost_if_not[:2] == (10_000, 20_000)


@pytest.mark.parametrize(
    "name", ["title", "unopposed", "collected", "success_fee", "recoverable", "relation", "discount"]
)
def test_an_unknown_assumption_leaves_the_result_unknown(name: str) -> None:
    told = order(**{name: Assumption(None, "no source", "unknown")})
    assert (told.low, told.mid, told.high) == (None, None, None)
    assert told.unknown == (name,)


def test_an_unknown_cost_leaves_no_result_but_the_highest_possible() -> None:
    told = expected(costing("summons", 4_000, None), 600_000, assumed(collected=figure("0.5")))
    assert (told.low, told.mid, told.high, told.unknown) == (None, None, 296_000, ("cost",))


def test_an_unknown_delay_matters_only_where_waiting_costs() -> None:
    way = costing("mediation", 0, 0, (None, None))
    assert expected(way, 600_000, assumed(collected=figure("0.5"))).mid == 300_000
    told = expected(way, 600_000, assumed(collected=figure("0.5"), discount=figure("0.10")))
    assert (told.mid, told.unknown) == (None, ("delay",))


def test_a_ranking_names_the_nearest_change_that_reverses_it() -> None:
    reversal = rank([agency(), order()]).reversal
    assert reversal is not None
    assert (reversal.way, reversal.assumption, reversal.instead) == ("amicable_agency", "collected", "payment_order")
    assert reversal.at == Decimal("0.4858")  # 2477.40 / (6000 x 0.85)
    changed = agency(collected=figure("0.4857"))
    assert rank([changed, order()]).order[0] == "payment_order"


def test_a_cost_may_be_what_reverses_the_ranking() -> None:
    ours = expected(costing("payment_order", 50_000, 50_000), 600_000, assumed(collected=figure("0.1")))
    dearer = expected(costing("summons", 100_000, 100_000), 600_000, assumed(collected=figure("0.1")))
    reversal = rank([ours, dearer]).reversal
    assert reversal is not None
    assert (reversal.way, reversal.assumption, reversal.at) == ("summons", "cost", Decimal(50_000))


def test_one_way_alone_has_nothing_that_reverses_it() -> None:
    assert rank([agency()]).reversal is None
    assert rank([]).order == ()


def test_an_unknown_way_is_not_ranked_and_says_from_which_chance_it_would_come_first() -> None:
    blind = expected(costing("mediation", 0, 0), 600_000, assumed(collected=Assumption(None, "x", "unknown")))
    ranking = rank([agency(), blind])
    assert (ranking.order, ranking.unknown) == (("amicable_agency",), ("mediation",))
    assert ranking.needed == (("mediation", Decimal("0.4675")),)
    assert expected(costing("mediation", 0, 0), 600_000, assumed(collected=figure("0.4675"))).mid == agency().mid


def test_giving_up_is_not_first_while_other_results_are_unknown() -> None:
    nothing = expected(costing("nothing_more", 0, 0), 600_000, assumed(collected=NOTHING))
    blind = expected(costing("mediation", 0, 0), 600_000, assumed(collected=Assumption(None, "x", "unknown")))
    assert rank([nothing, blind]).order == ()
    assert rank([nothing]).order == ("nothing_more",)
    assert rank([nothing, blind, agency()]).order == ("amicable_agency", "nothing_more")


def test_the_proposed_figures_are_sourced_or_said_to_be_ours_or_unknown() -> None:
    for way in proceedings("FR").ways:
        for debtor in ("business", "consumer", "public_body", "unknown"):
            for each in assumptions_of("FR", way.name, debtor):
                assert each.source or each.value in (0, 1)
                assert (each.value is None) == (each.confidence == "unknown")
    assert (
        "collected"
        in expected(WAYS["payment_order"], 600_000, assumptions_of("FR", "payment_order", "business")).unsourced
    )


def test_the_chance_of_an_agency_depends_on_the_debtor_and_is_unknown_where_none_was_measured() -> None:
    chances = [
        assumptions_of("FR", "amicable_agency", debtor).collected.value
        for debtor in ("business", "consumer", "unknown")
    ]
    assert chances == [Decimal("0.62"), Decimal("0.37"), None]


@pytest.mark.parametrize("name", ["commercial_claim", "interim_payment", "summons", "mediation", "conciliation"])
def test_a_way_whose_figures_no_source_gives_has_no_result(name: str) -> None:
    assert expected(WAYS[name], 600_000, assumptions_of("FR", name, "business")).mid is None


SHARES = st.decimals(0, 1, places=3)
AMOUNTS = st.integers(0, 10_000_000_000)


@given(SHARES, SHARES, SHARES, st.integers(0, 1_000_000), AMOUNTS, AMOUNTS)
def test_more_owed_is_never_worth_less(
    chance: Decimal, fee: Decimal, discount: Decimal, cost: int, first: int, second: int
) -> None:
    own: dict[str, Any] = {"collected": chance, "success_fee": fee, "discount": discount}
    held = assumed(**{name: Assumption(value, "x", "own") for name, value in own.items()})
    way = costing("payment_order", cost, 2 * cost, (10, 400))
    less, more = (expected(way, amount, held) for amount in sorted((first, second)))
    for end in ("low", "mid", "high"):
        assert getattr(less, end) <= getattr(more, end)
    assert more.low is not None
    assert more.mid is not None
    assert more.high is not None
    assert more.low <= more.mid <= more.high


@given(SHARES, SHARES, st.integers(0, 300_000), st.integers(0, 300_000))
def test_the_reversal_named_takes_the_first_place_away(one: Decimal, two: Decimal, cost: int, other_cost: int) -> None:
    results = [
        expected(costing("amicable_agency", cost, cost), 600_000, assumed(collected=Assumption(one, "x", "own"))),
        expected(
            costing("payment_order", other_cost, other_cost), 600_000, assumed(collected=Assumption(two, "x", "own"))
        ),
    ]
    ranking = rank(results)
    if ranking.reversal is None:
        return
    first, other = sorted(results, key=lambda each: ranking.order.index(each.way))
    changed = first if ranking.reversal.way == first.way else other
    costs = (int(ranking.reversal.at),) * 2 if ranking.reversal.assumption == "cost" else changed.cost[:2]
    held = changed.assumptions
    if ranking.reversal.assumption == "collected":
        held = held._replace(collected=Assumption(ranking.reversal.at, "x", "own"))
    again = expected(costing(changed.way, *costs), 600_000, held)
    rival = other if changed is first else first
    assert again.mid is not None
    assert rival.mid is not None
    # The value is told to four decimals: at most a hundredth of a percent of the claim apart.
    assert abs(again.mid - rival.mid) <= 60
