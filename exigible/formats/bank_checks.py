"""Whether the balances of statements hold, said of every reading of a bank's file."""

from exigible.core.money import decimal_string
from exigible.formats.bank import Statement
from exigible.formats.rows import Reading, RowError
from exigible.formats.sentences import row_error


def checked(reading: Reading) -> Reading:
    """The reading with a warning for each statement that does not balance, and its counts.

    `facts`: statements, movements, unbalanced. Refused when no statement could be read; the errors then are the others.
    """
    if not reading.statements and reading.refusal is None:
        first, *others = reading.errors or [row_error("bank.nothing", None, "file", file="The file")]
        reading.refusal, reading.errors = first, others
    unbalanced = [each for each in reading.statements if each.is_balanced is False]
    reading.warnings += [_unbalanced(each) for each in unbalanced]
    reading.facts |= {
        "statements": len(reading.statements),
        "movements": sum(len(each.movements) for each in reading.statements),
        "unbalanced": len(unbalanced),
    }
    return reading


def _unbalanced(statement: Statement) -> RowError:
    assert statement.opening_minor is not None
    assert statement.closing_minor is not None
    total = sum(each.amount_minor for each in statement.movements)
    amounts = {
        "opening": statement.opening_minor, "movements": total, "closing": statement.closing_minor,
        "difference": statement.closing_minor - statement.opening_minor - total,
    }  # fmt: skip
    told = {name: decimal_string(minor, statement.currency) for name, minor in amounts.items()}
    day = statement.closing_on or statement.opening_on
    return row_error("bank.unbalanced", None, day=day.isoformat() if day else "?", currency=statement.currency, **told)
