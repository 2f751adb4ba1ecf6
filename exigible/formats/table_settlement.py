"""What a line of a table says of how its invoice is to be settled."""

from exigible.formats.fec_accounts import folded
from exigible.formats.settlement import SettlementRow
from exigible.formats.table_record import Record

METHODS = (
    (
        "direct_debit",
        ("prelevement", "prlv", "prlvt", "prel", "prv", "prvt", "direct debit", "sepa dd", "sdd", "debit auto"),
    ),
    ("bill", ("lcr", "bor", "traite", "effet", "lettre de change", "billet a ordre", "bill of exchange")),
    ("transfer", ("virement", "vir", "vrt", "vrmt", "transfer", "bank transfer", "wire", "sct")),
    ("cheque", ("cheque", "chq", "check", "ch ")),
    ("card", ("carte", "cb", "card", "tpe")),
    ("cash", ("espece", "esp", "cash", "comptant")),
    ("set_off", ("compensation", "set-off", "netting")),
    ("other", ("autre", "other", "paypal", "stripe", "a reception", "a convenir")),
)
PROGRESS = ("situation", "progress")


def method_of(text: str) -> str:
    """The means of payment that a text names; empty when it names none that is known."""
    plain = folded(text).strip()
    return next((method for method, words in METHODS if plain.startswith(words)), "") if plain else ""


def settlement_of(record: Record, currency: str) -> tuple[SettlementRow, str]:
    """The terms of settlement of a line, and the name of a means of payment that is not known."""
    stated = record.text("method")
    retention = record.amount("retention", currency)
    terms = SettlementRow(
        method_of(stated),
        record.day("presented"),
        record.text("factor"),
        record.day("assigned"),
        folded(record.text("kind")).startswith(PROGRESS),
        abs(retention) if retention else None,
        record.day("retention_until"),
        record.text("service_code"),
        record.day("not_before"),
        record.has("service_code"),
    )
    return terms, stated if stated and not terms.method else ""
