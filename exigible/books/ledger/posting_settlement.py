"""How the invoices of a file are to be settled: kept beside them, and what a person said stands."""

from typing import Any

from exigible.books.ledger.models import SettlementTerms
from exigible.books.ledger.posting_records import Work, lookups
from exigible.common.bulk import insert_rows, update_rows
from exigible.formats.settlement import SettlementRow

COLUMNS = (
    "method", "presented_on", "factor", "assigned_on", "is_progress_claim", "retention_minor", "retention_until", "service_code",
    "not_before", "source",
)  # fmt: skip
BY_PERSON = "person"
STRUCTURED = "data"


def post_settlements(work: Work) -> None:
    """Keep the terms of settlement that a file states; `report.terms_changed` are the invoices whose terms are new."""
    if not work.reading.settlements:
        return
    stated: dict[int, SettlementRow] = {}
    for row in work.reading.invoices:
        terms, items = work.reading.settlements.get(row.source_key), work.items.get(row.source_key)
        if terms is not None and items and row.kind != "credit_note" and terms != SettlementRow():
            stated[items[0].id] = terms
    known: dict[int, tuple[Any, ...]] = {}
    for some in lookups(stated):
        rows = SettlementTerms.objects.of(work.creditor).filter(pk__in=some)
        known.update({pk: tuple(values) for pk, *values in rows.values_list("invoice_id", *COLUMNS)})
    new, changed = [], []
    for pk, terms in stated.items():
        values = _values(terms)
        if pk not in known:
            new.append((pk, work.creditor.pk, work.posting.pk, "", *values))
        elif known[pk] != values and known[pk][-1] != BY_PERSON:
            changed.append((*values, pk))
    insert_rows(SettlementTerms, ("invoice_id", "creditor_id", "posting_id", "note", *COLUMNS), new)
    update_rows(SettlementTerms, COLUMNS, changed)
    work.report.terms_changed = {row[0] for row in new} | {row[-1] for row in changed}


def _values(terms: SettlementRow) -> tuple[Any, ...]:
    return (
        terms.method, terms.presented, terms.factor[:200], terms.assigned, terms.is_progress_claim, terms.retention_minor,
        terms.retention_until, terms.service_code[:100], terms.not_before, STRUCTURED if terms.is_structured else "file",
    )  # fmt: skip
