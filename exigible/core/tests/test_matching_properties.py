"""What holds of matching for any book and any movement."""

from datetime import date
from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from exigible.core.matching import Candidates, Credit, Debtor, Match, OpenItem, propose
from exigible.core.matching.sums import chance_sets, sets_giving
from exigible.core.tests.matching_book import BOOKED, DEBTORS, ITEMS, NUMBERS

WORDS = (
    "VIR SEPA RECU", "/DE DUPONT SAS", "MARTIN TRANSPORTS", "CABINET LEROY", "/MOTIF", "FACT", "FA2031", "2033", "2031/33", "FACTURE 2045",
    "CDE 2130", "FA-2026-002130", "ACOMPTE", "SOLDE", "FACTS OCT", "du 12/10/2026", "1 234,56", "AV112", "FA-2026-001700", "ENG2026118",
)  # fmt: skip
ACCOUNTS = ("", "", *sorted(account for debtor in DEBTORS.values() for account in debtor.accounts))
LEFT = {item.id: item for item in ITEMS}


@st.composite
def credits(draw: st.DrawFn) -> Credit:
    named = draw(st.lists(st.sampled_from(ITEMS), max_size=3))
    near = sum(item.left_minor for item in named) + draw(st.sampled_from((0, 0, 0, -4, -1_500, 4_000, 100)))
    amount = draw(st.one_of(st.just(max(near, 1)), st.integers(1, 2_000_000)))
    words = [
        *draw(st.lists(st.sampled_from(WORDS), max_size=5)),
        *(item.number for item in named if draw(st.booleans())),
    ]
    return Credit(1, amount, "EUR", BOOKED, " ".join(words), payer_account=draw(st.sampled_from(ACCOUNTS)))


def check_match(match: Match, amount_minor: int) -> None:
    assert sum(share.amount_minor for share in match.shares) + max(match.difference_minor, 0) == amount_minor
    assert len({share.item for share in match.shares}) == len(match.shares)
    lacking = 0
    for share in match.shares:
        item = LEFT[share.item]
        taken = -share.amount_minor if item.kind == "credit_note" else share.amount_minor
        assert 0 < taken <= item.left_minor
        assert item.currency == "EUR"
        lacking += item.left_minor - taken
    if match.difference_minor >= 0:
        assert lacking == 0
    assert 0 <= match.confidence <= 1
    assert match.certain == (match.doubt == "")


@given(credits())
@settings(max_examples=150, deadline=None)
def test_shares_and_difference_make_the_amount_and_only_the_first_is_certain(credit: Credit) -> None:
    matches = propose(credit, Candidates(DEBTORS, ITEMS))
    for match in matches:
        check_match(match, credit.amount_minor)
    assert not any(match.certain for match in matches[1:])
    assert [match.confidence for match in matches] == sorted((match.confidence for match in matches), reverse=True)
    assert len(matches) <= 5


@given(credits(), st.integers(0, 1_000))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_candidates_changes_nothing(credit: Credit, seed: int) -> None:
    items, keys = list(ITEMS), list(DEBTORS)
    Random(seed).shuffle(items)
    Random(seed).shuffle(keys)
    shuffled = Candidates({key: DEBTORS[key] for key in keys}, items)
    assert propose(credit, shuffled) == propose(credit, Candidates(DEBTORS, ITEMS))


@given(credits())
@settings(max_examples=60, deadline=None)
def test_a_customer_who_has_nothing_to_do_with_it_changes_nothing(credit: Credit) -> None:
    stranger = Debtor(900, "Zwickel Zoologie", accounts=frozenset({"CH9300762"}))
    item = OpenItem(900, 900, "invoice", "ZZ-77-987654", BOOKED, BOOKED, "EUR", 98_765_432, 98_765_432)
    more = Candidates({**DEBTORS, 900: stranger}, [*ITEMS, item])
    assert propose(credit, more) == propose(credit, Candidates(DEBTORS, ITEMS))


@given(credits())
@settings(max_examples=60, deadline=None)
def test_without_the_items_that_it_pays_no_payment_is_applied_to_others(credit: Credit) -> None:
    """What names an item and pays it to the cent pays nothing by itself once the books lack that item."""
    first = next(iter(propose(credit, Candidates(DEBTORS, ITEMS))), None)
    if first and first.certain and first.because.rule in ("bank.number", "bank.numbers"):
        paid = {share.item for share in first.shares}
        rest = propose(credit, Candidates(DEBTORS, [item for item in ITEMS if item.id not in paid]))
        assert not any(match.certain for match in rest)


@given(st.lists(st.integers(-40, 60).filter(bool), max_size=9), st.integers(1, 120))
@settings(max_examples=150, deadline=None)
def test_the_sets_found_are_those_of_a_search_through_all(amounts: list[int], total: int) -> None:
    places = range(len(amounts))
    every = {
        each
        for size in range(1, len(amounts) + 1)
        for each in combinations(places, size)
        if sum(amounts[place] for place in each) == total
    }
    found = sets_giving(amounts, total, most=1_000, steps=100_000)
    assert found.is_complete
    assert sorted(found.sets) == sorted(every)


def test_forty_large_items_are_searched_within_a_bound_and_the_answer_repeats() -> None:
    random = Random(3)
    amounts = [random.randrange(100_000, 90_000_000) for _item in range(40)]
    total = sum(amounts[::3])
    first = sets_giving(amounts, total, most=2, steps=40_000)
    assert first == sets_giving(amounts, total, most=2, steps=40_000)
    assert not first.is_complete


def test_many_round_items_make_chance_likely_and_few_odd_ones_do_not() -> None:
    assert chance_sets([10_000 * size for size in range(1, 21)], 4) > 1
    assert chance_sets([123_457, 88_013, 45_671], 2) < 0.001


def test_an_invoice_is_never_paid_twice_over_by_one_movement() -> None:
    item = NUMBERS["FA-2026-002031"]
    credit = Credit(
        1, 2 * item.left_minor, "EUR", date(2026, 11, 20), "DUPONT FA2031 FA2031", payer_account="FR7610001"
    )
    assert all(not match.certain for match in propose(credit, Candidates(DEBTORS, ITEMS)))


def test_of_more_items_than_are_searched_none_is_certain_and_what_is_due_is_still_proposed() -> None:
    debtor = Debtor(1, "Vaste SAS", accounts=frozenset({"FR1"}))
    due = [date(2026, 9, 1), date(2026, 12, 1)]
    items = [
        OpenItem(
            key,
            1,
            "invoice",
            f"F{key:05d}",
            date(2026, 8, 1),
            due[key % 2],
            "EUR",
            10_000 + 137 * key,
            10_000 + 137 * key,
        )
        for key in range(1, 101)
    ]
    total = sum(item.left_minor for item in items if item.due == due[0])
    first = propose(Credit(1, total, "EUR", BOOKED, "SOLDE", payer_account="FR1"), Candidates({1: debtor}, items))[0]
    assert {share.item for share in first.shares} == {item.id for item in items if item.due == due[0]}
    assert (first.because.facts["habit"], first.doubt) == ("all_due", "other_sets")
