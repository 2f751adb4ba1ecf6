"""Companies of a register and official notices as the command line tells them; of directors, nothing."""

from typing import Any

from exigible.core.money import decimal_string
from exigible.formats.register_forms import form_words
from exigible.formats.rows import CustomerRow, Reading

STATES = {True: "active", False: "closed", None: "state unknown"}


def customers_of_registers(reading: Reading) -> list[CustomerRow]:
    """The companies that a register or the bulletin names, as customers are told, each once."""
    rows = [
        CustomerRow(row.siren, row.name, country=row.country, siren=row.siren, vat=row.vat) for row in reading.companies
    ]
    named = {
        (row.siren, row.name): CustomerRow(row.siren or row.name, row.name, siren=row.siren) for row in reading.notices
    }
    return [*rows, *named.values()]


def told_registers(reading: Reading) -> dict[str, Any]:
    """The facts of each company, and each notice; nothing for a file of another kind."""
    told: dict[str, Any] = {}
    if reading.companies:
        told["companies"] = [
            {
                "siren": row.siren, "siret": row.siret or None, "name": row.name or None, "legal_form": row.legal_form or None,
                "legal_form_words": form_words(row.legal_form) or None, "address": row.address or None,
                "postcode": row.postcode or None, "city": row.city or None, "activity": row.activity or None,
                "active": row.is_active, "closed_on": row.closed_on.isoformat() if row.closed_on else None,
                "public_body": row.is_public_body,
                "years": [
                    {"closed_on": year.closed_on.isoformat(), "turnover": _euros(year.turnover_minor), "result": _euros(year.result_minor)}
                    for year in row.years
                ],
            }
            for row in reading.companies
        ]  # fmt: skip
    if reading.notices:
        told["notices"] = [
            {
                "number": row.number, "siren": row.siren or None, "name": row.name or None, "kind": row.kind,
                "procedure": row.procedure or None, "insolvency": row.is_insolvency, "nature": row.nature,
                "judged_on": row.judged_on.isoformat() if row.judged_on else None,
                "published_on": row.published_on.isoformat() if row.published_on else None, "court": row.court or None,
                "representative": row.representative or None, "corrects": row.corrects or None,
            }
            for row in reading.notices
        ]  # fmt: skip
    return told


def _euros(minor: int | None) -> str | None:
    return None if minor is None else decimal_string(minor, "EUR")


def lines_of_registers(reading: Reading) -> list[str]:
    """A line for each company and each notice."""
    lines = (
        [f"{len(reading.companies)} companies"] if reading.format == "register" else [f"{len(reading.notices)} notices"]
    )
    for row in reading.companies:
        words = (
            row.siren,
            row.name,
            STATES[row.is_active],
            form_words(row.legal_form),
            f"{row.postcode} {row.city}".strip(),
        )
        lines.append(", ".join(filter(None, words)))
    for notice in reading.notices:
        day = notice.published_on.isoformat() if notice.published_on else ""
        lines.append(
            ", ".join(filter(None, (day, notice.siren, notice.name, notice.kind, notice.procedure, notice.nature)))
        )
    return lines
