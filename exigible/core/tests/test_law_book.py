"""The law book: figures by date, faults in the data named, a second country as data only; and payment terms."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from exigible.core.law.book import DATA, LawError, law_book, read_book
from exigible.core.law.interest import accrued
from exigible.core.law.terms import Terms, TermsError, due_date, parse_terms

BOOK = law_book("FR")

HEADER = "series,effective_from,rate_percent,source,confidence"
GERMANY = """
country = "DE"
currency = "EUR"
[rates.known_until]
de_base = [{ from = 2014-01-01, value = 2026-12-31, article = "BGB 247", confidence = "low" }]
[rates.read_on]
de_base = [{ from = 2014-01-01, value = ["01-01", "07-01"], article = "BGB 247", confidence = "low" }]
[interest]
rounding = [{ from = 2014-01-01, value = "half_up", article = "BGB 288", confidence = "low" }]
day_divisor = [{ from = 2014-01-01, value = 365, article = "BGB 288", confidence = "low" }]
[interest.business]
starts = [{ from = 2014-07-29, value = "due", article = "BGB 286", confidence = "low" }]
series = [{ from = 2014-07-29, value = "de_base", article = "BGB 288 II", confidence = "low" }]
margin_points = [{ from = 2014-07-29, value = "9", article = "BGB 288 II", confidence = "low" }]
sliding = [{ from = 2014-07-29, value = true, article = "BGB 288 II", confidence = "low" }]
contract_rate_allowed = [{ from = 2014-07-29, value = false, article = "BGB 288 II", confidence = "low" }]
indemnity = [{ from = 2014-07-29, value = "40.00", article = "BGB 288 V", confidence = "low" }]
"""


def test_a_figure_is_the_one_in_force_on_the_day() -> None:
    key = "deadline.payment_order_service.months"
    assert BOOK.number(key, date(2026, 8, 31)) == 6
    assert BOOK.number(key, date(2026, 9, 1)) == 3


def test_a_rate_is_the_one_in_force_on_the_day() -> None:
    assert BOOK.rate("ecb_mro", date(2026, 6, 16)).percent == Decimal("2.15")
    assert BOOK.rate("ecb_mro", date(2026, 6, 17)).percent == Decimal("2.40")


@pytest.mark.parametrize(
    ("series", "on", "sentence"),
    [("fr_legal_autres", date(2012, 12, 31), "begins on 2013-01-01"), ("libor", date(2020, 1, 1), "no series 'libor'")],
)
def test_a_missing_rate_is_said_in_a_sentence(series: str, on: date, sentence: str) -> None:
    with pytest.raises(LawError, match=sentence):
        BOOK.rate(series, on)


@pytest.mark.parametrize("country", ["ZZ", "", "../fr", "fr.toml"])
def test_a_country_without_law_is_refused(country: str) -> None:
    with pytest.raises(LawError, match="there is FR"):
        law_book(country)


def test_a_second_country_is_data_only(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "law.toml").write_text(GERMANY, encoding="utf-8")
    rates = [HEADER, "de_base,2014-01-01,-0.63,x,low", "de_base,2024-01-01,3.62,x,low"]
    (tmp_path / "de" / "rates.csv").write_text("\n".join(rates), encoding="utf-8")
    germany = read_book(tmp_path, "DE")
    # 10 000 EUR for 30 days at 3.62 + 9 percent; no figure here for consumers, hence none claimed.
    assert accrued(germany, "business", 1_000_000, date(2024, 1, 31), date(2024, 3, 1)) == (10373, 4000, 30)
    assert accrued(germany, "consumer", 1_000_000, date(2024, 1, 31), date(2024, 3, 1)) == (0, 0, 30)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('value = "9", ', "", "margin_points: each figure has from"),
        (
            'confidence = "low" }]\nsliding',
            'confidence = "sure" }]\nsliding',
            "margin_points: a figure needs its article",
        ),
        ('value = "de_base"', 'value = "fr_base"', "the series 'fr_base' needs rows"),
        ('country = "DE"', 'country = "FR"', "country must be DE"),
        ("sliding = [", "sliding = 3 #", "sliding must be a list"),
        ('"01-01", "07-01"', "", "the days of each year on which it is read"),
        ('"01-01", "07-01"', '"2026-01-01"', "the days of each year on which it is read"),
        ('"01-01", "07-01"', '"07-01", "01-01"', "days like 07-01"),
        ('"01-01", "07-01"', '"02-29"', "days like 07-01"),
        ('"01-01", "07-01"', '"1 July"', "days like 07-01"),
    ],
)
def test_a_fault_in_the_data_is_found_on_load_and_named(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in GERMANY
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "law.toml").write_text(GERMANY.replace(old, new), encoding="utf-8")
    (tmp_path / "de" / "rates.csv").write_text(f"{HEADER}\nde_base,2014-01-01,1,x,y", encoding="utf-8")
    with pytest.raises(LawError, match=sentence):
        read_book(tmp_path, "DE")


def test_a_rounding_that_nobody_knows_is_named(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "law.toml").write_text(GERMANY.replace("half_up", "up"), encoding="utf-8")
    (tmp_path / "de" / "rates.csv").write_text(f"{HEADER}\nde_base,2014-01-01,1,x,y", encoding="utf-8")
    with pytest.raises(LawError, match="rounding 'up' is not one of half_up"):
        accrued(read_book(tmp_path, "DE"), "business", 1_000_000, date(2024, 1, 31), date(2024, 3, 1))


def test_a_fault_in_the_rates_names_its_line(tmp_path: Path) -> None:
    shutil.copytree(DATA / "fr", tmp_path / "fr")
    lines = (DATA / "fr" / "rates.csv").read_text(encoding="utf-8").splitlines()
    lines[4] = lines[4].replace(",3.25,", ",abc,")
    (tmp_path / "fr" / "rates.csv").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(LawError, match="rates.csv, line 5"):
        read_book(tmp_path, "FR")


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("30", Terms(30)),
        ("30 jours", Terms(30)),
        ("60 jours nets", Terms(60)),
        ("Net 30", Terms(30)),
        ("45 FDM", Terms(45, True, "days_then_month_end")),
        ("30 jours fin de mois", Terms(30, True, "days_then_month_end")),
        ("30\u00a0JOURS FIN DE MOIS LE 10", Terms(30, True, "days_then_month_end", 10)),
        ("fin de mois + 45", Terms(45, True, "month_end_then_days")),
        ("FDM 45 jours", Terms(45, True, "month_end_then_days")),
        ("30 days end of month", Terms(30, True, "days_then_month_end")),
        ("fin de mois", Terms(0, True, "days_then_month_end")),
        ("à réception de facture", Terms(0)),
        ("Comptant", Terms(0)),
    ],
)
def test_terms_are_read_as_people_write_them(text: str, terms: Terms) -> None:
    assert parse_terms(text) == terms


@pytest.mark.parametrize("text", ["", "bientôt", "-30", "999 jours", "30 FDM le 45", "30/60"])
def test_terms_that_cannot_be_read_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(TermsError, match="cannot be read"):
        parse_terms(text)


def test_a_due_date_may_fall_on_a_set_day_of_the_month_after() -> None:
    assert due_date(date(2026, 1, 5), parse_terms("30 fdm le 10")) == date(2026, 3, 10)
    assert due_date(date(2026, 1, 5), Terms(0, True, "days_then_month_end", 31)) == date(2026, 2, 28)
