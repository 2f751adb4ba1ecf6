"""The lookups `among` and `among_texts`: a column's value is in a list given as one parameter, however long the list is."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Field, Lookup
from django.db.models.fields.related import ForeignObject


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """`id__among=[1, 2]`: whole numbers only. One parameter whatever the length, so that long lists cost nothing to prepare."""

    lookup_name = "among"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Iterable[int]) -> None:
        super().__init__(lhs, [int(value) for value in rhs])

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the list as one parameter: JSON for SQLite, an array for PostgreSQL."""
        return "%s", (json.dumps(value) if connection.vendor == "sqlite" else value,)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Return the condition in the words of the database."""
        left, left_params = self.process_lhs(compiler, connection)
        _mark, right_params = self.get_db_prep_lookup(self.rhs, connection)
        listed = "IN (SELECT value FROM json_each(%s))" if connection.vendor == "sqlite" else "= ANY(%s::bigint[])"
        return f"{left} {listed}", [*left_params, *right_params]


@Field.register_lookup
class AmongTexts(Among):
    """`key__among_texts=["a", "b"]`: the same for texts."""

    lookup_name = "among_texts"

    def __init__(self, lhs: Any, rhs: Iterable[str]) -> None:
        Lookup.__init__(self, lhs, [str(value) for value in rhs])

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Return the condition in the words of the database."""
        statement, params = super().as_sql(compiler, connection)
        return statement.replace("::bigint[]", "::text[]"), params
