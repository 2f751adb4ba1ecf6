"""The words of the product's codes (steps, channels, holds, stages, reasons, profiles) in French and English."""

from exigible.features.messages.catalogue import read


def label(group: str, code: str, language: str) -> str:
    """The word of a code: `label("step", "friendly", "fr")` is "simple rappel"; an unknown code is its own word."""
    found: str = read("labels", language, "'").get(group, {}).get(code, code.replace("_", " "))
    return found
