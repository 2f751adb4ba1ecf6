"""The tables of the papers: from data to columns, rows and foot of written text, aligned on the decimal mark."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from exigible.books.documents.typography import DASH, Hand, breakable
from exigible.books.documents.words import WORDS

Table = dict[str, Any]
Row = Mapping[str, Any]
Column = tuple[str, str]  # label, and how it stands: "grow", "left" or "right"

_DIGIT, _BOLD_DIGIT, _SPACE, _LETTER = 0.465, 0.514, 0.25, 0.62  # em, as the papers' face has them


def invoice_table(hand: Hand, invoices: Sequence[Row], totals: Sequence[Sequence[Any]]) -> Table:
    """Each invoice, with interest and indemnity where any has them; the totals stand at the foot."""
    word = WORDS[hand.language]
    extra = [key for key in ("interest", "indemnity") if any(line.get(f"{key}_minor") is not None for line in invoices)]
    keys = ["total", "paid", "open", *extra]
    columns: list[Column] = [
        (word["invoice"], "grow"),
        (word["issued"], "left"),
        (word["due"], "left"),
        (word["late"], "right"),
    ]
    columns += [(_in_currency(hand, word[key]), "right") for key in keys]
    rows = [
        [
            breakable(line["number"], 16),
            hand.short_date(line["issued"]),
            hand.short_date(line["due"]),
            word["days_late"].format(days=line["days_late"]) if line["days_late"] > 0 else DASH,
            *(_figures_or_dash(hand, line.get(f"{key}_minor")) for key in keys),
        ]
        for line in invoices
    ]
    return _table(hand, columns, rows, [(label, minor, "money") for label, minor in totals], small=bool(extra))


def segment_table(hand: Hand, segments: Sequence[Row], interest_minor: int, unrounded: str | None = None) -> Table:
    """Base, from, to, days, rate, article, interest of each period; at the foot their sum and the rounded amount."""
    word = WORDS[hand.language]
    columns: list[Column] = [(_in_currency(hand, word["base"]), "right"), (word["from"], "left"), (word["to"], "left")]
    columns += [(word["days"], "right"), (word["rate"], "right"), (word["article"], "grow")]
    columns.append((_in_currency(hand, word["interest"]), "right"))
    rows = [
        [
            hand.figures(segment["base_minor"]),
            hand.short_date(segment["from"]),
            hand.short_date(segment["to"]),
            str(segment["days"]),
            hand.percent(segment["rate"]),
            breakable(segment["article"], 24),
            hand.exact(segment["interest"]),
        ]
        for segment in segments
    ]
    foot: list[tuple[str, Any, str]] = [(word["rounded"], interest_minor, "money")]
    if unrounded is not None:
        foot.insert(0, (word["sum"], unrounded, "exact"))
    return _table(hand, columns, rows, foot, kind="exact")


def amount_table(
    hand: Hand, lines: Sequence[Row], texts: Sequence[tuple[str, str, str]], amounts: Sequence[tuple[str, str]]
) -> Table:
    """A plain table: `texts` are (word, key, how it stands), `amounts` are (word, key); an absent amount is nought."""
    word = WORDS[hand.language]
    columns: list[Column] = [(word[name], stands) for name, _, stands in texts]
    columns += [(_in_currency(hand, word[name]), "right") for name, _ in amounts]
    rows = [
        [
            *(_text(hand, line, key) for _, key, _ in texts),
            *(hand.figures(line.get(key) or 0) for _, key in amounts),
        ]
        for line in lines
    ]
    return _table(hand, columns, rows, [])


def ageing_table(hand: Hand, ageing: Sequence[Sequence[Any]]) -> Table:
    """One row of amounts, each under its label."""
    columns: list[Column] = [(_in_currency(hand, breakable(label, 24)), "spread") for label, _ in ageing]
    return _table(hand, columns, [[hand.figures(minor) for _, minor in ageing]], [])


def claim_table(hand: Hand, totals: Sequence[Sequence[Any]]) -> Table:
    """What is claimed, element by element, the last being the total."""
    word = WORDS[hand.language]
    columns: list[Column] = [(word["label"], "grow"), (_in_currency(hand, word["amount"]), "right")]
    rows = [[breakable(label, 60), hand.figures(minor)] for label, minor in totals[:-1]]
    return _table(hand, columns, rows, [(label, minor, "money") for label, minor in totals[-1:]])


def _table(
    hand: Hand,
    columns: Sequence[Column],
    rows: list[list[str]],
    foot: Sequence[tuple[str, Any, str]],
    *,
    kind: str = "figures",
    small: bool = False,
) -> Table:
    """The last column is of amounts written by `kind`; the foot's amounts share its decimal mark, the last in bold."""
    rooms = [_room(hand, entry[2], bold=entry is foot[-1]) for entry in foot]
    room = _room(hand, kind, bold=False)
    widest = max([room, *rooms])
    written: dict[str, Callable[[Any], str]] = {"money": hand.money, "exact": hand.exact, "figures": hand.figures}
    return {
        "head": [label for label, _ in columns],
        "columns": [stands for _, stands in columns],
        "rows": rows,
        "pad": round(widest - room, 3),
        "foot": [
            {"label": breakable(label, 60), "amount": written[way](amount), "pad": round(widest - taken, 3)}
            for (label, amount, way), taken in zip(foot, rooms, strict=True)
        ],
        "small": small,
    }


def _room(hand: Hand, kind: str, *, bold: bool) -> float:
    """The width, in em, that an amount takes right of its decimal mark: `00`, `0000` or `00 €`."""
    digit = _BOLD_DIGIT if bold else _DIGIT
    if kind == "exact":
        return 4 * digit
    if kind == "figures" or not hand.french:
        return hand.digits * digit
    return hand.digits * digit + _SPACE + (digit if hand.symbol != hand.currency else _LETTER * len(hand.currency))


def _in_currency(hand: Hand, label: str) -> str:
    return f"{label} ({hand.symbol})"


def _figures_or_dash(hand: Hand, minor: int | None) -> str:
    return DASH if minor is None else hand.figures(minor)


def _text(hand: Hand, line: Row, key: str) -> str:
    if key in ("date", "issued", "due"):
        return hand.short_date(line[key])
    return breakable(line.get(key) or "", 16 if key == "number" else 40)
