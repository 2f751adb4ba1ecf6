"""Settings, Law: the figures that decide, how sure each is, and the rate of a new period added when it is published."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import CONFIGURE
from exigible.books.policies.law import EARLIEST_DAYS, add_rate, added_rates, law_book_of, remove_rate
from exigible.books.policies.models import RateAdded
from exigible.common.errors import Refused
from exigible.common.http import needs
from exigible.core.law.added import AddedRate, Overtaken, overtaken
from exigible.core.law.book import law_book
from exigible.core.law.names import names_of
from exigible.core.typography import short_day
from exigible.entrypoints.staff.law_figures import SURE, Series, Writer
from exigible.features.outbox.operations import withdraw_by_rate


def _language() -> str:
    return "en" if (get_language() or "fr").startswith("en") else "fr"


class PercentField(forms.DecimalField):
    """A percentage as it is printed: 2,40 or 2.40, with or without its sign."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        """Read the number."""
        return super().to_python(str(value or "").replace(",", ".").replace("%", "").strip())


class RateForm(forms.Form):
    """The next rate of one series: which, how much, read where."""

    series = forms.ChoiceField(label=_("rate"))
    percent = PercentField(label=_("percent a year"))
    source = forms.CharField(
        label=_("read where"), max_length=300, help_text=_("The text that publishes it, with its date, or its address.")
    )

    def __init__(self, expected: list[Series], *args: Any) -> None:
        super().__init__(*args)
        self.days = {one.code: one.next_on for one in expected}
        choices = [(f"{one.code}:{one.next_on}", self._words(one)) for one in expected]
        self.fields["series"].choices = choices  # type: ignore[attr-defined]

    @staticmethod
    def _words(one: Series) -> str:
        return f"{one.name}, {short_day(one.next_on, _language())}"

    def rate(self) -> AddedRate:
        """The rate as it was given; its day is part of the choice, so that it is never another one's."""
        code = self.cleaned_data["series"].partition(":")[0]
        return AddedRate(code, self.days[code], self.cleaned_data["percent"], self.cleaned_data["source"])


def _writer(request: StaffRequest) -> Writer:
    country = request.creditor.country
    return Writer(law_book_of(request.creditor), names_of(country), request.today, _language())


def _expected(writer: Writer) -> list[Series]:
    return [one for one in writer.series() if (one.next_on - writer.on).days <= EARLIEST_DAYS]


def _added(request: StaffRequest, writer: Writer) -> list[dict[str, Any]]:
    """The rates added here, the latest first, with what a release has brought since."""
    brought = overtaken(law_book(request.creditor.country), added_rates(request.creditor))
    by_day: dict[tuple[str, Any], Overtaken] = {(one.added.series, one.added.since): one for one in brought}
    rows = RateAdded.objects.of(request.creditor).select_related("added_by").order_by("-since", "series")
    last: set[str] = set()
    shown = []
    for row in rows:
        since = by_day.get((row.series, row.since))
        shown.append({
            "row": row, "name": writer.names.of_value(row.series, writer.language), "percent": writer.percent(row.percent),
            "is_last": row.series not in last, "is_brought": since is not None,
            "brought": writer.percent(since.packaged.percent) if since and since.differs else "",
        })  # fmt: skip
        last.add(row.series)
    return shown


def _page(request: StaffRequest, writer: Writer, form: RateForm | None) -> HttpResponse:
    sure = request.GET.get("sure", "") if request.GET.get("sure") in SURE else ""
    group = request.GET.get("group", "")
    heads = [(code, writer.names.of_group(code, writer.language)) for code in writer.names.group]
    expected = _expected(writer)
    shown = {
        "tab": "staff:law", "series": writer.series(), "periods": writer.periods(), "added": _added(request, writer),
        "form": form or (RateForm(expected) if expected else None), "groups": writer.groups(sure, group),
        "heads": heads, "sure": sure, "wanted": group, "is_open": bool(sure or group), "uncertain": writer.count("uncertain"), "all": writer.count(""),
        "is_late": any(one.is_late for one in writer.series()), "earliest_days": EARLIEST_DAYS,
        "next_on": min((one.next_on for one in writer.series()), default=None),
    }  # fmt: skip
    return render(request, "staff/law.html", shown, status=422 if form and form.errors else 200)


@needs(CONFIGURE)
def law(request: StaffRequest) -> HttpResponse:
    """Show the law that decides: its rates, its figures, how sure each is."""
    return _page(request, _writer(request), None)


@needs(CONFIGURE)
@require_POST
def add(request: StaffRequest) -> HttpResponse:
    """Add the rate of a new period, from what was published."""
    writer = _writer(request)
    form = RateForm(_expected(writer), request.POST)
    if not form.is_valid():
        return _page(request, writer, form)
    try:
        _add(request, form.rate())
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, writer, form)
    messages.success(request, gettext("The rate is added: what is owed is computed with it from now on."))
    return redirect("staff:law")


@transaction.atomic
def _add(request: StaffRequest, rate: AddedRate) -> None:
    """Add a rate; what waits to leave with the interest of the days from which it holds is written again."""
    told: dict[str, Any] = {"today": request.today, "at": request.now, "actor": request.actor}
    add_rate(request.creditor, rate, by=request.user, **told)
    withdraw_by_rate(request.creditor, rate.since, **told)


@needs(CONFIGURE)
@require_POST
def remove(request: StaffRequest, rate_id: int) -> HttpResponse:
    """Take an added rate back."""
    row = get_object_or_404(RateAdded.objects.of(request.creditor), pk=rate_id)
    told: dict[str, Any] = {"today": request.today, "at": request.now, "actor": request.actor}
    with transaction.atomic():
        remove_rate(row, **told)
        withdraw_by_rate(request.creditor, row.since, **told)
    messages.success(request, gettext("The rate is taken back; the journal keeps both."))
    return redirect("staff:law")
