"""What a policy will do to one customer if nothing happens: the same decisions as the day's, with other dates."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from exigible.books.cases.models import Case
from exigible.books.creditors.models import Creditor
from exigible.books.policies.law import law_book_of
from exigible.core.because import JSON, Because
from exigible.core.dates import add_working_days
from exigible.core.guard import Contact
from exigible.core.plan import CaseFacts, Policy
from exigible.core.strategy import Propose, Take, Wait, next_step
from exigible.features.dunning.facts import Gathered, gather_facts
from exigible.features.dunning.stating import bank_facts, message_facts
from exigible.features.messages.compose import house_of
from exigible.features.messages.labels import label
from exigible.features.messages.letter import letter_data, letter_text
from exigible.features.messages.queries import undated
from exigible.features.messages.script import call_script
from exigible.features.messages.wording import because_sentence
from exigible.features.messages.write import task_text, write_email
from exigible.features.policies.tables import MODE_WORDS, language, step_name

HORIZON_DAYS = 180
MOST_STEPS = 15
MOST_TURNS = 400
PREVIOUS_KEPT = 4


class Foreseen(NamedTuple):
    """One step to come: when, what, how much, why, and the words of its message."""

    on: date
    step: str
    channel: str
    mode: str
    amount_minor: int
    currency: str
    because: str
    subject: str
    text: str


class Preview(NamedTuple):
    """The steps to come, and why nothing follows them."""

    steps: list[Foreseen]
    ending: str


def foresee(creditor: Creditor, case: Case, policy: Policy, today: date) -> Preview:
    """Return what would happen to a case from a day on if nobody pays or answers and each step is delivered."""
    (known,) = gather_facts(creditor, [case], today)
    known = known._replace(facts=_delivered(known.facts))
    steps: list[Foreseen] = []
    day, ending = today, Because("policy.ended", {})
    for _turn in range(MOST_TURNS):
        if (day - today).days > HORIZON_DAYS or len(steps) >= MOST_STEPS:
            break
        decision = next_step(known.facts, policy, day)
        if isinstance(decision, Wait):
            ending = decision.because
            if decision.until is None:
                break
            day = max(decision.until, day + timedelta(days=1))
            continue
        steps.append(_foreseen(creditor, policy, known, decision, day))
        known = known._replace(facts=_after(known.facts, decision, day))
        day = _settled(decision, day, known.facts.country)
    return Preview(steps, because_sentence(ending.to_json(), language()).text)


def _delivered(facts: CaseFacts) -> CaseFacts:
    """Take the step that is on its way as delivered: a preview does not wait for the post."""
    return facts._replace(invoices=[invoice._replace(is_delivered=True) for invoice in facts.invoices])


def _after(facts: CaseFacts, decision: Take | Propose, day: date) -> CaseFacts:
    """The case once a step was taken and delivered."""
    invoices = [
        invoice._replace(last_step=decision.marks[invoice.id], last_taken_on=day, is_delivered=True)
        if invoice.id in decision.marks
        else invoice
        for invoice in facts.invoices
    ]
    channel = decision.channel if isinstance(decision, Take) else "task"
    tone = decision.tone if isinstance(decision, Take) else decision.step.tone
    previous: list[JSON] = [*facts.previous, {"step": decision.step.name, "channel": channel, "on": day.isoformat()}]
    return facts._replace(
        invoices=invoices, history=[*facts.history, Contact(day, channel)], highest_tone=max(facts.highest_tone, tone),
        previous=previous[-PREVIOUS_KEPT:],
    )  # fmt: skip


def _settled(decision: Take | Propose, day: date, country: str) -> date:
    """The first day on which the next step may be decided: an e-mail is delivered after the next working day, a letter after two."""
    if isinstance(decision, Propose) or decision.channel == "phone":
        return day + timedelta(days=1)
    return add_working_days(day, 2 if decision.channel == "letter" else 1, country) + timedelta(days=1)


def _foreseen(creditor: Creditor, policy: Policy, known: Gathered, decision: Take | Propose, day: date) -> Foreseen:
    stated = message_facts(
        creditor, policy, law_book_of(creditor), bank_facts(creditor), known, decision=decision, today=day
    )
    channel = decision.channel if isinstance(decision, Take) else decision.step.channel
    subject, text = words_of({**stated, **house_of(creditor).facts}, channel)
    return Foreseen(
        day, step_name(decision.step.name), label("channel", channel, language()), str(MODE_WORDS[decision.step.mode]),
        decision.amount, decision.currency, undated(because_sentence(decision.because.to_json(), language()).text), subject, text,
    )  # fmt: skip


def words_of(facts: Mapping[str, Any], channel: str) -> tuple[str, str]:
    """Return the subject and the words of a message that is not queued: a mail, a letter, a call's script or a task."""
    stated = dict(facts)
    match channel:
        case "email":
            mail = write_email(stated)
            return mail.subject, mail.text
        case "letter":
            return letter_data(stated)["subject"], letter_text(stated)
        case "phone":
            said = call_script(stated | {"language": language()})
            return "", "\n\n".join("\n".join([title, *(f"– {line}" for line in lines)]) for title, lines in said)
    return "", task_text(stated | {"language": language()})
