"""The form of the analysis: the facts of one claim, as a person types them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import schwifty
from django import forms
from django.utils.translation import gettext_lazy as _

from exigible.common.fields import DayInput
from exigible.features.analysis.facts import ClaimFacts
from exigible.features.analysis.letter import Names
from exigible.features.analysis.report_worth import AMOUNTS
from exigible.formats import amounts

OWN = "a."
"""What the name of a field begins with that holds the reader's own assumption."""

PAYMENT_ROWS = 3
_LARGEST_MINOR = 10**13


_RANGE = {"min": "1990-01-01", "max": "2100-12-31"}


class AmountField(forms.CharField):
    """An amount as people write it (1 234,56 or 1,234.56 or 1234.5), in minor units."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "figures"}
        super().__init__(max_length=24, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Any:
        """Return minor units, or nothing for an empty field."""
        text = super().clean(value)
        if not text:
            return None
        mark = "." if text.rfind(".") > text.rfind(",") else ","
        try:
            minor = amounts.minor(text, mark)
        except ValueError:
            raise forms.ValidationError(
                _("This is no amount: write it like 1234.56, with at most two decimals.")
            ) from None
        if not 0 < minor < _LARGEST_MINOR:
            raise forms.ValidationError(_("The amount must be above zero and below one hundred billion."))
        return minor


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=DayInput(**_RANGE), help_text=help_text)


class ClaimForm(forms.Form):
    """One claim: what one must know first, what makes it exact after."""

    debtor = forms.ChoiceField(
        label=_("The debtor is"),
        choices=[
            ("business", _("a business")), ("consumer", _("a consumer")), ("public_body", _("a public body")),
            ("unknown", _("I do not know")),
        ],
    )  # fmt: skip
    amount = AmountField(label=_("Total with VAT (€)"))
    due = _day(_("Due date"), _("Left empty for a business: 30 days after delivery, as the law presumes."))
    number = forms.CharField(label=_("Invoice number"), required=False, max_length=60)
    issued = _day(_("Date of the invoice"))
    completed = _day(_("Delivery, or end of the service"), _("The time to sue often runs from this day."))
    activity = forms.BooleanField(label=_("It is the price of a transport of goods"), required=False)
    contract_rate = forms.DecimalField(
        label=_("Late-payment rate agreed (% a year)"), required=False, max_digits=6, decimal_places=3, min_value=Decimal(0),
        localize=True, help_text=_("Leave empty for the law's own rate."),
    )  # fmt: skip
    notice_received = _day(_("Formal notice received on"))
    acknowledged = _day(_("Debt acknowledged in writing on"))
    has = forms.MultipleChoiceField(
        label=_("Documents that you have"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[
            ("order", _("signed order or contract")), ("terms", _("accepted general terms")),
            ("delivery", _("delivery note or proof of performance")), ("invoice", _("invoice")),
            ("invoice_received", _("proof that the invoice was received")),
            ("formal_notice", _("formal notice and proof of posting")),
        ],
    )  # fmt: skip
    disputed = forms.BooleanField(label=_("The debtor disputes it"), required=False)
    insolvent = _day(_("Insolvency proceedings opened on"))
    both_traders = forms.ChoiceField(
        label=_("Are both of you traders?"), required=False,
        choices=[("", _("not known")), ("yes", _("yes")), ("no", _("no"))],
        help_text=_("Commercial companies are; craftsmen, liberal professions and associations often are not."),
    )  # fmt: skip
    buyer = forms.ChoiceField(
        label=_("Kind of public body"), required=False,
        choices=[
            ("", _("not known")), ("state", _("State")), ("local", _("local authority")), ("hospital", _("hospital")),
            ("army_health", _("army health service")), ("public_enterprise", _("public enterprise")),
        ],
    )  # fmt: skip
    postcode = forms.RegexField(
        r"^\d{5}$", label=_("Debtor's postcode"), required=False, help_text=_("It says which courts."),
        error_messages={"invalid": _("A French postcode has five digits, like 75011.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 5}),
    )  # fmt: skip
    country = forms.RegexField(
        r"^[A-Za-z]{2}$", label=_("Debtor's country"), required=False,
        error_messages={"invalid": _("Write the two letters of the country, like FR or DE.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 2}),
    )  # fmt: skip
    individual = forms.BooleanField(label=_("I am a private person, not a business"), required=False)
    on = _day(_("Day of the analysis"), _("Today, if left empty."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rank in range(1, PAYMENT_ROWS + 1):
            self.fields[f"paid_on_{rank}"] = _day(_("Received on"))
            self.fields[f"paid_{rank}"] = AmountField(label=_("Amount"), required=False)

    def clean(self) -> dict[str, Any]:
        """A due date that the law can presume, payments that have both their parts."""
        cleaned: dict[str, Any] = super().clean() or {}
        presumable = cleaned.get("debtor") == "business" and (cleaned.get("completed") or cleaned.get("issued"))
        if not cleaned.get("due") and "due" not in self.errors and not presumable:
            self.add_error("due", _("Give the due date, or for a business the day of delivery or of the invoice."))
        for rank in range(1, PAYMENT_ROWS + 1):
            day, amount = cleaned.get(f"paid_on_{rank}"), cleaned.get(f"paid_{rank}")
            if (day is None) != (amount is None) and not {f"paid_{rank}", f"paid_on_{rank}"} & set(self.errors):
                self.add_error(f"paid_{rank}", _("A payment needs both its day and its amount."))
        return cleaned

    def facts(self) -> ClaimFacts:
        """The claim, from a form that is valid."""
        said = self.cleaned_data
        payments = [(said[f"paid_on_{rank}"], said[f"paid_{rank}"]) for rank in range(1, PAYMENT_ROWS + 1)]
        return ClaimFacts(
            debtor=said["debtor"],
            amount_minor=said["amount"],
            due=said["due"],
            issued=said["issued"],
            completed=said["completed"],
            activity="transport" if said["activity"] else "services",
            payments=tuple((day, amount) for day, amount in payments if day and amount),
            has=frozenset(said["has"]),
            contract_rate=said["contract_rate"],
            creditor_kind="individual" if said["individual"] else "business",
            notice_received=said["notice_received"],
            acknowledged=said["acknowledged"],
            disputed=said["disputed"],
            insolvent=said["insolvent"],
            both_traders={"yes": True, "no": False}.get(said["both_traders"]),
            postcode=said["postcode"],
            country=(said["country"] or "FR").upper(),
            buyer=said["buyer"] or None if said["debtor"] == "public_body" else None,
            number=said["number"],
            assumed=dict(own_assumptions(self.data)),
        )

    @property
    def payment_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The day and the amount of each payment."""
        return [(self[f"paid_on_{rank}"], self[f"paid_{rank}"]) for rank in range(1, PAYMENT_ROWS + 1)]

    def holds(self, *names: str) -> bool:
        """Whether any of these fields holds something or is at fault, so that its group stands open."""
        return any(self[name].value() or self[name].errors for name in names)

    @property
    def parts_open(self) -> dict[str, bool]:
        """Which of the form's groups stand open."""
        paid = [name for rank in range(1, PAYMENT_ROWS + 1) for name in (f"paid_{rank}", f"paid_on_{rank}")]
        return {
            "payments": self.holds(*paid),
            "dates": self.holds("issued", "completed", "contract_rate", "notice_received", "acknowledged", "activity"),
            "debtor": self.holds("postcode", "both_traders", "buyer", "insolvent", "disputed"),
            "other": self.holds("individual", "on"),
        }


