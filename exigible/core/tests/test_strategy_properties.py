"""What never happens, whatever the debts, the payments, the missed days and the deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from exigible.core.guard import WRITTEN, Contact
from exigible.core.plan import InvoiceFacts
from exigible.core.strategy import Propose, Take, Wait, next_step, track_of
from exigible.core.tests.plans_for_tests import DEFAULT_CASE, DEFAULT_INVOICE, POLICY, TODAY

LENGTH = 70


@dataclass
class Debt:
    """One invented debt: when it falls due (days from the first), how much, in what, how much is held."""

    due: int
    amount: int
    currency: str
    held: int
    settled: int
    steps: list[tuple[str, int]] = field(default_factory=list)
    last_is_delivered: bool = True


@dataclass
class World:
    """A customer's life."""

    kind: str
    profile: str
    has_phone: bool
    debts: list[Debt]
    days: Sequence[int]
    deliveries: list[bool]
    history: list[tuple[int, str]] = field(default_factory=list)
    highest_tone: int = 0


debts = st.builds(
    Debt,
    due=st.integers(-500, 40),
    amount=st.integers(100, 500_000),
    currency=st.sampled_from(["EUR", "EUR", "EUR", "USD"]),
    held=st.sampled_from([0, 0, 0, 50, 100]),
    settled=st.sampled_from([LENGTH, LENGTH, 20, 45]),
)
worlds = st.builds(
    World,
    kind=st.sampled_from(["business", "consumer", "public_body", "unknown"]),
    profile=st.sampled_from(["new", "good", "ordinary", "chronic"]),
    has_phone=st.booleans(),
    debts=st.lists(debts, min_size=1, max_size=4),
    days=st.lists(st.integers(0, LENGTH), min_size=5, max_size=LENGTH, unique=True).map(sorted),
    deliveries=st.lists(st.booleans(), min_size=LENGTH, max_size=LENGTH),
)


def facts_of(key: int, debt: Debt) -> InvoiceFacts:
    due = TODAY + timedelta(days=debt.due)
    last, on = debt.steps[-1] if debt.steps else ("", 0)
    return DEFAULT_INVOICE._replace(
        id=key, number=f"F-{key}", due=due, total=debt.amount, open=debt.amount, held=debt.amount * debt.held // 100, currency=debt.currency,
        last_step=last, last_taken_on=TODAY + timedelta(days=on) if last else None, is_delivered=debt.last_is_delivered,
    )  # fmt: skip


def decided(world: World, on: int) -> Take | Propose | Wait:
    invoices = [facts_of(key, debt) for key, debt in enumerate(world.debts, start=1) if debt.settled > on]
    case = DEFAULT_CASE._replace(
        kind=world.kind, profile=world.profile, has_phone=world.has_phone, highest_tone=world.highest_tone, invoices=invoices,
        history=[Contact(TODAY + timedelta(days=day), channel) for day, channel in world.history],
        taken={key: frozenset(name for name, _day in debt.steps) for key, debt in enumerate(world.debts, start=1)},
    )  # fmt: skip
    return next_step(case, POLICY, TODAY + timedelta(days=on))


def live(world: World) -> list[tuple[int, Take | Propose]]:
    """Live the days that are run; each step taken is delivered two days later, or never."""
    done: list[tuple[int, Take | Propose]] = []
    arriving: list[tuple[int, Take | Propose]] = []
    for on in world.days:
        for _day, decision in [pair for pair in arriving if pair[0] <= on]:
            for key in decision.marks:
                world.debts[key - 1].last_is_delivered = True
            world.highest_tone = max(
                world.highest_tone, decision.tone if isinstance(decision, Take) else decision.step.tone
            )
        arriving = [pair for pair in arriving if pair[0] > on]
        decision = decided(world, on)
        if isinstance(decision, Wait):
            assert decision.until is None or decision.until > TODAY + timedelta(days=on), decision
            continue
        done.append((on, decision))
        for key, step in decision.marks.items():
            world.debts[key - 1].steps.append((step, on))
            world.debts[key - 1].last_is_delivered = False
        if isinstance(decision, Take):
            world.history.append((on, decision.channel))
        if world.deliveries[on - 1]:
            arriving.append((on + 2, decision))
    return done


