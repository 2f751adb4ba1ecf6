"""Keyset paging: the next rows are found by the last one shown, never by counting those before."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Model, Q, QuerySet

SIZE = 50


class Page(NamedTuple):
    """Rows of a page, and the keys of its neighbours (nothing where there is none)."""

    rows: list[Any]
    previous: str
    next: str


def page_of(rows: QuerySet[Any], order: Sequence[str], after: str, before: str, size: int = SIZE) -> Page:
    """Return one page of rows in an order ending with the primary key; a key is the primary key of the row beside the page.

    A key whose row is gone gives the first page.
    """
    backwards = bool(before) and not after
    anchor = _anchor(rows.model, before if backwards else after)
    columns = [_reversed(column) for column in order] if backwards else list(order)
    wanted = rows.filter(_beyond(anchor, columns)) if anchor is not None else rows
    found = list(wanted.order_by(*columns)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([], "", "")
    has_previous, has_next = (more, True) if backwards and anchor else (anchor is not None, more)
    return Page(found, str(found[0].pk) if has_previous else "", str(found[-1].pk) if has_next else "")


def _anchor(model: type[Model], key: str) -> Any:
    return model._default_manager.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None


def _reversed(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"


def _beyond(anchor: Any, columns: Sequence[str]) -> Q:
    """The rows after an anchor: the first column bounds the index, the others decide among its equals."""
    (first, *_rest), found, equal = columns, Q(), Q()
    for column in columns:
        name = column.lstrip("-")
        found |= equal & Q(**{f"{name}__{'lt' if column.startswith('-') else 'gt'}": getattr(anchor, name)})
        equal &= Q(**{name: getattr(anchor, name)})
    bound = "lte" if first.startswith("-") else "gte"
    return Q(**{f"{first.lstrip('-')}__{bound}": getattr(anchor, first.lstrip("-"))}) & found
