"""The reminders that the invented company sent before it had Exigible, declared at import with their proof."""

from datetime import date, timedelta

from exigible.entrypoints.demo.days import working_day
from exigible.entrypoints.demo.figures import open_invoices
from exigible.entrypoints.demo.world import World

HEADERS = "Code client;Facture;Étape;Date;Preuve"
EARLIEST_DUE = date(2025, 1, 1)
LEAST_DAYS_LATE = 12
QUIET_DAYS = 6

# step, days after the due date, proof
SENT = (
    ("Simple rappel", 4, "courriel envoyé de la boîte de la comptabilité"),
    ("Relance ferme", 11, "courriel avec relevé joint"),
    ("Appel", 16, "appel noté au cahier, règlement promis sans date"),
    ("Lettre", 24, "lettre simple, copie au classeur"),
)


def reminders_text(world: World) -> str:
    """The declared reminders as a spreadsheet: of each customer in turn none, one, three or all four, where time allowed."""
    late = [
        item
        for item in open_invoices(world)
        if item.due >= EARLIEST_DUE and (world.until - item.due).days >= LEAST_DAYS_LATE
    ]
    codes = sorted({item.customer for item in late})
    rows = [HEADERS]
    for item in sorted(late, key=lambda item: (item.customer, item.number)):
        count = (0, 1, 3, 4)[codes.index(item.customer) % 4]
        for step, offset, proof in SENT[:count]:
            on = working_day(item.due + timedelta(days=offset))
            if on <= world.until - timedelta(days=QUIET_DAYS):
                rows.append(f"{item.customer};{item.number};{step};{on:%d/%m/%Y};{proof}")
    return "\r\n".join([*rows, ""])