@settings(max_examples=150, deadline=None)
@given(worlds)
def test_steps_keep_their_order_their_spacing_and_never_come_twice(world: World) -> None:
    live(world)
    steps = {step.name: step for step in POLICY.tracks[track_of(world.kind, world.profile)]}
    for debt in world.debts:
        names = [name for name, _on in debt.steps]
        assert len(set(names)) == len(names), names
        assert [steps[name].rank for name in names] == sorted(steps[name].rank for name in names)
        assert not names or names[0] in ("preventive", "friendly"), names
        for (earlier, on), (later, then) in zip(debt.steps, debt.steps[1:], strict=False):
            if steps[earlier].offset_days >= 0 and steps[earlier].notice_days is None:
                assert then - on >= steps[later].offset_days - steps[earlier].offset_days
        for name, on in debt.steps:
            assert on - debt.due >= steps[name].offset_days
            assert name == "preventive" or on > debt.due


@settings(max_examples=150, deadline=None)
@given(worlds)
def test_demands_keep_the_gap_the_budget_and_one_a_day(world: World) -> None:
    takes = [(on, decision) for on, decision in live(world) if isinstance(decision, Take)]
    limits = POLICY.limits[world.kind]
    written = [on for on, take in takes if take.channel in WRITTEN]
    assert all(later - on >= limits.min_gap_days for on, later in zip(written, written[1:], strict=False))
    assert len({on for on, _take in takes}) == len(takes)
    for on, _take in takes:
        window = [take for then, take in takes if on - limits.window_days < then <= on]
        assert len(window) <= limits.contacts_in_window
        assert sum(take.channel == "phone" for take in window) <= limits.calls_in_window


@settings(max_examples=150, deadline=None)
@given(worlds)
def test_what_is_stated_is_late_free_and_sums_up(world: World) -> None:
    for on, decision in live(world):
        assert decision.stated
        assert decision.amount == sum(line.open - line.held for line in decision.stated) > 0
        assert {line.currency for line in decision.stated} == {decision.currency}
        assert all(world.debts[line.id - 1].settled > on for line in decision.stated)
        assert set(decision.marks) <= {line.id for line in decision.stated}
        if decision.step.offset_days >= 0:
            assert all(line.due is not None and line.due < TODAY + timedelta(days=on) for line in decision.stated)


@settings(max_examples=150, deadline=None)
@given(worlds)
def test_nothing_comes_before_what_it_rests_on_was_delivered(world: World) -> None:
    heard = 0
    delivered: set[tuple[int, str]] = set()
    pending: list[tuple[int, Take | Propose]] = []
    for on, decision in live(world):
        for _day, earlier in [pair for pair in pending if pair[0] <= on]:
            delivered |= set(earlier.marks.items())
            heard = max(heard, earlier.tone if isinstance(earlier, Take) else earlier.step.tone)
        pending = [pair for pair in pending if pair[0] > on]
        if isinstance(decision, Take):
            assert decision.tone <= max(heard + 1, 0)
        if decision.step.name == "formal_notice":
            for key in decision.marks:
                reminders = {name for name, then in world.debts[key - 1].steps if then < on and name != "preventive"}
                assert reminders, "a formal notice is never first"
                assert all((key, name) in delivered for name in reminders)
        if world.deliveries[on - 1]:
            pending.append((on + 2, decision))


@settings(max_examples=150, deadline=None)
@given(worlds, st.integers(1, 20))
def test_a_wait_has_nothing_to_do_before_its_day(world: World, later: int) -> None:
    live(world)
    last = world.days[-1] + later
    wait = decided(world, last)
    if isinstance(wait, Wait) and wait.until is not None:
        day = last + 1
        while date.fromordinal(TODAY.toordinal() + day) < wait.until:
            assert isinstance(decided(world, day), Wait)
            day += 1
