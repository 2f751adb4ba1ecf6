"""Who works for the company and as what: invite, change a role, remove, give a new sign-in link."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exigible.books.creditors.models import Member, Role
from exigible.books.creditors.operations import add_member, change_role, remove_member
from exigible.books.creditors.request import StaffRequest
from exigible.books.creditors.roles import OWN
from exigible.books.creditors.sign_in_links import INVITATION, make_sign_in_link
from exigible.common.errors import Refused
from exigible.common.http import needs
from exigible.entrypoints.staff.forms import InviteForm


class WorksElsewhere(Refused):
    """%(name)s also works for another company here, whose owner must not be able to come in as this person: no link is made."""


def _shown(
    request: StaffRequest, form: InviteForm, link: str = "", invited: str = "", status: int = 200
) -> HttpResponse:
    members = request.creditor.members.select_related("user").order_by("user__name", "user__email")
    shown = {
        "form": form,
        "members": members,
        "roles": Role.choices,
        "link": link,
        "invited": invited,
        "tab": "staff:people",
    }
    return render(request, "staff/people.html", shown, status=status)


@needs(OWN)
def people(request: StaffRequest) -> HttpResponse:
    """Show who works here; a new person's sign-in link is shown once, to be handed over."""
    form = InviteForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, form, status=422 if form.errors else 200)
    given = form.cleaned_data
    try:
        member = add_member(
            request.creditor, given["email"], given["role"], name=given["name"],
            on=request.today, at=request.now, actor=request.actor,
        )  # fmt: skip
    except Refused as refused:
        form.add_error("email", str(refused))
        return _shown(request, form, status=422)
    if member.user.has_usable_password():
        messages.success(
            request, _("%(name)s may work for this company from the next sign-in on.") % {"name": member.user}
        )
        return redirect("staff:people")
    return _shown(request, InviteForm(), _link(request, member), str(member.user))


def _link(request: StaffRequest, member: Member) -> str:
    """Return a sign-in link; never for a person of another company too, whose owner would then come in here."""
    if Member.objects.filter(user=member.user).exclude(creditor=request.creditor).exists():
        raise WorksElsewhere(name=str(member.user))
    return make_sign_in_link(member.user, request.now, INVITATION)


@needs(OWN)
@require_POST
def new_link(request: StaffRequest, member_id: int) -> HttpResponse:
    """Show a new sign-in link for a person who cannot come in."""
    member = get_object_or_404(request.creditor.members.select_related("user"), pk=member_id)
    return _shown(request, InviteForm(), _link(request, member), str(member.user))


@needs(OWN)
@require_POST
def change(request: StaffRequest, member_id: int) -> HttpResponse:
    """Give a person another role, or end that person's work here."""
    member = get_object_or_404(request.creditor.members.select_related("user", "creditor"), pk=member_id)
    role = request.POST.get("role", "")
    if role == "remove":
        remove_member(member, on=request.today, at=request.now, actor=request.actor)
        messages.success(request, _("%(name)s no longer works for this company.") % {"name": member.user})
    elif role in Role.values:
        change_role(member, role, on=request.today, at=request.now, actor=request.actor)
        messages.success(request, _("%(name)s has another role now.") % {"name": member.user})
    return redirect("staff:people")
