"""The ladder: from a structured reference down to a likeness of names, and what must hold to be certain."""

from exigible.core.matching.asked import Asked
from exigible.core.matching.candidates import Candidates
from exigible.core.matching.clues import clues
from exigible.core.matching.combined import by_payer
from exigible.core.matching.named import by_numbers, by_reference, hits_of
from exigible.core.matching.payers import AGREES, payers_of
from exigible.core.matching.records import Credit, Match, Rules, reason
from exigible.core.matching.unnamed import by_expected, by_name, by_near_number, by_order, on_account

_RULES = Rules()


def propose(credit: Credit, candidates: Candidates, *, rules: Rules = _RULES) -> list[Match]:
    """What a movement may pay, the best explanation first, at most `rules.most`; nothing when nothing is known of it.

    The first may be certain, the others never. It is so only when numbers or a reference name the items, or a confirmed
    account or name and one only set of its items give the amount to the cent, and no other explanation comes within
    `rules.margin`. The answer depends on nothing but the arguments, and not on the order of the candidates.
    """
    told = clues(credit)
    asked = Asked(credit, told, candidates, payers_of(told, candidates), rules)
    asked = asked._replace(hits=hits_of(asked))
    matches = by_reference(asked) or by_numbers(asked)
    if not any(match.certain for match in matches):
        for rung in (by_payer, by_expected, by_order, by_near_number, by_name):
            matches += rung(asked)
        matches = matches or on_account(asked)
    return _ranked(matches, rules)


def is_conclusive(matches: list[Match]) -> bool:
    """Whether what was gathered by numbers, accounts and codes is enough: certain, by a number or account of who paid.

    Otherwise candidates are to be gathered by name and amount too, and `propose` asked again: another debtor may fit.
    """
    if not matches or not matches[0].certain:
        return False
    rule, facts = matches[0].because
    payer = facts.get("payer")
    return rule == "bank.reference" or payer == "account" or (rule.startswith("bank.number") and payer in AGREES)


def _ranked(matches: list[Match], rules: Rules) -> list[Match]:
    """Best first, each set of shares once; only the first may be certain, and only with nothing near it."""
    matches = sorted(matches, key=lambda match: (-match.confidence, match.shares, match.customer))
    unlike: dict[tuple[object, ...], Match] = {}
    for match in matches:
        unlike.setdefault((match.shares, match.difference_minor), match)
    ranked = list(unlike.values())[: rules.most]
    if not ranked:
        return []
    near = [each for each in ranked[1:] if each.confidence > ranked[0].confidence - rules.margin]
    if near:
        ranked[0] = _doubted(ranked[0], len(near))
    return [ranked[0], *(each if not each.certain else _doubted(each, 1) for each in ranked[1:])]


def _doubted(match: Match, others: int) -> Match:
    """The match with at least so many others beside it, and no longer certain."""
    facts = dict(match.because.facts)
    told = facts.get("others", 0)
    facts |= {"doubt": match.doubt or "other_sets", "others": max(others, told if isinstance(told, int) else 0)}
    return match._replace(certain=False, because=reason(match.because.rule, **facts))
