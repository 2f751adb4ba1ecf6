"""Every rule that a because sentence can state: the facts it says, and the facts it links to."""

from dataclasses import dataclass
from typing import Any, Final

from exigible.core.because import JSON


@dataclass(frozen=True, slots=True)
class Rule:
    """`example` holds the facts that the sentence says: alter one and the sentence changes. `links` name records."""

    group: str
    example: dict[str, Any]
    links: tuple[str, ...] = ()

    @property
    def says(self) -> tuple[str, ...]:
        """The names of the facts that the sentence says."""
        return tuple(self.example)


_STEP: Final[dict[str, JSON]] = {
    "step": "call",
    "channel": "phone",
    "contact": "Mme Durand",
    "customer": "Martin SARL",
    "amount": 1240000,
    "currency": "EUR",
    "count": 1,
    "days_late": 14,
    "usual_delay": 9,
    "previous": [
        {"step": "friendly", "channel": "email", "on": "2026-11-12"},
        {"step": "firm", "channel": "email", "on": "2026-11-18"},
    ],
    "limits": [],
    "next": {"step": "letter", "date": "2026-12-03"},
    "entry": False,
}
_EARLY: Final = {"step": "preventive", "channel": "email", "days_late": -5}
_DAY: Final = {"date": "2026-12-03"}
_SUM: Final = {"amount": 420000, "currency": "EUR"}
_CHANGE: Final = {"was": 420000, "is": 320000, "currency": "EUR"}
_BUDGET: Final = {"contacts": 8, "days": 30, "cap": 8, "date": "2026-12-03"}
_GAP: Final = {"last": "2026-11-28", "min_gap_days": 5, "date": "2026-12-03"}
_LATE: Final = {"amount": 420000, "currency": "EUR", "count": 2, "days_late": 22}
_HELD: Final = {"holds": [{"reason": "promised", "until": "2026-12-03", "amount": 420000}]}
_ON: Final = {"on": "2026-11-23"}
_LAST: Final = {"count": 2} | _SUM | _DAY

RULES: Final[dict[str, Rule]] = {
    "step.due": Rule("decision", _STEP, ("case", "invoices")),
    "step.upcoming": Rule("decision", _STEP | _EARLY, ("case", "invoices")),
    "step.not.due": Rule("wait", {"step": "firm"} | _DAY),
    "all.on.hold": Rule("wait", _HELD),
    "contact.too.soon": Rule("wait", _GAP),
    "budget.spent": Rule("wait", _BUDGET),
    "one.contact.a.day": Rule("wait", _DAY),
    "waiting.delivery": Rule("wait", {"step": "friendly", "channel": "email"} | _ON | _DAY),
    "waiting.approval": Rule("wait", {"step": "letter"} | _ON, ("message",)),
    "waiting.person": Rule("wait", {"step": "formal_notice"} | _ON),
    "below.minimum": Rule("wait", _SUM | {"minimum": 5000000}),
    "credits.cover": Rule("wait", {"credits": 500000} | _SUM),
    "nothing.due": Rule("wait", {}),
    "policy.ended": Rule("wait", {}),
    "money.stale": Rule("wait", _ON | {"days": 10}),
    "first.message.quota": Rule("wait", {"quota": 50} | _DAY),
    "unconfirmed.opening": Rule("wait", {"count": 3}),
    "no.address": Rule("wait", {"channel": "email"}),
    "no.due.date": Rule("wait", {"count": 2}),
    "reply.unread": Rule("wait", _ON | {"until": "2026-11-30"}),
    "approve.message": Rule("worklist", {"step": "letter", "recipient": "Mme Durand"} | _SUM, ("message",)),
    "call.due": Rule("worklist", {"contact": "Mme Durand", "customer": "Martin SARL"} | _LATE),
    "print.letter": Rule("worklist", {"count": 4}),
    "posting.unrecorded": Rule("worklist", {"step": "letter"} | _ON, ("message",)),
    "message.uncertain": Rule("worklist", _ON | {"error": "TimeoutError: timed out"}, ("message",)),
    "message.lost": Rule("worklist", _ON, ("message",)),
    "message.failed": Rule("worklist", _ON | {"error": "451 try again later"}, ("message",)),
    "message.unreachable": Rule("worklist", _ON | {"error": "TimeoutError: timed out"}, ("message",)),
    "message.no_server": Rule("worklist", {}, ("message",)),
    "message.unwritten": Rule("worklist", {"error": "no rate for 2027"}, ("message",)),
    "message.bounced": Rule(
        "worklist", _ON | {"address": "durand@martin.example", "error": "550 mailbox unknown"}, ("message",)
    ),
    "undelivered": Rule("worklist", {"step": "friendly"} | _ON | {"days": 4}, ("message",)),
    "kind.missing": Rule("worklist", {}),
    "email.missing": Rule("worklist", {}),
    "address.missing": Rule("worklist", {}),
    "opening.unconfirmed": Rule("worklist", {"count": 3}),
    "case.error": Rule("worklist", {"error": "no rate for 2027"}),
    "notice.to.prepare": Rule("worklist", _LATE),
    "limitation.far": Rule("worklist", _LAST, ("invoices",)),
    "limitation.near": Rule("worklist", _LAST, ("invoices",)),
    "limitation.public": Rule("worklist", _LAST, ("invoices",)),
    "limitation.passed": Rule("worklist", _LAST, ("invoices",)),
    "insolvency.claim": Rule("worklist", _DAY | _ON | _SUM),
    "insolvency.claim.late": Rule("worklist", _DAY | _SUM),
    "insolvency.unknown": Rule("worklist", _SUM),
    "insolvency.namesake": Rule("worklist", _ON | _SUM),
    "company.closed": Rule("worklist", _ON | _SUM),
    "stale.amount": Rule("cancellation", _CHANGE),
    "stale.paid": Rule("cancellation", {"number": "F-2031"}),
    "stale.list": Rule("cancellation", {}),
    "stale.recipient": Rule("cancellation", {}),
    "stale.bank": Rule("cancellation", {}),
    "stale.rate": Rule("cancellation", {"since": "2027-01-01"}),
    "payment.removed": Rule("cancellation", {}),
    "on.hold": Rule("cancellation", {"reason": "disputed", "until": "2026-12-03", "amount": 420000, "currency": "EUR"}),
    "guard.gap": Rule("cancellation", _GAP),
    "guard.cap": Rule("cancellation", _BUDGET),
    "guard.day": Rule("cancellation", _DAY),
    "guard.hours": Rule("cancellation", {}),
    "rehearsal.ended": Rule("cancellation", {}),
    "withdrawn": Rule("cancellation", {"by": "Alice Roux"}),
    "case.closed": Rule("cancellation", {}),
    "kind.unknown": Rule("limit", {}),
    "tone.capped": Rule("limit", {"tone": 1, "step_tone": 2}),
    "formal.notice.by.person": Rule("limit", {}),
    "approval.needed": Rule("limit", {}),
    "rehearsal": Rule("limit", {}),
    "channel.replaced": Rule("limit", {"was": "email", "is": "letter"}),
    "budget.near": Rule("limit", {"contacts": 7, "cap": 8, "days": 30}),
}  # fmt: skip
