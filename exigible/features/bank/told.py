"""What statements and movements are, in sentences: what a file brought, what is wrong with a statement, why a movement is where it is."""

import json
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from exigible.core import typography
from exigible.features.bank.models import BankStatement, BankTransaction
from exigible.features.bank.receiving import Received
from exigible.features.bank.wording import language

Fault = BankStatement.Fault
RULES = {
    "bank.own_account": gettext_noop("It comes from another account of yours: it is nobody’s payment."),
    "bank.money_back": gettext_noop("Your bank gives back what you had sent yourself."),
    "bank.fee_back": gettext_noop("Your bank gives back a charge."),
    "bank.not_on_statement": gettext_noop("A notification told of it; the statement of that day does not have it."),
    "bank.return": gettext_noop("The bank took it back (%(reason)s): what it had paid is due again."),
    "bank.return_by_hand": gettext_noop("The bank took it back, as a person said: what it had paid is due again."),
    "bank.told_in_detail": gettext_noop("It is a sum: another file tells the same money payment by payment."),
}

FORMATS = {"camt053": "CAMT.053", "camt054": "CAMT.054", "cfonb120": "CFONB 120", "ofx": "OFX", "mt940": "MT940"}


class Told(NamedTuple):
    """A statement in a sentence, and whether something is to be looked at."""

    text: str
    tone: str
    word: str


def received_in_words(name: str, received: Received) -> str:
    """Say what a bank file brought, in one sentence."""
    if received.is_nothing:
        return _("%(name)s: these statements are in the books already; nothing changed.") % {"name": name}
    text = ngettext("%(name)s: %(count)d new movement", "%(name)s: %(count)d new movements", received.movements_new)
    text %= {"name": name, "count": received.movements_new}
    if received.movements_known:
        known = ngettext("%(count)d known already", "%(count)d known already", received.movements_known)
        text += ", " + known % {"count": received.movements_known}
    return text + "."


def format_in_words(row: BankStatement) -> str:
    """The format of the file of a statement, as banks write it."""
    return FORMATS.get(row.format) or _("table")


def statement_in_words(row: BankStatement) -> Told:
    """Say whether a statement adds up and follows the one before it."""
    facts: dict[str, Any] = json.loads(row.fault_json or "{}")
    if row.fault == Fault.UNBALANCED:
        off = (facts.get("opening") or 0) + (facts.get("movements") or 0) - (facts.get("closing") or 0)
        text = _(
            "Opening balance and movements come to %(amount)s more or less than the closing balance: ask the bank for this statement again."
        )
        return Told(text % {"amount": _amount(abs(off), row)}, "wait", _("does not add up"))
    if row.fault == Fault.GAP:
        text = _(
            "The statement before it ends on %(day)s with %(closing)s, this one begins with %(opening)s: one is missing between them."
        )
        return Told(text % _facts(facts, row), "wait", _("a gap before it"))
    if row.fault == Fault.OVERLAP:
        text = _("It begins before %(day)s, when the one before it ended: their common days are counted once.")
        return Told(text % _facts(facts, row), "wait", _("overlaps"))
    if row.is_notification:
        return Told(_("A notice of movements, without balances."), "", _("notice"))
    if row.is_balanced is None:
        return Told(_("The file gives no opening balance: only its movements are known."), "", _("not checked"))
    return Told(_("Opening balance and movements make the closing balance."), "done", _("adds up"))


def _facts(facts: dict[str, Any], row: BankStatement) -> dict[str, str]:
    try:
        day = typography.day_in_words(date.fromisoformat(str(facts.get("closed_on"))), language())
    except ValueError:
        day = "–"
    return {
        "day": day,
        "closing": _amount(facts.get("closing") or 0, row),
        "opening": _amount(facts.get("opening") or 0, row),
    }


def _amount(minor: int, row: BankStatement) -> str:
    return typography.amount(minor, row.currency, language())


def why_in_words(movement: BankTransaction) -> str:
    """Say why a movement is where it is, where a rule put it there; an unknown rule is its own name."""
    if not movement.because_json:
        return ""
    because = json.loads(movement.because_json)
    rule, facts = str(because.get("rule", "")), because.get("facts") or {}
    return _(RULES[rule]) % {"reason": facts.get("reason") or "–"} if rule in RULES else ""
