"""python -m bench.matching: how surely money finds its invoices, on invented payments whose truth is known.

Tuned on some random numbers, judged on others; docs/matching.md tells the noise and what each figure means.
`--size` makes one creditor with that many open items besides, and 10,000 movements: the CPU of the decisions alone.
"""

import argparse
import gc
import json
import time
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from bench.matching_labels import movements
from bench.matching_world import Told, make_world
from exigible.core.matching import Candidates, Match, Rules, propose

TUNING, HELD_OUT = range(100, 112), range(31_000, 31_012)
PRECISION, COVERAGE, MICROSECONDS = 0.995, 0.85, 150
_RULES = Rules()


class Result(NamedTuple):
    """One movement, what was proposed for it, and how it compares with the truth."""

    told: Told
    matches: list[Match]

    @property
    def is_applied(self) -> bool:
        """Whether it would be applied without a person."""
        return bool(self.matches) and self.matches[0].certain

    def is_right(self, most: int) -> bool:
        """Whether one of the first explanations gives each item just what it truly took."""
        return any(dict(match.shares) == self.told.truth for match in self.matches[:most])


def run(seeds: Iterable[int], *, customers: int = 1_500, count: int = 1_500, rules: Rules = _RULES) -> list[Result]:
    """All movements of one creditor a seed, each with its explanations."""
    results = []
    for seed in seeds:
        world = make_world(seed, customers)
        candidates = Candidates(world.debtors, world.items)
        results += [
            Result(told, propose(told.credit, candidates, rules=rules)) for told in movements(world, count, seed + 1)
        ]
    return results


def measures(results: list[Result]) -> dict[str, float]:
    """Precision of what is applied alone, coverage by count and by amount, suggestions right first or among three."""
    applied = [each for each in results if each.is_applied]
    money = sum(each.told.credit.amount_minor for each in results)
    return {
        "movements": len(results),
        "applied": len(applied),
        "wrong": sum(not each.is_right(1) for each in applied),
        "precision": sum(each.is_right(1) for each in applied) / max(len(applied), 1),
        "coverage": len(applied) / len(results),
        "coverage_amount": sum(each.told.credit.amount_minor for each in applied) / money,
        "top_1": sum(each.is_right(1) for each in results) / len(results),
        "top_3": sum(each.is_right(3) for each in results) / len(results),
    }


def main() -> int:
    """Print the figures of one split; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("tuning", "held_out"), default="held_out")
    parser.add_argument("--size", type=int, default=0)
    parser.add_argument("--proposed-causes", action="store_true", help="apply no payment whose amount differs")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rules = Rules(applied_causes=frozenset()) if arguments.proposed_causes else _RULES
    results = run(TUNING if arguments.split == "tuning" else HELD_OUT, rules=rules)
    kinds: dict[str, list[Result]] = defaultdict(list)
    for each in results:
        kinds[each.told.kind].append(each)
        kinds[f"{each.told.kind} {each.told.detail}"].append(each)
    figures = {"all": measures(results)} | {kind: measures(kinds[kind]) for kind in sorted(kinds)}
    absent = applied_without_truth(TUNING if arguments.split == "tuning" else HELD_OUT)
    speed = _speed(arguments.size) if arguments.size else {}
    if arguments.json:
        told = {"split": arguments.split, "figures": figures, "absent": absent, "speed": speed}
        print(json.dumps(told, indent=1))
    else:
        _print(arguments.split, figures)
        print(f"  of {absent['movements']:,} that pay what the books do not hold, {absent['applied']} would be applied")
        if speed:
            print(
                f"  {speed['movements']:,.0f} movements, {arguments.size:,} open items: {speed['microseconds']:.0f} µs of"
                f" CPU a movement (bar {MICROSECONDS}), {speed['index_s']:.1f} s to load"
            )
    found = figures["all"]
    return int(found["precision"] < PRECISION or found["coverage"] < COVERAGE)


def applied_without_truth(seeds: Iterable[int], *, customers: int = 1_500, count: int = 1_500) -> dict[str, int]:
    """The same payments when the books lack each third item: how many would be applied that pay only lacking ones."""
    movements_seen = applied = 0
    for seed in seeds:
        world = make_world(seed, customers)
        candidates = Candidates(world.debtors, [item for item in world.items if item.id % 3])
        for told in movements(world, count, seed + 1):
            if all(key % 3 == 0 for key in told.truth):
                movements_seen += 1
                applied += any(match.certain for match in propose(told.credit, candidates)[:1])
    return {"movements": movements_seen, "applied": applied}


def _speed(size: int) -> dict[str, float]:
    """CPU of a decision among that many open items, all in memory; the database is measured by bench.bank."""
    world = make_world(9_500, size // 5)
    told = movements(world, 10_000, 9_501)
    started = time.process_time()
    candidates = Candidates(world.debtors, world.items)
    loaded = time.process_time()
    gc.collect()
    gc.freeze()  # the book is not looked through again for what may be forgotten
    begun = time.process_time()
    applied = sum(Result(each, propose(each.credit, candidates)).is_applied for each in told)
    done = time.process_time()
    return {
        "movements": len(told), "applied": applied, "index_s": loaded - started, "microseconds": (done - begun) / len(told) * 1e6,
    }  # fmt: skip


def _print(split: str, figures: dict[str, dict[str, float]]) -> None:
    print(f"matching, split {split} (bars: precision {PRECISION:.1%}, coverage {COVERAGE:.0%})")
    print(
        f"  {'':24} {'n':>6} {'wrong':>5} {'precision':>9} {'coverage':>8} {'by amount':>9} {'top 1':>6} {'top 3':>6}"
    )
    for name, row in figures.items():
        print(
            f"  {name:24} {row['movements']:6.0f} {row['wrong']:5.0f} {row['precision']:9.2%} {row['coverage']:8.1%}"
            f" {row['coverage_amount']:9.1%} {row['top_1']:6.1%} {row['top_3']:6.1%}"
        )


if __name__ == "__main__":
    raise SystemExit(main())
