"""What a debtor seems to be in law, from its SIREN and its name: a proposal that a person confirms (decision 19)."""

import re
import unicodedata
from typing import NamedTuple

from stdnum import luhn

CONSUMER, BUSINESS, PUBLIC_BODY = "consumer", "business", "public_body"


class Proposal(NamedTuple):
    """The kind proposed, the public buyer it would be, and which rule says so; all empty when nothing tells."""

    kind: str = ""
    buyer: str = ""
    rule: str = ""


_FRENCH_FORMS = (
    "sarl", "eurl", "sas", "sasu", "sa", "sci", "scp", "scm", "snc", "scea", "sca", "selarl", "selas", "selafa", "scop",
    "scic", "scs", "gie", "gaec", "earl", "ei", "eirl", "scpi", "sccv", "scev",
)  # fmt: skip
_FOREIGN_FORMS = (
    "gmbh", "ag", "kg", "ohg", "ug", "ltd", "limited", "llc", "llp", "plc", "inc", "corp", "bv", "nv", "srl", "spa", "sprl", "bvba",
    "ab", "oy", "aps", "sl", "slu", "lda", "kft", "sro", "doo", "pty",
)  # fmt: skip
_FORM = re.compile(rf"(?<![\w'])(?:{'|'.join((*_FRENCH_FORMS, *_FOREIGN_FORMS))})(?![\w'])")
_SPACED_FORM = re.compile(
    r"(?<!\w)(?:s ?\. ?a ?\. ?(?:r ?\. ?l ?\.?|s ?\.?)?|e ?\. ?u ?\. ?r ?\. ?l ?\.?|b\. ?v\.|n\. ?v\.|sp\. ?z ?o\. ?o\.)(?!\w)"
)
_FIRM_WORD = re.compile(r"^(?:ets|etablissements?|entreprise|societe|ste|cabinet|garage|atelier|auto-?entrepreneur)\b")
_TITLE = re.compile(
    r"^(?:(?:m\.|mr\.?|mme\.?|mlle\.?|melle|monsieur|madame|mademoiselle)\s*(?:(?:et|&|ou)\s*(?:mme|mr|m)\.?\s*)?(?=\w)"
    r"|m (?:et |& )?(?:mme )?(?=\w+ \w))"
)
_BODIES = (
    ("army_health", r"\bservice de sante des armees\b|\bhopital d'instruction des armees\b|\bhia\b"),
    ("hospital", r"\b(?:chu|chr|chru|chs|ghu|ghi|aphp|aphm|ap-hp|ap-hm)\b|\bcentre hospitalier\b|\bhopita(?:l|ux)\b"
     r"|\bhospices civils\b|\bgroup(?:e|ement) hospitalier\b|\bassistance publique\b"),
    ("local", r"^(?:la )?(?:mairie|commune|ville)\b|^(?:conseil )?(?:departement(?:al)?|regional|general)\b|^region\b"
     r"|\bconseil (?:departemental|regional|general)\b|\bcommunaute (?:de communes|d'agglomeration|urbaine)\b|^metropole\b"
     r"|\bsyndicat (?:mixte|intercommunal|departemental)\b|^(?:ccas|cias|sdis|sivu|sivom|siaep)\b|\boffice public de l'habitat\b"
     r"|^caisse des ecoles\b|^collectivite\b|^(?:lycee|college)\b(?! prive)|^ecole (?:communale|publique)\b"),
    ("state", r"^(?:sous-?)?prefecture\b|^ministere\b|^rectorat\b|^academie de\b|^universite\b|^tribunal\b|^cour d'appel\b"
     r"|\bfinances publiques\b|\btresor public\b|^direction (?:departementale|regionale|generale|interregionale)\b"
     r"|^agence regionale de sante\b|^etat\b|^crous\b|^gendarmerie\b|^centre national\b|\binstitut national\b"),
)  # fmt: skip
_PUBLIC = tuple((buyer, re.compile(pattern)) for buyer, pattern in _BODIES)


def is_siren(text: str) -> bool:
    """Nine digits (or the fourteen of a SIRET) whose key is right."""
    digits = re.sub(r"[\s.\u00a0\u202f]", "", text)[:9]
    return len(digits) == 9 and digits.isdigit() and luhn.is_valid(digits)


def propose_kind(name: str, siren: str = "", vat: str = "") -> Proposal:
    """Propose what a debtor is: the SIREN first (1 and 2 are the public sector's), then legal form, public name, title.

    A legal form comes before a public name, so that a « Brasserie de la Mairie SARL » stays a business.
    """
    plain = _plain(name)
    has_siren = is_siren(siren) or is_siren(vat[4:] if vat[:2].upper() == "FR" else "")
    number = re.sub(r"\D", "", siren if is_siren(siren) else vat[4:]) if has_siren else ""
    if number[:1] in ("1", "2"):
        return Proposal(PUBLIC_BODY, _buyer_of_siren(number, plain), "siren")
    if _FORM.search(plain) or _SPACED_FORM.search(plain):
        return Proposal(BUSINESS, "", "legal_form")
    for buyer, pattern in _PUBLIC:
        if pattern.search(plain):
            return Proposal(PUBLIC_BODY, buyer, "public_name")
    if has_siren or vat:
        return Proposal(BUSINESS, "", "siren" if has_siren else "vat")
    if _FIRM_WORD.search(plain):
        return Proposal(BUSINESS, "", "firm_word")
    if _TITLE.match(plain):
        return Proposal(CONSUMER, "", "title")
    return Proposal()


def _buyer_of_siren(number: str, plain: str) -> str:
    if number.startswith("26"):
        return "hospital"
    if number.startswith("2"):
        return "local"
    return "army_health" if _PUBLIC[0][1].search(plain) else "state"


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.replace("’", "'").replace("œ", "oe")).encode("ascii", "ignore").decode()
    return " ".join(folded.casefold().split())
