"""The menu shows where one is."""

import pytest

from exigible.entrypoints.staff.menu import MAIN, _mark_the_place

LINKS = {"worklist:today": "/", "customers:list": "/customers/", "customers:balance": "/customers/balance/"}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", "worklist:today"),
        ("/customers/7/", "customers:list"),
        ("/customers/balance/totals/", "customers:balance"),
        ("/invoices/7/", "customers:list"),
        ("/insolvency/7/", "customers:list"),
        ("/import/", ""),
    ],
)
def test_each_page_lies_below_one_entry_of_the_menu_or_none(path: str, place: str) -> None:
    entries = [
        {"route": one.route, "places": (LINKS[one.route], *one.around), "is_here": False}
        for one in MAIN
        if one.route in LINKS
    ]
    _mark_the_place(entries, path)
    assert [one["route"] for one in entries if one["is_here"]] == ([place] if place else [])