def own_assumptions(data: Mapping[str, Any]) -> Iterator[tuple[str, Decimal | None]]:
    """The reader's own figures among what was sent, as shares of one and minor units; an empty field is unknown."""
    for name in data:
        if name.startswith(OWN):
            text = str(data.get(name) or "").strip().replace(",", ".").replace("%", "").replace("€", "").strip()
            try:
                value = Decimal(text) if text else None
            except InvalidOperation:
                continue
            is_amount = name.rpartition(".")[2] in AMOUNTS
            if value is None:
                yield name[len(OWN) :], None
            elif value.is_finite() and 0 <= value <= (10**9 if is_amount else 100):
                yield name[len(OWN) :], value * 100 if is_amount else value / 100


class LetterForm(forms.Form):
    """Who writes to whom; what is left empty is printed as a place to fill in."""

    creditor = forms.CharField(label=_("Your company"), required=False, max_length=120)
    creditor_address = forms.CharField(
        label=_("Your address"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    creditor_identity = forms.CharField(label=_("Legal form, capital, SIREN, register"), required=False, max_length=200)
    place = forms.CharField(label=_("Place"), required=False, max_length=60)
    signatory = forms.CharField(label=_("Who signs"), required=False, max_length=80)
    debtor_name = forms.CharField(label=_("Debtor's name"), required=False, max_length=120)
    debtor_address = forms.CharField(
        label=_("Debtor's address"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    iban = forms.CharField(label=_("IBAN for the payment"), required=False, max_length=42)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["form"] = "claim"  # sent with the facts, wherever it stands on the page

    def clean_iban(self) -> str:
        """An account number that is one, without its blanks."""
        text = str(self.cleaned_data["iban"])
        if not text.strip():
            return ""
        try:
            return str(schwifty.IBAN(text).compact)
        except ValueError:
            raise forms.ValidationError(_("This IBAN is not right: check its digits.")) from None

    def names(self) -> Names:
        """The names, from a form that is valid."""
        said = self.cleaned_data
        return Names(debtor=said["debtor_name"], **{name: said[name] for name in said if name != "debtor_name"})
