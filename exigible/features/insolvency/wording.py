"""What insolvency stops and what goes on, each with its article; what the delays are called."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from exigible.core.law.deadlines import Deadline

DELAYS = {
    "insolvency_claim": _("Declare the claim"), "insolvency_claim_abroad": _("Declare the claim"),
    "insolvency_relief": _("Ask relief, where the claim was not declared in time"),
    "retention_of_title": _("Claim goods sold under retention of title"),
    "vat_recovery": _("Recover the VAT of the lost claim"),
}  # fmt: skip


class Effect(NamedTuple):
    """One effect of the opening, and the article that says so."""

    text: Any
    article: str


def stops() -> list[Effect]:
    """What stops with the judgment that opens the proceedings."""
    return [
        Effect(_("Reminders and calls: claims of before the judgment may no longer be paid."), "C. com. art. L622-7"),
        Effect(_("Suits and seizures for money; those under way are suspended until the claim is declared."), "C. com. art. L622-21 et L622-22"),
        Effect(_("Interest and penalties, on the eve of the judgment."), "C. com. art. L622-28"),
    ]  # fmt: skip


def goes_on() -> list[Effect]:
    """What does not stop."""
    return [
        Effect(_("What you supply after the judgment for the needs of the proceedings is paid when due."), "C. com. art. L622-17"),
        Effect(_("Mutual debts that are connected may still be set off."), "C. com. art. L622-7"),
        Effect(_("Goods sold under retention of title may be claimed."), "C. com. art. L624-9 et L624-16"),
        Effect(_("The declaration interrupts the time to sue until the proceedings are closed."), "C. com. art. L622-25-1"),
    ]  # fmt: skip


def names(delays: Iterable[Deadline]) -> list[tuple[Any, Deadline]]:
    """Delays with what is to be done within them."""
    return [(DELAYS[found.rule], found) for found in delays]
