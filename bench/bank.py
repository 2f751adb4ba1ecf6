"""python -m bench.bank DATABASE SIZE: movements of a bank explained from the books themselves, as one JSON object.

The world is that of bench.matching, written to a database: SIZE open invoices and 10,000 movements whose truth is known.
`index_s` is paid once, when the numbers of new invoices are first looked for; `match_s` finds, reads, decides
and keeps the proposals.
"""

import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from typing import Any

from bench.measure import server_database

MOVEMENTS = 10_000
AT = datetime(2026, 11, 20, 8, tzinfo=UTC)


def main() -> None:
    """Make a database, load the world, measure, drop the database."""
    database, size = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="exigible-bench-") as folder:
        os.environ["EXIGIBLE_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "exigible.settings"
        os.environ["EXIGIBLE_SECRET_KEY"] = "bench"
        with server_database(database):
            print(json.dumps({"database": database, "size": size} | _measure(size)))


def _measure(size: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from bench.bank_world import load
    from exigible.features.bank.models import BankTransaction
    from exigible.features.bank.numbers import index_numbers
    from exigible.features.bank.proposing import match_movements

    creditor, told = load(size, MOVEMENTS, AT)
    wall = time.perf_counter()
    index_numbers(creditor)
    indexed = time.perf_counter()
    ids = list(BankTransaction.objects.of(creditor).order_by("id").values_list("pk", flat=True))
    begun, begun_cpu = time.perf_counter(), time.process_time()
    found = match_movements(creditor, ids, today=AT.date(), at=AT, follows=False)
    done, done_cpu = time.perf_counter(), time.process_time()
    sure = [each for each in told if found.get(each.credit.id) and found[each.credit.id][0].certain]
    right = sum(dict(found[each.credit.id][0].shares) == each.truth for each in sure)
    return {
        "index_s": round(indexed - wall, 2), "match_s": round(done - begun, 2), "match_cpu_s": round(done_cpu - begun_cpu, 2),
        "movements": len(told), "applied": len(sure), "precision": right / max(len(sure), 1), "coverage": len(sure) / len(told),
    }  # fmt: skip


if __name__ == "__main__":
    main()
