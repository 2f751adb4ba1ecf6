"""The call, step by step: what the caller reads before and says during it, by kind and profile of debtor."""

from functools import lru_cache

from exigible.features.messages.catalogue import Choice, choices_of, choose, read
from exigible.features.messages.values import Facts, traits_of, values_of


def call_script(facts: Facts) -> list[tuple[str, list[str]]]:
    """The sections of the call, each a title and its lines; quoted lines are to be said, the others to be known."""
    traits = traits_of(facts)
    values = values_of(facts, traits)
    script = []
    for title, lines in _sections(facts["language"]):
        said = [line for choices in lines if (line := choose(choices, traits, values))]
        script.append((title, said))
    return script


@lru_cache
def _sections(language: str) -> list[tuple[str, list[tuple[Choice, ...]]]]:
    sections = read("call", language)["section"]
    return [(section["title"], [choices_of(line) for line in section["line"]]) for section in sections]
