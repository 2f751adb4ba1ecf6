"""The worklist over REST."""

from datetime import date
from typing import Annotated, Any

from ninja import Query, Router

from exigible.books.creditors.request import ApiRequest
from exigible.common.rest import Day, answers
from exigible.features.worklist.queries import action_json, worklist

router = Router()


@router.get("", response=answers(list[dict[str, Any]]), summary="What is to be done")
def actions(request: ApiRequest, on: Annotated[Day | None, Query()] = None) -> list[dict[str, Any]]:
    """What a person should do on a day, in the order of the screen, as `exigible actions` gives it."""
    day: date = on or request.today
    return [action_json(row, request.creditor.language) for row in worklist(request.creditor, day)]
