"""What of an invoice is not to be asked for yet, because of how it is to be settled."""

from datetime import date
from typing import NamedTuple

from exigible.core.dates import add_working_days

# A direct debit or a bill that comes back unpaid is told by the banks within five working days of its presentation
# (SEPA Core rulebook: returns at the latest five interbank days after settlement; a bill is told sooner).
TOLD_WITHIN_DAYS = 5
PRESENTED = {"direct_debit": "direct_debit", "bill": "bill"}


class Terms(NamedTuple):
    """How one invoice is to be settled; amounts in minor units, empty where nothing is known.

    `is_structured`: it was read from data that had a place for the codes of a public buyer, so that none there is none.
    """

    due: date | None = None
    method: str = ""
    presented: date | None = None
    factor: str = ""
    assigned: date | None = None
    retention_minor: int | None = None
    retention_until: date | None = None
    not_before: date | None = None
    service_code: str = ""
    commitment: str = ""
    kind: str = "unknown"
    buyer: str = ""
    is_structured: bool = False


class NotYet(NamedTuple):
    """A reason not to ask: for an amount (None: all of the invoice), until a day included (None: until a person says)."""

    cause: str
    amount_minor: int | None = None
    until: date | None = None


def not_yet(terms: Terms, today: date, country: str = "FR") -> list[NotYet]:
    """The reasons not to ask for an invoice on a day; none whose day has passed.

    An invoice paid by direct debit or bill of exchange waits for its presentation (its due date where none is said), and
    for the days within which a bank tells that it came back; a factored one for the factor; retention money for its
    release; one to a public body for the codes that its platform (Chorus Pro) asks for: both from the State, one at least
    from any other.
    """
    found = []
    if terms.method in PRESENTED and (presented := terms.presented or terms.due) is not None:
        found.append(NotYet(PRESENTED[terms.method], None, add_working_days(presented, TOLD_WITHIN_DAYS, country)))
    if terms.method == "set_off":
        found.append(NotYet("set_off"))
    if terms.factor or terms.assigned:
        found.append(NotYet("factored"))
    if terms.retention_minor:
        found.append(NotYet("retention", terms.retention_minor, terms.retention_until))
    if terms.not_before is not None:
        found.append(NotYet("by_hand", None, _eve(terms.not_before)))
    if (lacking := lacking_codes(terms)) and terms.is_structured:
        found.append(NotYet(lacking))
    return [each for each in found if each.until is None or each.until >= today]


def lacking_codes(terms: Terms) -> str:
    """Which code an invoice to a public body lacks: service_code, commitment or codes (both); empty for none."""
    if terms.kind != "public_body" or (terms.service_code and terms.commitment):
        return ""
    if not terms.service_code and not terms.commitment:
        return "codes"
    if terms.buyer != "state":
        return ""
    return "service_code" if not terms.service_code else "commitment"


def _eve(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
