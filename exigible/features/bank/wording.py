"""Why an explanation is proposed, in a sentence rebuilt from its rule and facts, each clause a link to its record."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from exigible.core import typography


class Told(NamedTuple):
    """What a sentence is about, beside its facts: the movement, its customer, the invoices by number, the difference and its cause."""

    movement: int
    currency: str
    customer: int
    customer_name: str
    invoices: Mapping[str, int]
    cause: str = ""
    difference_minor: int = 0


class Clause(NamedTuple):
    """A part of the sentence, and the address of the record it speaks of."""

    text: str
    link: str = ""


RULES = {
    "bank.reference": gettext_noop("the structured reference %(reference)s is that of %(numbers)s"),
    "bank.number": gettext_noop("the label names %(numbers)s, and the amount is exactly what is open"),
    "bank.numbers": gettext_noop("the label names %(numbers)s, and the amount is exactly their sum"),
    "bank.number_cause": gettext_noop("the label names %(numbers)s"),
    "bank.payer_amount": gettext_noop("%(payer)s; %(numbers)s is open for this very amount"),
    "bank.payer_sum": gettext_noop("%(payer)s; together %(numbers)s make this very amount"),
    "bank.expected": gettext_noop("%(customer)s announced %(expected)s for %(expected_on)s"),
    "bank.habit": gettext_noop("%(habit)s: %(numbers)s"),
    "bank.name": gettext_noop(
        "the payer’s name is like that of %(customer)s (%(name_percent)s %%), and %(numbers)s makes this very amount"
    ),
    "bank.near_number": gettext_noop(
        "the label reads %(quoted)s: but for a digit, that is %(numbers)s, open for this very amount"
    ),
    "bank.order": gettext_noop(
        "the label quotes %(quoted)s, an order or a code of %(customer)s, and the amount is that of %(numbers)s"
    ),
    "bank.paid_already": gettext_noop("the label names %(numbers)s, settled on %(settled_on)s already"),
    "bank.on_account": gettext_noop("%(payer)s, but nothing that is open gives this amount"),
    "bank.on_account_settled": gettext_noop(
        "%(payer)s, which settled %(numbers)s on %(settled_on)s already; nothing that is open gives this amount"
    ),
    "bank.booked": gettext_noop("your books have this money already: a payment of %(customer)s on %(received_on)s"),
}
PAYERS = {
    "account": gettext_noop("this account is known to pay for %(customer)s"),
    "code": gettext_noop("the label carries the code of %(customer)s"),
    "name": gettext_noop("this payer is known to pay for %(customer)s"),
}
HABITS = {
    "month_named": gettext_noop("the label names the month of these invoices of %(customer)s (%(quoted)s)"),
    "all_due": gettext_noop("this is all that is due of %(customer)s"),
    "oldest_first": gettext_noop("these are the oldest of %(customer)s"),
    "month": gettext_noop("these are the invoices of one month of %(customer)s"),
}
CAUSES = {
    "fees": gettext_noop("%(difference)s are missing, as much as the charges of a bank abroad"),
    "discount": gettext_noop("%(difference)s are missing: the discount granted for payment in time"),
    "charges": gettext_noop("%(difference)s more: the interest and indemnity that were claimed"),
    "retention": gettext_noop("%(difference)s are missing: the retention that the contract allows"),
    "credit_note": gettext_noop("the credit note is taken off"),
    "rounding": gettext_noop("%(difference)s apart: a rounding"),
    "short": gettext_noop("%(difference)s are missing, and nothing in the books says why"),
    "part": gettext_noop("it is a part payment: %(difference)s stay open"),
    "over": gettext_noop("%(difference)s are left over, as a credit of the customer"),
    "already_paid": gettext_noop("the whole amount would stay as a credit of the customer"),
}
DOUBTS = {
    "chance": gettext_noop("nothing names these invoices, and so many are open that some may fit by accident"),
    "two_numbers": gettext_noop("the label names several numbers that would each explain it"),
    "same_number": gettext_noop("several invoices carry this number"),
    "weak_number": gettext_noop("these digits may be something else than an invoice number"),
    "other_payer": gettext_noop("another customer is known to pay so, and owes this amount too"),
    "unknown_payer": gettext_noop("nothing says yet that whoever paid stands for this customer"),
    "unresolved_number": gettext_noop("the label quotes %(quoted_unknown)s, which no open invoice bears"),
    "other_month": gettext_noop("the label names another month"),
    "difference": gettext_noop("a person decides what becomes of the difference"),
    "shared_account": gettext_noop("this account pays for several customers"),
    "near_number": gettext_noop("the number is not quite the same"),
    "already_paid": gettext_noop("it may be paid twice"),
    "name_only": gettext_noop("a name alone points to this customer"),
    "habit_only": gettext_noop("nothing but a habit points to these invoices"),
}


def language() -> str:
    """Return the language of the screen, as the core's typography names it."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def clauses(because: Mapping[str, Any], told: Told) -> list[Clause]:
    """Return the sentence of a reason in pieces: the rule, the difference and its cause, the doubt. An unknown rule is its own name."""
    rule, facts = str(because.get("rule", "")), because.get("facts") or {}
    if rule == "bank.on_account" and facts.get("settled_on"):
        rule = "bank.on_account_settled"
    words = _words(facts, told)
    first = _filled(RULES.get(rule, ""), words) or rule
    found = [Clause(first, _invoice_link(told) if words["numbers"] else _customer_link(told))]
    if facts.get("discount_late"):
        found.append(Clause(_("the discount is taken after its last day"), _customer_link(told)))
    elif told.cause:
        found.append(Clause(_filled(CAUSES.get(told.cause, ""), words), _customer_link(told)))
    if doubt := _doubt(facts, words):
        found.append(Clause(doubt, _movement_link(told)))
    return [clause for clause in found if clause.text]


