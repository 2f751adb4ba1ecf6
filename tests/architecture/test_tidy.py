"""The limits of size and the habits that keep files readable."""

import ast
import re

from tests.architecture.source import functions, parsed, place, python_files

FILE_LINES, FUNCTION_LINES, POSITIONAL = 400, 50, 5
VAGUE = re.compile(r"(^|_)(utils?|helpers?|manager|services?|process|misc|stuff)(_|$|\.)")


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    long = [place(path) for path in python_files() if len(path.read_text(encoding="utf-8").splitlines()) > FILE_LINES]
    assert long == []


def test_no_function_is_longer_than_fifty_lines() -> None:
    long = [
        f"{place(path, node.lineno)} {node.name}"
        for path in python_files()
        for node in functions(path)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def test_no_function_takes_more_than_five_positional_parameters() -> None:
    greedy = []
    for path in python_files():
        for node in functions(path):
            names = [each.arg for each in (*node.args.posonlyargs, *node.args.args) if each.arg not in ("self", "cls")]
            if len(names) > POSITIONAL and not node.name.startswith("test_"):
                greedy.append(f"{place(path, node.lineno)} {node.name}({', '.join(names)})")
    assert greedy == []


def test_each_module_opens_with_a_sentence_saying_what_it_holds() -> None:
    silent = []
    for path in python_files():
        if path.read_text(encoding="utf-8").strip():
            first = (ast.get_docstring(parsed(path)) or "").split("\n")[0].strip()
            if len(first) < 15:
                silent.append(place(path))
    assert silent == []


def test_each_public_function_says_what_it_promises() -> None:
    silent = []
    for path in python_files():
        if "tests" in path.parts or path.name in ("conftest.py", "apps.py"):
            continue
        for node in parsed(path).body:
            if (
                isinstance(node, ast.FunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                silent.append(f"{place(path, node.lineno)} {node.name}")
    assert silent == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [place(path) for path in python_files() if VAGUE.search(path.stem)] == []


def test_no_test_is_a_method_of_a_class() -> None:
    classes = [
        f"{place(path, node.lineno)} {node.name}"
        for path in python_files()
        if path.name.startswith("test_")
        for node in parsed(path).body
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test")
    ]
    assert classes == []


def test_nothing_is_mocked() -> None:
    mocking = [
        place(path, node.lineno)
        for path in python_files()
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("unittest.mock"))
        or (
            isinstance(node, ast.Import) and any(name.name.startswith(("unittest.mock", "mock")) for name in node.names)
        )
    ]
    assert mocking == []
