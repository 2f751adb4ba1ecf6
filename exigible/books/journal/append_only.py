"""The triggers that keep the journal append-only: an event is never changed nor deleted, a payload never changed."""

from typing import Any

# A payload may be deleted (erased, with a recorded reason): the chain holds its digest, so it does not break.
FORBIDDEN = (("journal_event", "UPDATE"), ("journal_event", "DELETE"), ("journal_eventpayload", "UPDATE"))
SENTENCE = "the journal is append-only"


def _name(table: str, act: str) -> str:
    return f"{table}_no_{act.lower()}"


def creating(vendor: str) -> list[str]:
    """Return the statements that create the triggers on a database."""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {_name(table, act)} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            for table, act in FORBIDDEN
        ]
    function = (
        "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    return [function] + [
        f"CREATE TRIGGER {_name(table, act)} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION journal_refuse()"
        for table, act in FORBIDDEN
    ]


def dropping(vendor: str) -> list[str]:
    """Return the statements that drop them: for going back a migration, and for emptying a test database."""
    on = "" if vendor == "sqlite" else " ON {table}"
    return [f"DROP TRIGGER IF EXISTS {_name(table, act)}{on.format(table=table)}" for table, act in FORBIDDEN]


def create_triggers(apps: Any, schema_editor: Any) -> None:
    """Create the triggers, as a migration's step."""
    for statement in creating(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def drop_triggers(apps: Any, schema_editor: Any) -> None:
    """Drop the triggers, as a migration's step."""
    for statement in dropping(schema_editor.connection.vendor):
        schema_editor.execute(statement)
