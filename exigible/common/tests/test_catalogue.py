"""Each folder's words are all in French, well typeset, and none is there for nothing."""

from pathlib import Path

import pytest

from exigible.common.catalogue import PACKAGE, contradictions, faults, folders

FOLDERS = folders()


@pytest.mark.parametrize("folder", FOLDERS, ids=[str(folder.relative_to(PACKAGE)) for folder in FOLDERS])
def test_every_sentence_has_its_french(folder: Path) -> None:
    assert not list(faults(folder))


def test_no_two_folders_say_one_sentence_in_two_ways() -> None:
    assert not list(contradictions(FOLDERS))


def write(folder: Path, code: str, words: str) -> None:
    (folder / "views.py").write_text(code, encoding="utf-8")
    catalogue = folder / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n' + words, encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("", "no French"),
        ('msgid "Paid: %(amount)s"\nmsgstr ""', "no French"),
        ('#, python-format\nmsgid "Paid: %(amount)s"\nmsgstr "Payé"', "placeholders"),
        ('#, fuzzy\nmsgid "Paid: %(amount)s"\nmsgstr "Payé\u00a0: %(amount)s"', "unsure"),
        ('msgid "Paid: %(amount)s"\nmsgstr "Payé : %(amount)s"', "spaces"),
        ('msgid "Paid: %(amount)s"\nmsgstr "Payé\u00a0: %(amount)s"\n\nmsgid "Gone"\nmsgstr "Parti"', "gone"),
    ],
)
def test_a_fault_of_translation_is_found(tmp_path: Path, words: str, fault: str) -> None:
    write(tmp_path, 'text = _("Paid: %(amount)s")\n', words)
    found = list(faults(tmp_path))
    assert len(found) == 1
    assert fault in found[0]


def test_the_sentence_of_a_refusal_is_a_text_to_translate(tmp_path: Path) -> None:
    code = 'class TooLate(Refused):\n    """It is too late."""\n'
    write(tmp_path, code, "")
    assert list(faults(tmp_path)) == ["no French for 'It is too late.'"]
