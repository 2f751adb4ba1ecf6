"""What each role may do: one table, read by every door."""

from exigible.books.creditors.models import Role

READ, CALL, APPROVE, RECORD_MONEY, IMPORT, CONFIGURE, OWN = (
    "read", "call", "approve", "record_money", "import", "configure", "own",
)  # fmt: skip

MAY: dict[str, frozenset[str]] = {
    Role.OWNER: frozenset({READ, CALL, APPROVE, RECORD_MONEY, IMPORT, CONFIGURE, OWN}),
    Role.MANAGER: frozenset({READ, CALL, APPROVE, RECORD_MONEY, IMPORT, CONFIGURE}),
    Role.COLLECTOR: frozenset({READ, CALL, APPROVE}),
    Role.ACCOUNTANT: frozenset({READ, RECORD_MONEY, IMPORT}),
    Role.READER: frozenset({READ}),
}


def may(role: str, permission: str) -> bool:
    """Say whether a role carries a permission."""
    return permission in MAY.get(role, frozenset())
