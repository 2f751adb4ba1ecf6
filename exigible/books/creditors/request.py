"""The request that staff views receive: a person at work for one creditor."""

from datetime import date, datetime

from exigible.books.creditors.models import Creditor, Member, User
from exigible.common.http import Request


class StaffRequest(Request):
    """Views annotate their first parameter with this; the tenant middleware fills it; `actor` is how the journal names this person."""

    user: User
    creditor: Creditor
    member: Member
    today: date
    now: datetime
    actor: str
