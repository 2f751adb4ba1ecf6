"""Typst, kept at hand: one compiler a thread, the templates of this folder, and only the fonts that Typst carries."""

import json
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst

from exigible.books.documents.plain_text import ordinary

Standard = Literal["a-2b", "a-3b"]
DRAWINGS = ("logo", "image", "code")  # what a sheet holds as SVG text rather than as words

_TEMPLATES = Path(__file__).with_name("templates")
_of_thread = threading.local()


def typeset(template: str, sheet: dict[str, Any], standard: Standard | None, timestamp: int) -> bytes:
    """The PDF of a sheet, dated `timestamp` (Unix seconds). Raises ValueError with Typst's reason."""
    try:
        return _compile(_source(template, sheet), standard, timestamp)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise ValueError(f"{error.message}. Check its texts and images.") from error
    # Characters that draw alone may fail in company: give them up, not the letter.
    return _compile(_source(template, _ordinary_texts(sheet)), standard, timestamp)


@lru_cache(maxsize=10_000)
def can_draw(mark: str) -> bool:
    """Whether the fonts carried by Typst have this character: PDF/A refuses a document with one that they lack."""
    try:
        _compile(f'#set text(font: "Libertinus Serif")\n#json(bytes({_quoted(mark)}))'.encode(), "a-2b", 0)
    except typst.TypstError:
        return False
    return True


def _source(template: str, sheet: dict[str, Any]) -> bytes:
    """The main file hands over the sheet as one string: were it in `sys_inputs`, Typst would forget its layouts."""
    return f'#import "/{template}.typ": make\n#make(json(bytes({_quoted(sheet)})))'.encode()


def _quoted(content: object) -> str:
    """`content` as JSON inside a Typst string, which only a backslash or a quote could leave."""
    text = json.dumps(content, ensure_ascii=False)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _compile(source: bytes, standard: Standard | None, timestamp: int) -> bytes:
    made = _compiler().compile(input=source, pdf_standards=standard or [], timestamp=timestamp, format="pdf")
    if not isinstance(made, bytes):
        raise ValueError("Typst gave no document. Check the templates.")
    return made


def _compiler() -> typst.Compiler:
    if not hasattr(_of_thread, "compiler"):
        _of_thread.compiler = typst.Compiler(root=_TEMPLATES, ignore_system_fonts=True)
    compiler: typst.Compiler = _of_thread.compiler
    return compiler


def _ordinary_texts(value: Any) -> Any:
    if isinstance(value, str):
        return ordinary(value)
    if isinstance(value, dict):
        return {key: item if key in DRAWINGS else _ordinary_texts(item) for key, item in value.items()}
    return [_ordinary_texts(item) for item in value] if isinstance(value, list) else value
