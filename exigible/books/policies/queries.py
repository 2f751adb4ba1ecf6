"""Reads the current policy as the record that the strategy takes."""

from datetime import date

from exigible.books.creditors.models import Creditor
from exigible.books.policies.models import Policy
from exigible.core import plan
from exigible.core.guard import limits_for
from exigible.core.law.book import law_book

KINDS = ("consumer", "business", "public_body", "unknown")


def policy_record(policy: Policy, country: str, on: date) -> plan.Policy:
    """Return a version of the policy as a record, with the limits that the law and the house set on a day."""
    book = law_book(country)
    tracks: dict[str, list[plan.Step]] = {}
    for step in policy.steps.order_by("track", "rank"):
        tracks.setdefault(step.track, []).append(
            plan.Step(
                step.name,
                step.rank,
                step.offset_days,
                step.channel,
                step.tone,
                step.mode,
                step.template,
                step.notice_days,
            )
        )
    limits = {kind: limits_for(book, kind, on, policy.min_gap_days) for kind in KINDS}
    return plan.Policy(
        policy.version, policy.minimum_minor, {track: tuple(steps) for track, steps in tracks.items()}, limits
    )


def current_policy(creditor: Creditor, on: date) -> plan.Policy:
    """Return the creditor's current policy as a record."""
    policy = Policy.objects.of(creditor).get(is_current=True)
    return policy_record(policy, creditor.country, on)
