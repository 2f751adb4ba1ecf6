"""The control knows the file by itself, and names the line that the books lack."""

import ast
import inspect

import pytest

from exigible.formats import control
from exigible.formats.control import BookItem, compare, compare_balances, file_balance
from exigible.formats.fec import read_fec
from exigible.formats.tests.ledgers import SAMPLE_FECS, SAMPLES, fec, payment, sale

needs_samples = pytest.mark.skipif(not (SAMPLES / "fec").exists(), reason="EXIGIBLE_SAMPLES holds no FEC")
LEDGER = [*sale(1, "DURAND", 120000), *sale(2, "MARTIN", 45050), *payment(3, "DURAND", 100000)]


def book_items(data: bytes) -> list[BookItem]:
    """What the reader reads, as the books would hold it."""
    reading = read_fec(data)
    return [BookItem(row.customer_key, row.signed_minor, row.line) for row in reading.items]


def without_line(data: bytes, line: int) -> bytes:
    """The file with one line emptied, so that the other lines keep their numbers."""
    rows = data.split(b"\n")
    rows[line - 1] = b""
    return b"\n".join(rows)


@needs_samples
@pytest.mark.parametrize("name", SAMPLE_FECS)
def test_any_line_deleted_from_what_is_read_is_named(name: str) -> None:
    data = (SAMPLES / "fec" / name).read_bytes()
    truth = file_balance(data)
    assert compare(truth, book_items(data)) == []
    lines = [line for lines in truth.lines.values() for line in lines]
    for lost in lines[:: max(1, len(lines) // 8)]:
        found = compare(truth, book_items(without_line(data, lost.line)))
        assert [difference.customer_key for difference in found] == [lost.customer_key]
        assert found[0].missing == (lost,)
        assert found[0].file_minor - found[0].book_minor == lost.amount_minor


@pytest.mark.parametrize("with_lines", [True, False])
def test_a_missing_line_is_named_with_its_customer_and_amount(with_lines: bool) -> None:
    data = fec(LEDGER)
    items = [item if with_lines else item._replace(line=None) for item in book_items(data) if item.line != 4]
    (difference,) = compare(file_balance(data), items)
    (line,) = difference.missing
    assert (line.line, line.customer_key, line.amount_minor, line.piece) == (4, "MARTIN", 45050, "FA0002")


def test_an_item_that_the_file_lacks_is_named() -> None:
    data, stranger = fec(LEDGER), BookItem("DURAND", 777, None)
    (difference,) = compare(file_balance(data), [*book_items(data), stranger])
    assert difference.extra == (stranger,)
    assert difference.missing == ()


def test_balances_alone_point_at_the_lines_that_may_be_missing() -> None:
    (difference,) = compare_balances(file_balance(fec(LEDGER)), {"DURAND": 120000, "MARTIN": 45050})
    assert [(line.line, line.amount_minor) for line in difference.missing] == [(6, -100000)]


def test_the_control_shares_no_code_with_the_reader() -> None:
    tree = ast.parse(inspect.getsource(control))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name for name in imported if name and name.startswith("exigible")}


def test_an_amount_that_cannot_be_read_is_listed() -> None:
    data = fec(LEDGER).replace(b"450,50\t0,00", b"4x\t0,00")
    assert file_balance(data).unreadable == [4]
