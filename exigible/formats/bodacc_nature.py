"""What a notice of the official bulletin says, told from the wording of its judgment, which no code replaces."""

import re
import unicodedata
from typing import NamedTuple

from exigible.formats.company import NoticeKind, Procedure

PROCEDURES: tuple[tuple[Procedure, str], ...] = (
    ("liquidation", "liquidation"), ("reorganisation", "redressement"), ("safeguard", "sauvegarde"),
)  # fmt: skip
# In this order: a judgment that ends a plan and winds the company up opens new proceedings.
KINDS: tuple[tuple[NoticeKind, str], ...] = (
    ("other", r"interdiction|faillite personnelle|etat des creances|liste des creances|depot de l'etat|projet de repartition"),
    ("reversal", r"retractation|infirm\w+|annul\w+|arret de la cour d'appel"),
    ("closure", r"cloture|mettant fin a la procedure|met fin a la procedure"),
    ("opening", r"resolution du plan.*liquidation|liquidation.*resolution du plan"),
    ("extension", r"extension|etend\w*"),
    ("conversion", r"conversion|convertissant|convertit"),
    ("plan", r"\bplan\b"),
    ("opening", r"ouverture|ouvrant|prononcant la liquidation|liquidation judiciaire simplifiee|^jugement de liquidation"),
)  # fmt: skip
OFFICE = r"(?:mandataire[s]? judiciaire[s]?|mandataire liquidateur|liquidateur[s]?(?: judiciaire[s]?)?)"
REPRESENTATIVE = re.compile(
    rf"(?:désignant|désigne|nomm(?:ant|e|é)|maintien de|maintient)\s+(?:en qualité de\s+|comme\s+|la\s+)?{OFFICE}\s*:?\s*(?P<who>.+?)"
    r"(?:\.\s|\.$|;|,?\s+avec les pouvoirs|,?\s+avec pour mission|,?\s+(?:et )?(?:désign|administrateur|maint|met fin|fixe|autoris|mettant)"
    r"|\s+Les (?:créanc|déclar)|\s*$)",
    re.IGNORECASE | re.DOTALL,
)
LONGEST = 300


class Nature(NamedTuple):
    """The kind of a notice, and the procedure that it speaks of."""

    kind: NoticeKind
    procedure: Procedure


def plain(text: str) -> str:
    """Small letters without accents nor superfluous blanks."""
    folded = unicodedata.normalize("NFKD", text.replace("’", "'")).encode("ascii", "ignore").decode()
    return " ".join(folded.casefold().split())


def nature_of(wording: str, family: str = "") -> Nature:
    """What the wording of a judgment means; `family` is the bulletin's own (collective, radiation, vente…)."""
    words = plain(wording)
    procedure = _procedure(words)
    if family == "radiation" or words.startswith("radiation"):
        return Nature("strike_off", "")
    if family not in ("", "collective") and not procedure:
        return Nature("other", "")
    if not procedure and not words:
        return Nature("other", "")
    for kind, pattern in KINDS:
        if re.search(pattern, words):
            return Nature(kind, procedure if kind != "other" else "")
    return Nature("other", "")


def _procedure(words: str) -> Procedure:
    """The procedure that a judgment leads to: of a conversion, the one into which it converts."""
    _before, converts, into = words.partition(" en ")
    for part in (into, words) if converts and "conver" in words else (words,):
        for procedure, word in PROCEDURES:
            if word in part:
                return procedure
    return ""


def representative_of(text: str) -> str:
    """The court's representative of the creditors, with the address, as the notice names it; empty when it does not."""
    found = REPRESENTATIVE.search(" ".join(text.split()))
    return found["who"].strip(" ,:")[:LONGEST] if found else ""
