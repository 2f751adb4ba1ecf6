"""The words of the analysis: the same sentences in both languages, each with the same places to fill in."""

import re

from exigible.core.typography import french
from exigible.features.analysis.words import Words

PLACES = re.compile(r"\{(\w+)\}")


def sentences(language: str) -> dict[str, str]:
    return {
        f"{section}.{name}": said for section, names in Words(language).nested().items() for name, said in names.items()
    }


def test_both_languages_say_the_same_things() -> None:
    assert set(sentences("fr")) == set(sentences("en"))


def test_both_languages_have_the_same_places_to_fill_in() -> None:
    english = sentences("en")
    differing = [
        key for key, said in sentences("fr").items() if set(PLACES.findall(said)) != set(PLACES.findall(english[key]))
    ]
    assert differing == []


def test_the_french_is_typeset_and_no_apostrophe_is_straight() -> None:
    assert [key for key, said in sentences("fr").items() if french(said) != said or "'" in said] == []


def test_an_amount_known_to_the_euro_is_shown_without_cents() -> None:
    assert Words("fr").whole(123_400) == "1\u202f234\u00a0€"
    assert Words("en").whole(123_456) == "€1,234.56"


def test_a_long_time_is_told_in_months() -> None:
    assert Words("en").span(30) == "30 days"
    assert Words("en").span(92) == "3 months"
