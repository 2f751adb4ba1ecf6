"""The requests that views receive: of a person at work for one creditor, or of a program."""

from datetime import date, datetime

from django.http import HttpRequest

from exigible.books.creditors.models import ApiToken, Creditor, Member, User
from exigible.common.http import Request


class StaffRequest(Request):
    """Views annotate their first parameter with this; the tenant middleware fills it; `actor` is how the journal names this person."""

    user: User
    creditor: Creditor
    member: Member
    today: date
    now: datetime
    actor: str


class ApiRequest(HttpRequest):
    """The functions of the REST API annotate their first parameter with this; its bearer key fills it."""

    auth: ApiToken
    creditor: Creditor
    today: date
    now: datetime
    actor: str
