"""The law as a screen shows it: its figures by group with their articles and confidence, its rates by period."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from exigible.core.law.added import ADDED
from exigible.core.law.book import Figure, LawBook
from exigible.core.law.names import Names
from exigible.core.law.periods import next_publication, period_start
from exigible.core.typography import HARD, THIN, amount, day_in_words, day_of_month

CONFIDENCE_WORDS = {
    "high": (gettext_lazy("established"), "done"),
    "medium": (gettext_lazy("read, our reading"), "wait"),
    "low": (gettext_lazy("uncertain"), "legal"),
    "house": (gettext_lazy("our own choice"), "accent"),
    "checked": (gettext_lazy("source read"), "done"),
    "knowledge": (gettext_lazy("from memory, to check"), "wait"),
    ADDED: (gettext_lazy("added by you"), "accent"),
}
PARTLY = (gettext_lazy("checked in part"), "wait")
SURE = {"": ("high", "medium", "low", "house"), "uncertain": ("medium", "low"), "house": ("house",)}
PERIODS_SHOWN = 12


class Row(NamedTuple):
    """One figure: its name, its value on the day, since when, from which text, how sure; and what it was or will be."""

    name: str
    value: str
    since: date
    article: str
    word: str
    tone: str
    is_uncertain: bool
    others: list[str]


class Series(NamedTuple):
    """One series of rates on a day: the rate in force, its source, and when the next one is expected."""

    code: str
    name: str
    percent: str
    since: date
    source: str
    word: str
    tone: str
    known_until: date
    next_on: date
    is_late: bool

    @property
    def host(self) -> str:
        """The site of a source that is an address; empty for one that is a text."""
        return urlsplit(self.source).netloc.removeprefix("www.") if self.source.startswith("https://") else ""


class Group(NamedTuple):
    """The figures about one thing, by section."""

    name: str
    sections: list[tuple[str, list[Row]]]

    @property
    def size(self) -> int:
        """How many figures it shows."""
        return sum(len(rows) for _section, rows in self.sections)

    @property
    def uncertain(self) -> int:
        """How many of them are to be checked."""
        return sum(row.is_uncertain for _section, rows in self.sections for row in rows)


class Writer:
    """Writes the figures of one book in one language, as they are on one day."""

    def __init__(self, book: LawBook, names: Names, on: date, language: str) -> None:
        self.book, self.names, self.on, self.language = book, names, on, language

    def groups(self, sure: str = "", group: str = "") -> list[Group]:
        """The groups with their sections and figures; only those of a confidence, only one group where one is named."""
        found: dict[str, dict[str, list[Row]]] = {}
        for key in self._in_order():
            head = key.partition(".")[0]
            if group in ("", head) and self.book.figure(key, self.on).confidence in SURE[sure]:
                section = self.names.of_section(key, self.language)
                found.setdefault(head, {}).setdefault(section, []).append(self.row(key))
        return [
            Group(self.names.of_group(head, self.language), list(sections.items())) for head, sections in found.items()
        ]

    def count(self, sure: str) -> int:
        """How many figures are of a confidence."""
        return sum(self.book.figure(key, self.on).confidence in SURE[sure] for key in self.book.figures)

    def _in_order(self) -> list[str]:
        """The keys in the order of the groups' names, a group without a name last."""
        ranks = {name: rank for rank, name in enumerate(self.names.group)}
        return sorted(self.book.figures, key=lambda key: ranks.get(key.partition(".")[0], len(ranks)))

    def row(self, key: str) -> Row:
        """One figure as a row."""
        figure = self.book.figure(key, self.on)
        word, tone = CONFIDENCE_WORDS[figure.confidence]
        others = [self._other(key, other) for other in reversed(self.book.figures[key]) if other is not figure]
        name = self.names.of_figure(key, self.language)
        return Row(
            name,
            self.value(key, figure),
            figure.since,
            figure.article,
            str(word),
            tone,
            figure.confidence in SURE["uncertain"],
            others,
        )

    def _other(self, key: str, figure: Figure) -> str:
        facts = {"day": day_in_words(figure.since, self.language), "value": self.value(key, figure)}
        return _("from %(day)s: %(value)s") % facts

    def value(self, key: str, figure: Figure) -> str:
        """A value with its unit."""
        value = figure.value
        if isinstance(value, bool):
            return pgettext("figure", "yes") if value else pgettext("figure", "no")
        if isinstance(value, date):
            return day_in_words(value, self.language)
        if isinstance(value, tuple):
            return ", ".join(self._mark(mark) for mark in value) or pgettext("hours", "none")
        unit = self.names.unit(key)
        if unit == "money":
            return amount(self.book.minor(key, figure.since), self.book.currency, self.language)
        if isinstance(value, int) or _is_number(value):
            return self._counted(str(value), unit)
        return self.names.of_value(value, self.language)

    def _counted(self, number: str, unit: str) -> str:
        shown = number.replace(".", ",") if self.language == "fr" else number
        count = abs(int(Decimal(number)))
        match unit:
            case "days":
                word = ngettext("day", "days", count)
            case "months":
                word = ngettext("month", "months", count)
            case "years":
                word = ngettext("year", "years", count)
            case "points":
                word = ngettext("point", "points", count)
            case "times":
                return f"×{THIN}{shown}"
            case _:
                return shown
        return f"{shown.replace('-', chr(0x2212))}{HARD}{word}"

    def _mark(self, mark: str) -> str:
        """Hours as they are written, days as people say them."""
        if ":" in mark:
            return "–".join(self._hour(moment) for moment in mark.split("-"))
        if len(mark) > len("01-01"):
            return day_in_words(date.fromisoformat(mark), self.language)
        return day_of_month(date.fromisoformat(f"2001-{mark}"), self.language)

    def _hour(self, moment: str) -> str:
        hour, minute = moment.split(":")
        if self.language == "en":
            return f"{int(hour)}:{minute}"
        return f"{int(hour)}{HARD}h" + (f"{HARD}{minute}" if minute != "00" else "")

    def percent(self, rate: Decimal) -> str:
        """A rate with at least two decimals: `2,40 %`."""
        shown = f"{rate:.2f}" if rate == round(rate, 2) else format(rate.normalize(), "f")
        return f"{shown.replace('.', ',')}{HARD}%" if self.language == "fr" else f"{shown}%"

    def series(self) -> list[Series]:
        """Each series of rates as it stands on the day."""
        return [self._series(code) for code in self.book.series]

    def _series(self, code: str) -> Series:
        since = period_start(self.book, code, self.on)
        rate, known, expected = (
            self.book.rate(code, since),
            self.book.known_until(code),
            next_publication(self.book, code),
        )
        word, tone = CONFIDENCE_WORDS.get(rate.confidence, PARTLY)
        name = self.names.of_value(code, self.language)
        return Series(
            code, name, self.percent(rate.percent), since, rate.source, str(word), tone, known, expected,
            self.on >= expected,
        )  # fmt: skip

    def periods(self) -> list[tuple[date, list[tuple[str, str]]]]:
        """The latest periods, newest first, with each series and its rate; empty before it begins."""
        starts = sorted({start for code in self.book.series for start in self._starts(code)}, reverse=True)
        return [
            (start, [self._in_period(code, start) for code in self.book.series]) for start in starts[:PERIODS_SHOWN]
        ]

    def _starts(self, code: str) -> Iterator[date]:
        start = period_start(self.book, code, max(self.on, self.book.known_until(code)))
        for _rank in range(PERIODS_SHOWN):
            if start <= self.book.known_until(code):
                yield start
            start = period_start(self.book, code, start - timedelta(days=1))

    def _in_period(self, code: str, start: date) -> tuple[str, str]:
        name = self.names.of_value(code, self.language)
        if not self.book.series[code][0].since <= start <= self.book.known_until(code):
            return name, ""
        return name, self.percent(self.book.rate(code, period_start(self.book, code, start)).percent)


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and value.replace(".", "", 1).lstrip("-").isdecimal()
