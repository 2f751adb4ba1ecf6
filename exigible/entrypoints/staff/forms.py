"""The forms of the settings: each checks what a person typed and says in a sentence what to do."""

import base64
from typing import Any

import schwifty
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from stdnum.fr import siren

from exigible.books.creditors.models import ApiToken, BankAccount, Creditor, MailServer, Role
from exigible.books.documents.letter_images import as_svg
from exigible.core.law.terms import TermsError, parse_terms
from exigible.core.typography import iban_groups

LARGEST_BYTES = 1_000_000


class ImageField(forms.FileField):
    """A PNG or SVG of at most 1 MB, as bytes; nothing when none was chosen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False, widget=forms.FileInput(attrs={"accept": ".png,.svg,image/png,image/svg+xml"}), **options
        )

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        """Return the file's bytes, checked as the letters will check them."""
        file = super().clean(data, None)
        if not file:
            return None
        if file.size > LARGEST_BYTES:
            raise forms.ValidationError(gettext("The image is over 1 MB; give a smaller PNG or SVG file."))
        content: bytes = file.read()
        try:
            as_svg(base64.b64encode(content).decode(), "image")
        except ValueError:
            raise forms.ValidationError(
                gettext("The image is neither a PNG nor a self-contained SVG; give one of these.")
            ) from None
        return content


def allow_spaces(field: forms.Field, length: int) -> None:
    """Let a number be typed in groups, longer than it is stored; its own check tells the rest."""
    field.widget.attrs |= {"autocomplete": "off", "spellcheck": "false", "maxlength": length}
    field.validators = []


class CompanyForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who we are, as the letterhead and the foot of each letter print it."""

    logo = ImageField(label=_("Logo (PNG or SVG, 1 MB at most)"))

    class Meta:
        model = Creditor
        fields = (
            "name", "legal_form", "share_capital", "siren", "vat_number", "register_town",
            "address", "postcode", "city", "phone", "email",
        )  # fmt: skip
        widgets = {"address": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        allow_spaces(self.fields["siren"], 11)

    def clean_siren(self) -> str:
        """Accept nine digits whose key is right, with or without spaces."""
        typed = "".join(self.cleaned_data["siren"].split())
        if typed and not siren.is_valid(typed):
            raise forms.ValidationError(gettext("This is no SIREN: nine digits whose last one is a check digit."))
        return typed


class SignatoryForm(forms.ModelForm):  # type: ignore[type-arg]
    """In whose name messages leave."""

    signature = ImageField(label=_("Signature (PNG or SVG, 1 MB at most)"))

    class Meta:
        model = Creditor
        fields = ("signatory_name", "signatory_role", "signatory_phone", "signatory_email")


class BankForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where debtors pay."""

    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = BankAccount
        fields = ("holder", "iban", "bic")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        allow_spaces(self.fields["iban"], 42)
        if self.instance.iban:
            self.initial["iban"] = iban_groups(self.instance.iban)

    def clean_iban(self) -> str:
        """Accept an account number whose check digits and national key are right."""
        typed = "".join(self.cleaned_data["iban"].split()).upper()
        try:
            return str(schwifty.IBAN(typed, validate_bban=True))
        except schwifty.exceptions.SchwiftyException:
            raise forms.ValidationError(
                gettext("This account number does not hold: a digit is wrong or missing. Copy it again.")
            ) from None

    def clean(self) -> dict[str, Any]:
        """Find the bank's code from the account number when it is left out."""
        values = super().clean() or {}
        typed = "".join((values.get("bic") or "").split()).upper()
        if not typed and values.get("iban"):
            typed = str(schwifty.IBAN(values["iban"], allow_invalid=True).bic or "")
        if typed:
            try:
                schwifty.BIC(typed)
            except schwifty.exceptions.SchwiftyException:
                self.add_error("bic", gettext("This is no BIC: eight or eleven letters and digits."))
        return values | {"bic": typed}


class MailForm(forms.ModelForm):  # type: ignore[type-arg]
    """The server through which messages leave."""

    password = forms.CharField(
        label=_("password"), required=False, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Stored encrypted. Leave it empty to keep the present one."),
    )  # fmt: skip

    class Meta:
        model = MailServer
        fields = ("host", "port", "security", "username", "password", "from_address", "from_name", "copy_to")

    def clean_port(self) -> int:
        """Refuse a number that is no port."""
        port: int = self.cleaned_data["port"]
        if not 0 < port < 65536:
            raise forms.ValidationError(gettext("A port is a number from 1 to 65535; 587 is usual."))
        return port


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]
    """How much may leave, and what is presumed where the ledger is silent."""

    class Meta:
        model = Creditor
        fields = (
            "first_messages_a_day", "money_known_days", "applies_certain_matches", "default_terms", "waives_charges_when_paid", "thanks_for_payments",
        )  # fmt: skip
        labels = {
            "first_messages_a_day": _("First messages a day, at most"),
            "money_known_days": _("Days without news of payments, at most"),
            "applies_certain_matches": _("Apply by itself the payments whose invoices are certain"),
            "default_terms": _("Usual payment terms"),
            "waives_charges_when_paid": _("Waive interest and the indemnity once the principal is paid"),
            "thanks_for_payments": _("Thank a customer who pays after a reminder"),
        }
        help_texts = {
            "first_messages_a_day": _(
                "After going live, no more than this number of customers are first written to in a day, largest first."
            ),
            "money_known_days": _(
                "When the last bank statement or ledger is older, no reminder leaves. Leave it empty never to hold back."
            ),
            "applies_certain_matches": _(
                "What a bank statement brings is set against its invoices where nothing speaks against it (docs/matching.md). Each can be undone."
            ),
            "default_terms": _("For invoices without a due date: 30, 45 FDM, FDM + 45…"),
            "waives_charges_when_paid": _("Each waiver is written in the journal. Never applied to a public body."),
        }

    def clean_first_messages_a_day(self) -> int:
        """Keep the number within what a person can answer for."""
        number: int = self.cleaned_data["first_messages_a_day"]
        if not 1 <= number <= 5000:
            raise forms.ValidationError(gettext("Give a number from 1 to 5000."))
        return number

    def clean_default_terms(self) -> str:
        """Refuse terms that nobody could count."""
        typed = " ".join(self.cleaned_data["default_terms"].split())
        try:
            parse_terms(typed)
        except TermsError:
            raise forms.ValidationError(
                gettext("These terms cannot be read: write a number of days, like 30, 45 FDM or FDM + 45.")
            ) from None
        return typed


class InviteForm(forms.Form):
    """Whom to let in, and as what."""

    email = forms.EmailField(label=_("e-mail"))
    name = forms.CharField(label=_("name"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("role"), choices=Role.choices, initial=Role.COLLECTOR)


class ApiTokenForm(forms.ModelForm):  # type: ignore[type-arg]
    """A key for a program: whose it is, what it may do, when it ends."""

    class Meta:
        model = ApiToken
        fields = ("name", "scope", "expires_on")
        widgets = {"expires_on": forms.DateInput(attrs={"type": "date"})}
        labels = {"name": _("Program"), "scope": _("It may"), "expires_on": _("It ends on")}
        help_texts = {
            "name": _("The name under which the journal knows it, such as the accounting software."),
            "expires_on": _("Leave it empty for a key without an end."),
        }
