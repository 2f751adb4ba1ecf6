"""The words of each folder: `python -m exigible.common.catalogue update|compile|check [folder]`, without gettext's tools."""

import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from exigible.core.typography import french

PACKAGE = Path(__file__).resolve().parents[1]
LANGUAGE = "fr"
KEYWORDS: dict[str, Any] = dict.fromkeys(
    (
        *("_", "gettext", "gettext_lazy", "gettext_noop", "pgettext", "pgettext_lazy"),
        *("ngettext", "ngettext_lazy", "npgettext"),
    )
)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
HEADER = """msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""


def folders() -> list[Path]:
    """Return each folder that Django knows as an app: it has its own words."""
    return sorted(path.parent for path in PACKAGE.rglob("apps.py"))


def catalogue_of(folder: Path) -> Path:
    """Return where the French words of a folder lie."""
    return folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if {"tests", "migrations", "static", "locale", "__pycache__"}.isdisjoint(inside) and path.suffix in (
            ".py",
            ".html",
            ".txt",
        ):
            yield path


def _refusals(folder: Path) -> set[str]:
    """Return the names of all classes below Refused: their docstrings are sentences that users read."""
    bases: dict[str, set[str]] = {}
    for path in {*PACKAGE.rglob("*.py"), *folder.rglob("*.py")}:
        source = path.read_text(encoding="utf-8")
        if "Refused" in source or "(Cannot" in source:
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.ClassDef):
                    bases[node.name] = {base.id for base in node.bases if isinstance(base, ast.Name)}
    found = {"Refused"}
    while more := {name for name, parents in bases.items() if parents & found} - found:
        found |= more
    return found


def _docstrings(source: str, refusals: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and node.name in refusals and (text := ast.get_docstring(node)):
            yield " ".join(text.split())


def extracted(folder: Path) -> Catalog:
    """Return the sentences that a folder's code and templates ask to have translated, none of them translated yet."""
    from django.utils.translation.template import templatize

    catalogue = Catalog(locale=LANGUAGE)
    refusals = _refusals(folder)
    for path in _sources(folder):
        source = path.read_text(encoding="utf-8")
        place = [(str(path.relative_to(folder)), 1)]
        if path.suffix == ".py":
            for text in _docstrings(source, refusals):
                catalogue.add(text, locations=place)
        else:
            source = templatize(source, origin=str(path))
        for _line, function, words, _comments in extract_python(
            BytesIO(source.encode()), KEYWORDS, [], {"encoding": "utf-8"}
        ):
            _add(catalogue, function, words, place)
    return catalogue


def _add(catalogue: Catalog, function: Any, words: Any, place: list[tuple[str, int]]) -> None:
    given = [words] if isinstance(words, str) else [word for word in words or () if word]
    if not given or not given[0].strip():
        return
    context = given.pop(0) if function in ("pgettext", "pgettext_lazy", "npgettext") else None
    is_plural = function in ("ngettext", "ngettext_lazy", "npgettext")
    catalogue.add((given[0], given[1]) if is_plural else given[0], locations=place, context=context)


def stored(folder: Path) -> Catalog:
    """Return the words written down so far."""
    path = catalogue_of(folder)
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def _typeset(words: Any) -> Any:
    return french(words) if isinstance(words, str) else tuple(french(word) for word in words)


def update(folder: Path) -> int:
    """Write a folder's file again: what is new without words, what is gone left out. Returns how many lack words."""
    new, old, missing = extracted(folder), stored(folder), 0
    for message in new:
        known = old.get(message.id, message.context) if message.id else None
        if known and known.string and not known.fuzzy:
            message.string = _typeset(known.string)
        elif message.id:
            missing += 1
    if len(new) == 0:
        return 0
    path = catalogue_of(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = BytesIO()
    write_po(body, new, width=110, omit_header=True, include_lineno=False, sort_output=True)
    path.write_text(HEADER + body.getvalue().decode("utf-8").strip() + "\n", encoding="utf-8")
    return missing


def faults(folder: Path) -> Iterator[str]:
    """Yield a sentence for each text that lacks its French, is there for nothing, or lost a placeholder or a French space."""
    new, old = extracted(folder), stored(folder)
    for message in new:
        if not message.id:
            continue
        known = old.get(message.id, message.context)
        if known is None or not known.string or (message.pluralizable and not all(known.string)):
            yield f"no French for {message.id!r}"
        elif known.fuzzy:
            yield f"unsure French for {message.id!r}"
        else:
            yield from _faults_of(known)
    for message in old:
        if message.id and new.get(message.id, message.context) is None:
            yield f"French for a text that is gone: {message.id!r}"


def _forms(words: Any) -> list[str]:
    return [words] if isinstance(words, str) else list(words)


def _faults_of(message: Message) -> Iterator[str]:
    asked, given = _forms(message.id), _forms(message.string)
    if any(set(_PLACEHOLDER.findall(form)) != set(_PLACEHOLDER.findall(asked[-1])) for form in given[-1:]):
        yield f"other placeholders in the words of {message.id!r}"
    if _typeset(message.string) != message.string:
        yield f"spaces that are not French in the words of {message.id!r}"


def contradictions(among: list[Path]) -> Iterator[str]:
    """Yield a sentence for each text that two folders say in two ways: Django would show one of them everywhere."""
    said: dict[tuple[Any, Any], tuple[Any, Path]] = {}
    for folder in among:
        for message in stored(folder):
            first, where = said.setdefault((message.id, message.context), (message.string, folder))
            if message.id and first != message.string:
                yield f"{message.id!r} is {first!r} in {where.name} and {message.string!r} in {folder.name}: give one a context"


def compile_all(among: list[Path]) -> None:
    """Write the binary form that Django reads beside each file."""
    for folder in among:
        if catalogue_of(folder).exists():
            with catalogue_of(folder).with_suffix(".mo").open("wb") as file:
                write_mo(file, stored(folder))


def main(arguments: list[str]) -> int:
    """Run one command over the folders named, or over all. Returns 1 if a check found a fault."""
    command, among = arguments[0], [Path(name).resolve() for name in arguments[1:]] or folders()
    if command == "compile":
        compile_all(among)
        return 0
    if command == "update":
        for folder in among:
            if missing := update(folder):
                print(f"{folder.relative_to(PACKAGE)}: {missing} without French")
        return 0
    found = [f"{folder.relative_to(PACKAGE)}: {fault}" for folder in among for fault in faults(folder)]
    if len(arguments) == 1:
        found += contradictions(among)
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:] or ["check"]))
