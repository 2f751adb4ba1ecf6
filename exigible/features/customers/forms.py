"""The forms of the account page: identity, contact, payment, pause, note."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exigible.books.ledger.models import Contact, Customer, CustomerKind, Segment
from exigible.books.policies.operations import STEP_NAMES
from exigible.common.fields import DayInput
from exigible.features.customers.fields import AmountField, DayField
from exigible.features.customers.operations import AddressWithAccents

LONGEST_SIREN = 20
LANGUAGES = (("fr", _("French")), ("en", _("English")))
STEP_WORDS = {
    "preventive": _("reminder before the due date"), "friendly": _("reminder"), "firm": _("firm reminder"), "call": _("call"),
    "letter": _("letter"), "formal_notice": _("formal notice"), "handover": _("hand-over"), "task": _("task"),
}  # fmt: skip
COPIED_FROM = [
    ("", _("never")),
    *((name, STEP_WORDS[name]) for name in STEP_NAMES if name not in ("call", "handover", "task")),
]


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who the customer is, in law and for the post."""

    segment = forms.ChoiceField(label=_("Payer profile"), required=False)

    class Meta:
        model = Customer
        fields = (
            "name", "kind", "buyer", "language", "siren", "vat_number", "address", "postcode", "city", "country", "terms", "segment",
            "is_excluded",
        )  # fmt: skip
        labels = {
            "name": _("Name"), "kind": _("Kind"), "buyer": _("Kind of public buyer"), "language": _("Language of our messages"),
            "siren": "SIREN", "vat_number": _("VAT identification number"), "address": _("Address"), "postcode": _("Postcode"), "city": _("City"),
            "country": _("Country"), "terms": _("Payment terms"), "is_excluded": _("Never chase this customer automatically"),
        }  # fmt: skip
        help_texts = {
            "kind": _("The law differs: until it is known, no 40 euros, no interest and no formal notice are claimed."),
            "country": _("Two letters, such as FR or BE: its holidays are kept."),
        }  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["language"] = forms.ChoiceField(label=_("Language of our messages"), choices=LANGUAGES)
        self.fields["siren"].widget.attrs["maxlength"] = LONGEST_SIREN  # a SIRET with its spaces
        self.fields["siren"].validators = []
        self.fields["address"].widget = forms.Textarea(attrs={"rows": 2})
        self.fields["buyer"] = forms.ChoiceField(
            label=_("Kind of public buyer"), choices=[("", "–"), *Customer.BUYERS], required=False
        )
        computed = [("", _("computed from payments"))]
        self.fields["segment"].choices = [*computed, *Segment.choices]  # type: ignore[attr-defined]
        if not self.instance.segment_is_manual:
            self.initial["segment"] = ""

    def clean_country(self) -> str:
        """Two letters, in capitals."""
        country: str = self.cleaned_data["country"].strip().upper()
        if len(country) != 2 or not country.isalpha():
            raise forms.ValidationError(_("Write two letters, such as FR."))
        return country

    def clean_siren(self) -> str:
        """A number typed in groups is kept without its spaces, as files give it."""
        typed: str = self.cleaned_data["siren"].strip()
        bare = "".join(typed.split())
        return bare if bare.isdigit() else typed

    def changes(self) -> dict[str, Any]:
        """Return the fields as `change_customer` takes them: a segment given stays as it was set by hand."""
        given = dict(self.cleaned_data)
        segment = given.pop("segment")
        given["segment_is_manual"] = bool(segment)
        if segment:
            given["segment"] = segment
        if given["kind"] != CustomerKind.PUBLIC_BODY:
            given["buyer"] = ""
        return given


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person at the customer."""

    email = forms.EmailField(
        label=_("E-mail"), required=False,
        error_messages={"invalid": _("This is not an e-mail address; write it like compta@exemple.fr.")},
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("that of the customer")), *LANGUAGES], required=False
    )
    copied_from_step = forms.ChoiceField(
        label=_("In copy from"),
        choices=COPIED_FROM,
        required=False,
        help_text=_("Someone who is copied when a reminder becomes firmer."),
    )

    class Meta:
        model = Contact
        fields = ("name", "role", "email", "phone", "language", "is_main", "copied_from_step")
        labels = {
            "name": _("Name"),
            "role": _("Position"),
            "phone": _("Phone"),
            "is_main": _("Main contact: we write to this person"),
        }

    def clean_email(self) -> str:
        """Plain letters only: most servers take no others."""
        email: str = self.cleaned_data["email"]
        if not email.isascii():
            raise forms.ValidationError(str(AddressWithAccents()))
        return email

    def clean(self) -> dict[str, Any]:
        """A contact must be reachable somehow, or at least have a name."""
        given: dict[str, Any] = super().clean() or {}
        if not any(given.get(name) for name in ("name", "email", "phone")):
            raise forms.ValidationError(_("Give at least a name, an e-mail address or a phone number."))
        return given

    def _post_clean(self) -> None:
        """The row is changed by its operation, which writes the journal; the form only reads what was typed."""


class PaymentForm(forms.Form):
    """Money received from a customer: how much, when."""

    received_on = DayField(label=_("Received on"))
    label = forms.CharField(
        label=_("Label"), required=False, max_length=200, help_text=_("As on the statement: it helps to find it again.")
    )

    def __init__(self, *args: Any, currencies: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = self.data.get("currency") if self.is_bound else None
        currency = chosen if chosen in currencies else currencies[0]
        choices = [(code, code) for code in currencies]
        rest = dict(self.fields)
        self.fields.clear()
        self.fields["amount"] = AmountField(currency, label=_("Amount"))
        self.fields["currency"] = forms.ChoiceField(label=_("Currency"), choices=choices, initial=currency)
        self.fields.update(rest)
        if len(currencies) == 1:
            self.fields["currency"].widget = forms.HiddenInput()


class PauseForm(forms.Form):
    """Why nothing is asked for a while, and until when."""

    until = DayField(
        label=_("Until (included)"), widget=DayInput(**{"data-key": "r", "data-key-name": _("pause the reminders")})
    )
    reason = forms.CharField(label=_("Why"), max_length=200)


class NoteForm(forms.Form):
    """A note for those who come after."""

    text = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 2, "data-key": "n"}), max_length=4000)
