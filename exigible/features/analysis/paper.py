"""The two papers of an analysis, made from its facts alone: the report and the letter. Neither is kept."""

from exigible.books.documents.render import render
from exigible.features.analysis.analyse import Analysis
from exigible.features.analysis.letter import Names, letter_data
from exigible.features.analysis.report import report
from exigible.features.analysis.words import Words


def report_pdf(found: Analysis, language: str) -> bytes:
    """The whole analysis as a PDF; the same facts on the same day give the same bytes."""
    word = Words(language, found.book.currency)
    data = {**report(found, language), "words": word.nested(), "creditor": {}}
    return render("analysis", data, language=language)


def letter_pdf(found: Analysis, names: Names, language: str) -> bytes:
    """The letter that suits the claim, as a PDF."""
    return render("letter", letter_data(found, names, language), language=language)


def file_name(found: Analysis, language: str, what: str) -> str:
    """How a paper is called when it is kept: what it is, the invoice, the day."""
    word = Words(language)
    number = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in found.facts.number)
    return "-".join(part for part in (word(f"report.file_{what}"), number, found.today.isoformat()) if part) + ".pdf"
