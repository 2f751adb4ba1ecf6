"""A ForeignKey written as a string is an import too: it follows the same floors."""

import tomllib
from typing import Any

from django.apps import apps
from django.db import models

from tests.architecture.source import ROOT

OURS = "exigible."


def layers(container: str) -> list[set[str]]:
    """The floors of a container as pyproject.toml has them, highest first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for contract in settings["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers" and contract["containers"] == [container]:
            return [{name.strip(" ()") for name in layer.split("|")} for layer in contract["layers"]]
    raise AssertionError(f"no contract for {container}")


def rank(container: str, module: str) -> int | None:
    """On which floor of a container a module stands, counted from the top; None when it stands outside."""
    if not module.startswith(container + "."):
        return None
    name = module[len(container) + 1 :].split(".")[0]
    return next((number for number, names in enumerate(layers(container)) if name in names), None)


def climbs(source: str, target: str) -> bool:
    """Whether a key from one module to another points upwards, or sideways to a neighbour."""
    for container in ("exigible", "exigible.features", "exigible.books"):
        high, low = rank(container, source), rank(container, target)
        if high is None or low is None:
            continue
        neighbours = source.split(".")[: container.count(".") + 2] != target.split(".")[: container.count(".") + 2]
        if high > low or (high == low and neighbours):
            return True
    return False


def keys() -> list[tuple[Any, Any]]:
    """Each (field, model it points to) between two models of ours."""
    found = []
    for model in apps.get_models():
        if model.__module__.startswith(OURS):
            for field in model._meta.get_fields():
                if isinstance(field, models.ForeignKey) and field.related_model.__module__.startswith(OURS):  # type: ignore[union-attr]
                    found.append((field, field.related_model))
    return found


def test_no_foreign_key_points_upwards() -> None:
    wrong = [
        f"{field} -> {model.__name__}" for field, model in keys() if climbs(field.model.__module__, model.__module__)
    ]
    assert wrong == []


def test_the_check_sees_the_keys_and_would_see_one_that_climbs() -> None:
    assert len(keys()) > 20
    assert climbs("exigible.books.ledger.models", "exigible.books.cases.models")
    assert climbs("exigible.features.customers.models", "exigible.features.claims.models")
    assert not climbs("exigible.features.outbox.models", "exigible.books.cases.models")


def test_the_journal_names_rows_by_id_and_by_no_foreign_key() -> None:
    journal = apps.get_app_config("journal")
    assert [field for model in journal.get_models() for field in model._meta.get_fields() if field.is_relation] == []


def test_each_owned_row_is_reached_through_its_creditor() -> None:
    from exigible.books.creditors.owned import Owned

    lost = [
        model.__name__
        for model in apps.get_models()
        if issubclass(model, Owned) and model._meta.get_field("creditor").null
    ]
    assert lost == []
