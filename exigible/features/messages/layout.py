"""A message as blocks (paragraphs, table, lines), printed as plain text and as HTML with the same words."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together."""

    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines under one another: bank details, signature; the first may be a title."""

    lines: Sequence[str]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One invoice of the table, or one line of its foot; the note stands under the row."""

    cells: Sequence[str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns aligned left up to `left`, right after; a foot has a label and an amount."""

    head: Sequence[str]
    rows: Sequence[Row]
    foot: Sequence[tuple[str, str]]
    left: int = 2
    notes: Sequence[str] = ()


Block = Paragraph | Lines | Table
_GAP = "   "
_CELL = "padding:6px 0 6px 8px;border-bottom:1px solid #8c8c8c;vertical-align:top;"
_LEFT = _CELL.replace("6px 0 6px 8px", "6px 8px 6px 0") + "text-align:left;overflow-wrap:anywhere"
_RIGHT = _CELL + "text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums"
_NOTE = "padding:0 0 6px;text-align:left"
_HEAD = (
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
)
_BODY = "margin:0;padding:24px 16px;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"


def as_text(blocks: Sequence[Block]) -> str:
    """The message in plain text, blocks apart by an empty line."""
    return "\n\n".join(_text_of(block) for block in blocks) + "\n"


def as_html(blocks: Sequence[Block], title: str, language: str) -> str:
    """The message in one narrow column: no script, no image, no colour of its own, so that dark mode reads well."""
    body = "".join(_html_of(block) for block in blocks)
    return (
        f'<!doctype html><html lang="{language}"><head>{_HEAD}<title>{escape(title)}</title></head>'
        f'<body style="{_BODY}"><div style="max-width:560px;margin:0 auto">{body}</div></body></html>'
    )


def _text_of(block: Block) -> str:
    if isinstance(block, Paragraph):
        return block.text
    if isinstance(block, Lines):
        return "\n".join([block.title, *block.lines] if block.title else block.lines)
    return _text_table(block)


def _text_table(table: Table) -> str:
    cells = [table.head, *(row.cells for row in table.rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    amounts = max([widths[-1], *(len(figure) for _, figure in table.foot)])
    labels = max([sum(widths[:-1]) + len(_GAP) * (len(widths) - 2), *(len(label) for label, _ in table.foot)])
    widths[0] += labels - sum(widths[:-1]) - len(_GAP) * (len(widths) - 2)
    widths[-1] = amounts
    lines = [_text_row(table.head, widths, table.left)]
    for row in table.rows:
        lines.append(_text_row(row.cells, widths, table.left))
        if row.note:
            lines.append("  " + row.note)
    lines += [label.ljust(labels) + _GAP + figure.rjust(amounts) for label, figure in table.foot]
    return "\n".join([*lines, *table.notes])


def _text_row(cells: Sequence[str], widths: Sequence[int], left: int) -> str:
    aligned = [
        cell.ljust(width) if place < left else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return _GAP.join(aligned)


def _html_of(block: Block) -> str:
    if isinstance(block, Paragraph):
        return f'<p style="margin:0 0 16px">{escape(block.text)}</p>'
    if isinstance(block, Lines):
        title = f"<strong>{escape(block.title)}</strong><br>" if block.title else ""
        return f'<p style="margin:0 0 16px">{title}{"<br>".join(map(escape, block.lines))}</p>'
    return _html_table(block)


def _html_table(table: Table) -> str:
    span = len(table.head)
    rows = [_html_row("th", table.head, table.left)]
    for row in table.rows:
        rows.append(_html_row("td", row.cells, table.left))
        if row.note:
            rows.append(f'<tr><td colspan="{span}" style="{_NOTE}">{escape(row.note)}</td></tr>')
    rows += [
        f'<tr><td colspan="{span - 1}" style="{_LEFT}">{escape(label)}</td>'
        f'<td style="{_RIGHT}"><strong>{escape(figure)}</strong></td></tr>'
        for label, figure in table.foot
    ]
    notes = "".join(f'<p style="margin:0 0 16px;font-size:14px">{escape(note)}</p>' for note in table.notes)
    style = "width:100%;border-collapse:collapse;margin:0 0 16px;font-size:14px"
    return f'<table style="{style}">{"".join(rows)}</table>{notes}'


def _html_row(tag: str, cells: Sequence[str], left: int) -> str:
    inside = "".join(
        f'<{tag} style="{_LEFT if place < left else _RIGHT}">{escape(cell)}</{tag}>' for place, cell in enumerate(cells)
    )
    return f"<tr>{inside}</tr>"
