"""The clauses of a step taken: what to do and to whom, on what facts, what holds it back, what follows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from exigible.core.typography import day_of_month, day_with_weekday
from exigible.features.messages.labels import label
from exigible.features.messages.phrases import Clause, Known, Link, filled, invoices_link, money, texts
from exigible.features.messages.values import clean, day_of

Pieces = Mapping[str, Any]
_NATURAL = {"phone": "call", "call": "call"}


def act_clause(rule: str, facts: Known, language: str) -> Clause:
    """Verb, person, today; or the day itself, when the sentence is read on another (`when`, in ISO form)."""
    pieces = texts(language)["step"]
    step, channel = facts.get("step"), facts.get("channel") or ""
    channel = "phone" if channel == "call" else channel
    pattern = pieces.get(f"act_{channel}_{step}") or pieces.get(f"act_{channel}", pieces["act"])
    if channel == "phone" and step and step != _NATURAL["phone"]:
        pattern = pieces["act_phone_other"]
    words = {"step": label("a_step", str(step or "task"), language), "who": _who(facts, pieces)}
    when = pieces["today"]
    if facts.get("when"):
        when = pieces["on_day"].format(date=day_with_weekday(day_of(facts["when"]), language))
    return Clause(pattern.format_map(words) + when, rule, _case(facts))


def fact_clauses(rule: str, facts: Known, language: str) -> Iterator[Clause]:
    """What triggered the step, then the contacts already made."""
    pieces = texts(language)["step"]
    trigger = _trigger(facts, pieces, language)
    if trigger:
        invoices = facts.get("invoices")
        yield Clause(trigger, rule, invoices_link(invoices) if invoices else _case(facts))
    if facts.get("previous"):
        yield Clause(_contacts_made(facts, language), rule, _case(facts))
    if facts.get("entry"):
        yield Clause(pieces["entry"], rule, _case(facts))


def limit_clauses(facts: Known, language: str) -> Iterator[Clause]:
    """What stops the step from being stronger, each limit with its own rule."""
    for limit in facts.get("limits") or ():
        known, rule = limit.get("facts") or {}, str(limit.get("rule") or "")
        pattern = texts(language).get(rule, {}).get("why")
        said = filled(pattern, known, language) if pattern else rule
        yield Clause(said or rule, rule, _case(facts))


def next_clause(rule: str, facts: Known, language: str) -> Clause | None:
    """What comes if nothing happens; nothing is said when the facts do not say it."""
    if "next" not in facts:
        return None
    pieces, upcoming = texts(language)["step"], facts["next"]
    if not upcoming:
        return Clause(pieces["last"], rule, _case(facts))
    words = {
        "step": label("step", str(upcoming["step"]), language),
        "date": day_with_weekday(day_of(upcoming["date"]), language),
    }
    name = "next_upcoming" if rule == "step.upcoming" else "next"
    return Clause(pieces[name].format_map(words), rule, _case(facts))


def _case(facts: Known) -> Link | None:
    return ("case", facts["case"]) if facts.get("case") else None


def _who(facts: Known, pieces: Pieces) -> str:
    contact, customer = clean(facts.get("contact") or ""), clean(facts.get("customer") or "")
    if contact and customer and contact != customer:
        return f"{contact} ({customer})"
    return contact or customer or str(pieces["someone"])


def _trigger(facts: Known, pieces: Pieces, language: str) -> str:
    count, days = facts.get("count") or 1, facts.get("days_late")
    if facts.get("amount") is None or days is None:
        return ""
    when = "late" if days > 0 else "today" if days == 0 else "upcoming"
    words = {
        "amount": money(facts["amount"], facts, language),
        "count": str(count),
        "days": _days(abs(days), pieces),
    }
    said: str = pieces[f"{'one' if count == 1 else 'many'}_{when}"].format_map(words)
    usual = facts.get("usual_delay")
    if usual is None:
        return said
    side = "usual_on" if usual == 0 else "usual_after" if usual > 0 else "usual_before"
    habit = pieces[side].format_map({"days": _days(abs(usual), pieces)})
    pattern: str = pieces["more_than_usual" if days > max(usual, 0) else "usual"]
    return said + pattern.format_map({"usual": habit})


def _days(count: int, pieces: Pieces) -> str:
    return str(pieces["day" if count == 1 else "days"]).replace("{n}", str(count))


def _contacts_made(facts: Known, language: str) -> str:
    """The contacts by channel, with their days: `deux courriels (12 et 18 novembre) et un appel (20 novembre)`."""
    made: Sequence[Known] = facts["previous"]
    nouns, pieces = texts(language)["contacts"], texts(language)["step"]
    latest_year = max(str(contact["on"])[:4] for contact in made)
    by_channel: dict[str, list[str]] = {}
    for contact in made:
        channel = contact.get("channel") if contact.get("channel") in nouns else "other"
        by_channel.setdefault(str(channel), []).append(str(contact["on"]))
    said, feminine = [], True
    for channel, days in by_channel.items():
        one, many, gender = nouns[channel]
        feminine = feminine and gender == "f"
        number = _number(len(days), gender, pieces)
        said.append(f"{number} {one if len(days) == 1 else many} ({_listed(days, latest_year, pieces, language)})")
    name = ("unanswered_one" if len(made) == 1 else "unanswered") + ("_f" if feminine else "")
    return str(pieces[name]).replace("{contacts}", _joined(said, pieces))


def _number(count: int, gender: str, pieces: Pieces) -> str:
    words = pieces["numbers_f" if gender == "f" else "numbers"]
    return words[count - 1] if count <= len(words) else str(count)


def _listed(days: Sequence[str], latest_year: str, pieces: Pieces, language: str) -> str:
    """The days, the month said once when they share it, the year when it is not the latest."""
    printed = []
    for place, iso in enumerate(days):
        day, following = day_of(iso), days[place + 1] if place + 1 < len(days) else ""
        words = day_of_month(day, language)
        if iso[:7] == following[:7]:
            words = words.split(" ")[0]
        elif iso[:4] != latest_year:
            words += f" {iso[:4]}"
        printed.append(words)
    return _joined(printed, pieces)


def _joined(words: Sequence[str], pieces: Pieces) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + str(pieces["and"]) + words[-1]
