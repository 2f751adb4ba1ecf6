"""The benchmark of matching holds its bars on a small world, and its noise is what it is said to be."""

from collections import Counter

from bench.matching import COVERAGE, PRECISION, TUNING, applied_without_truth, measures, run
from bench.matching_labels import movements
from bench.matching_world import NOISE, make_world


def test_what_is_applied_alone_is_right_and_covers_most_payments() -> None:
    found = measures(run(TUNING[:3], customers=400, count=400))
    assert found["precision"] >= PRECISION
    assert found["coverage"] >= COVERAGE - 0.03
    assert found["top_3"] >= 0.95


def test_what_the_books_do_not_hold_is_hardly_ever_applied() -> None:
    found = applied_without_truth(TUNING[:2], customers=400, count=400)
    assert found["movements"] > 150
    assert found["applied"] <= 0.01 * found["movements"]


def test_the_noise_has_the_shares_of_the_issue_and_the_same_seed_gives_the_same_payments() -> None:
    world = make_world(5, 300)
    told = movements(world, 4_000, 6)
    counts = Counter(each.kind for each in told)
    assert all(abs(counts[kind] / 40 - share) < 2.5 for kind, share in NOISE.items())
    assert told == movements(make_world(5, 300), 4_000, 6)
    assert all(sum(each.truth.values()) <= each.credit.amount_minor for each in told)
