"""The navigation: one line an entry, shown once its screen exists; and what every page's layout needs."""

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from exigible.books.creditors.models import Creditor
from exigible.features.analysis.access import is_open


class Entry(NamedTuple):
    """A place to go: its route, its word, its keys, the permission that it needs, other addresses that belong to it."""

    route: str
    label: Any
    key: str
    permission: str = "read"
    around: tuple[str, ...] = ()


MAIN = (
    Entry("worklist:today", _("Today"), "g a"),
    Entry("customers:list", _("Accounts"), "g c", around=("/invoices/", "/insolvency/")),
    Entry("messages:list", _("Messages"), "g m"),
    Entry("promises:board", _("Promises"), "g p"),
    Entry("bank:queue", _("Money in"), "g e"),
    Entry("customers:balance", _("Aged balance"), "g l"),
    Entry("policies:current", _("Policy"), "g o"),
)
ACCOUNT = (
    Entry("imports:start", _("Import"), "g i", "import"),
    Entry("staff:settings", _("Settings"), "g r", "configure"),
    Entry("staff:journal", _("Journal"), "g j"),
)


def _shown(request: Any, entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for entry in entries:
        try:
            link = reverse(entry.route)
        except NoReverseMatch:
            continue
        if request.may(entry.permission):
            places = (link, *entry.around)
            found.append({"label": entry.label, "link": link, "key": entry.key, "places": places, "is_here": False})
    _mark_the_place(found, request.path)
    return found


def _mark_the_place(entries: list[dict[str, Any]], path: str) -> None:
    """Mark the entry below one of whose addresses the page lies; of two, the one with the longer address."""
    around = [
        (len(place), at)
        for at, one in enumerate(entries)
        for place in one["places"]
        if path == place or (place != "/" and path.startswith(place))
    ]
    if around:
        entries[max(around)[1]]["is_here"] = True


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Return what the layout shows on every page: menus, company, languages, appearance."""
    creditor = getattr(request, "creditor", None)
    context: dict[str, Any] = {"creditor": creditor, "theme": request.COOKIES.get("theme", "")}
    if context["theme"] not in ("light", "dark"):
        context["theme"] = ""
    if creditor is None:
        context["analysis_open"] = is_open(request)
    else:
        context |= {
            "menu": _shown(request, MAIN),
            "account_menu": _shown(request, ACCOUNT),
            "member": getattr(request, "member", None),
            "other_companies": Creditor.objects.filter(members__user_id=request.user.pk or 0)
            .exclude(pk=creditor.pk)
            .order_by("name"),
            "may": {permission: request.may(permission) for permission in PERMISSIONS},  # type: ignore[attr-defined]
            "today": request.today,  # type: ignore[attr-defined]
        }
    return context


PERMISSIONS = ("read", "call", "approve", "record_money", "import", "configure", "own")
