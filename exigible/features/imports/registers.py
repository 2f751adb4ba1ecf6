"""Files of the company register and of the official bulletin: what they did to the customers that they name."""

from datetime import date, datetime
from typing import Any

from exigible.features.customers.registers import keep_companies
from exigible.features.imports.models import Import
from exigible.features.imports.reports import empty_report
from exigible.features.insolvency.operations import apply_notices
from exigible.formats.rows import Reading


def keep_register_file(
    upload: Import, reading: Reading, body: bytes, *, today: date, at: datetime, actor: str
) -> dict[str, Any]:
    """Keep beside each customer what the register says of it; the original is kept with the import."""
    kept = keep_companies(
        upload.creditor,
        reading.companies,
        source="file",
        digest=upload.document.digest,
        today=today,
        at=at,
        actor=actor,
    )
    told = empty_report(upload, reading, reading.errors)
    told["updated"]["customers"] = kept.completed + kept.noted
    counts = {"template": "imports/register.html", "companies": len(reading.companies), "completed": kept.completed,
              "noted": kept.noted, "unchanged": kept.unchanged, "proposed": kept.proposed, "strangers": kept.strangers}  # fmt: skip
    return told | {"unchanged": kept.unchanged, "kept": counts}


def keep_notice_file(
    upload: Import, reading: Reading, body: bytes, *, today: date, at: datetime, actor: str
) -> dict[str, Any]:
    """Apply the notices that are about customers of the books."""
    applied = apply_notices(
        upload.creditor, reading.notices, digest=upload.document.digest, today=today, at=at, actor=actor
    )
    told = empty_report(upload, reading, reading.errors)
    told["updated"]["customers"] = applied.applied
    counts = {"template": "imports/notices.html", "notices": len(reading.notices), "applied": applied.applied,
              "proposed": applied.proposed, "unchanged": applied.unchanged, "others": applied.others}  # fmt: skip
    return told | {"unchanged": applied.unchanged, "kept": counts}
