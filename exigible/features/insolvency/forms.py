"""The forms of insolvency: a notice entered by hand, and the claim declared."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exigible.features.customers.fields import DayField
from exigible.features.insolvency.models import InsolvencyNotice
from exigible.formats.company import NoticeRow

LARGEST_BYTES = 20 * 1024 * 1024


class ProofField(forms.FileField):
    """A PDF that proves something, of a bounded size."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.FileInput(attrs={"accept": "application/pdf"}))
        super().__init__(required=False, **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the upload; refuses what is no PDF, in one sentence."""
        found = super().clean(data, initial)
        if found and (found.size > LARGEST_BYTES or not found.read(5) == b"%PDF-"):
            raise forms.ValidationError(_("Give a PDF of 20 MB at most."))
        if found:
            found.seek(0)
        return found


class NoticeForm(forms.Form):
    """What a person read in a notice, or received from the court's representative."""

    kind = forms.ChoiceField(label=_("What was decided"), choices=InsolvencyNotice.Kind.choices)
    procedure = forms.ChoiceField(label=_("Proceedings"), choices=[("", "–"), *InsolvencyNotice.Procedure.choices])
    judged_on = DayField(label=_("Day of the judgment"), help_text=_("Interest stops on its eve."))
    published_on = DayField(
        label=_("Day of publication in the BODACC"), required=False,
        help_text=_("The delay to declare your claim runs from it; leave it empty while it is not published."),
    )  # fmt: skip
    court = forms.CharField(label=_("Court"), required=False, max_length=200)
    representative = forms.CharField(
        label=_("Court's representative or liquidator, with the address"), required=False, max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    file = ProofField(label=_("The notice, as a PDF"))

    def row(self) -> NoticeRow:
        """The notice as a file would give it."""
        given = self.cleaned_data
        return NoticeRow(
            "", "", "", given["kind"], given["procedure"], "", given["published_on"], given["judged_on"], given["court"],
            " ".join(given["representative"].split()),
        )  # fmt: skip


class DeclaredForm(forms.Form):
    """That the claim was declared: when, how, and the document that proves it."""

    done_on = DayField(label=_("Sent on"), help_text=_("The day of sending counts."))
    note = forms.CharField(
        label=_("How"), max_length=300, help_text=_("For example the number of the registered letter, or of the filing on the portal.")
    )  # fmt: skip
    file = ProofField(label=_("The declaration or its receipt, as a PDF"))
