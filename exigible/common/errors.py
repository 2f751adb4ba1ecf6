"""Refused: the base of every "no" that a user can meet."""

from typing import Any


class Refused(Exception):
    """This cannot be done."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(facts)
        self.facts = facts

    def __str__(self) -> str:
        """Return the sentence to show: the class's docstring, translated, with the facts filled in."""
        from django.utils.translation import gettext

        sentence = " ".join((self.__doc__ or "").split())
        return gettext(sentence) % self.facts if self.facts else gettext(sentence)
