"""What the functions of the REST API share: bounded fields, amounts as strings, pages by cursor, one sentence for an error."""

from datetime import date
from typing import Annotated, Any

from django.db.models import QuerySet
from ninja import Field, Schema

from exigible.common.errors import Refused
from exigible.core.money import AmountError, parse_decimal_string

LARGEST_ID = 2**63 - 1
LARGEST_PAGE = 200
LARGEST_AMOUNT = 10**15

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Cursor = Annotated[int, Field(0, ge=0, le=LARGEST_ID, description="the `next` of the page before")]
Limit = Annotated[int, Field(50, ge=1, le=LARGEST_PAGE)]
Amount = Annotated[str, Field(min_length=1, max_length=24, pattern=r"^-?\d+(\.\d+)?$", examples=["1234.50"])]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["EUR"])]
Day = Annotated[date, Field(ge=date(1950, 1, 1), le=date(2100, 12, 31))]


def words(most: int, least: int = 0) -> Any:
    """A field of text: bounded, and without the character that no database takes."""
    return Field(min_length=least, max_length=most, pattern=r"^[^\x00]*$")


class Problem(Schema):
    """Why a request was not answered: one sentence that says what, where, and what to do."""

    error: str


class AmountUnclear(Refused):
    """“%(value)s” is not an amount in %(currency)s: write digits with a point before the decimals, like 1234.50."""


class AmountTooLarge(Refused):
    """This amount is larger than any that is kept here."""


def minor_of(text: str, currency: str) -> int:
    """The minor units of an amount on the wire. Raises AmountUnclear, AmountTooLarge."""
    try:
        found = parse_decimal_string(text, currency)
    except AmountError as fault:
        raise AmountUnclear(value=text, currency=currency) from fault
    if abs(found) >= LARGEST_AMOUNT:
        raise AmountTooLarge
    return found


def answers(*good: Any, status: int = 200) -> dict[int, Any]:
    """The answers of a function of the API: what it gives, and the problems that any may meet."""
    problems = dict.fromkeys((401, 403, 404, 413, 415, 422, 429), Problem)
    return {status: good[0], **problems}


def page(rows: QuerySet[Any], after: int, limit: int) -> tuple[list[Any], str | None]:
    """The rows after a cursor, in the order of their ids, and the cursor of the next page (None after the last)."""
    found = list(rows.filter(pk__gt=after).order_by("pk")[: limit + 1])
    return found[:limit], str(found[limit - 1].pk) if len(found) > limit else None