def sentence(because: Mapping[str, Any], told: Told) -> str:
    """Return the sentence as plain text."""
    text = _("; ").join(clause.text for clause in clauses(because, told))
    return _begun(text) + "."


def linked(because: Mapping[str, Any], told: Told) -> SafeString:
    """Return the sentence as HTML, each clause a link to its record; one record is linked once."""
    pieces, seen = [], set[str]()
    for place, clause in enumerate(clauses(because, told)):
        text = _begun(clause.text) if place == 0 else clause.text
        is_new = clause.link and clause.link not in seen
        seen.add(clause.link)
        pieces.append((format_html('<a href="{}">{}</a>', clause.link, text) if is_new else text,))
    return format_html("{}.", format_html_join(_("; "), "{}", pieces))


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    return _(pattern) % words if pattern else ""


def _doubt(facts: Mapping[str, Any], words: Mapping[str, str]) -> str:
    doubt = str(facts.get("doubt", ""))
    if doubt == "other_sets":
        others = facts.get("others") if isinstance(facts.get("others"), int) else 1
        return ngettext(
            "at least %(count)d other set of open invoices gives this amount",
            "at least %(count)d other sets of open invoices give this amount",
            int(others or 1),
        ) % {"count": int(others or 1)}
    return _filled(DOUBTS.get(doubt, ""), words)


def _words(facts: Mapping[str, Any], told: Told) -> dict[str, str]:
    """All that a pattern may name, in words."""
    words = {
        "customer": told.customer_name,
        "reference": str(facts.get("reference", "")),
        "numbers": listed(_strings(facts.get("numbers"))),
        "quoted": _quoted(facts.get("quoted")),
        "quoted_unknown": _quoted(facts.get("quoted_unknown")),
        "name_percent": str(facts.get("name_percent", "")),
        "difference": typography.amount(abs(told.difference_minor), told.currency, language()),
        "expected": _money(facts.get("expected_minor"), told.currency),
        "expected_on": _day(facts.get("expected_on")),
        "received_on": _day(facts.get("received_on")),
        "settled_on": _day(facts.get("settled_on")),
    }
    words["payer"] = _filled(PAYERS.get(str(facts.get("payer", "")), PAYERS["name"]), words)
    words["habit"] = _filled(HABITS.get(str(facts.get("habit", "")), HABITS["oldest_first"]), words)
    return words


def listed(names: Sequence[str], most: int = 4) -> str:
    """Return names as a sentence lists them: `F-1, F-2 and F-3`, beyond a few `F-1, F-2, F-3 and 9 others`."""
    if len(names) > most:
        rest = len(names) - most + 1
        others = ngettext("%(count)d other", "%(count)d others", rest) % {"count": rest}
        names = [*names[: most - 1], others]
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _strings(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)] if value else []


def _quoted(value: Any) -> str:
    return listed([_("“%(words)s”") % {"words": words} for words in _strings(value)])


def _money(value: Any, currency: str) -> str:
    return typography.amount(value, currency, language()) if isinstance(value, int) else ""


def _day(value: Any) -> str:
    try:
        return typography.day_in_words(date.fromisoformat(str(value)), language())
    except ValueError:
        return ""


def _address(name: str, key: int) -> str:
    try:
        return reverse(name, args=(key,))
    except NoReverseMatch:
        return ""


def _invoice_link(told: Told) -> str:
    """The only invoice, else the customer's statement."""
    if len(told.invoices) == 1:
        return _address("claims:page", next(iter(told.invoices.values())))
    return f"{_address('customers:page', told.customer)}#statement"


def _customer_link(told: Told) -> str:
    return _address("customers:page", told.customer)


def _movement_link(told: Told) -> str:
    return _address("bank:movement", told.movement)
