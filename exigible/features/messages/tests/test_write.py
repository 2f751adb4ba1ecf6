"""Tests of the written messages: figures, words, form and whose data they hold."""

import re
from html import unescape
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings

from exigible.features.messages.catalogue import LANGUAGES, choices_of, read, text_of
from exigible.features.messages.letter import letter_data, letter_text
from exigible.features.messages.lint_amounts import amounts_in
from exigible.features.messages.script import call_script
from exigible.features.messages.tests.cast import (
    DEBTORS,
    PREVIOUS,
    PROFILES,
    STEPS,
    any_message,
    invoice,
    message,
    several,
)
from exigible.features.messages.write import task_text, template_version, templates, write_email, write_service

quickly = settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def words_of_html(html):
    body = re.sub(r"<head>.*?</head>", " ", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", body)).split()


def table_of(text, facts):
    """The lines of the table: from its head to the empty line after it."""
    head = "Facture" if facts["language"] == "fr" else "Invoice"
    lines = text.split("\n")
    start = next(place for place, line in enumerate(lines) if re.match(rf"{head} +(?:Échéance|Due) ", line))
    return lines[start + 1 : lines.index("", start)]


@quickly
@given(any_message())
def test_the_lines_add_up_to_the_total_printed_which_is_the_facts_total(facts):
    rows = table_of(write_email(facts).text, facts)
    last = [found[-1][1] for row in rows if (found := amounts_in(row[-24:], facts["language"], "EUR"))]
    count = len(facts["invoices"])
    lines = [row for row in rows if not row.startswith("  ")][:count]
    opens = [amounts_in(row[-24:], facts["language"], "EUR")[-1][1] for row in lines]
    assert opens == [row["open"] for row in facts["invoices"]]
    assert sum(opens) == facts["total"]
    assert facts["total"] in last
    assert last[-1] == facts["balance"]


@quickly
@given(any_message())
def test_html_says_the_words_of_the_plain_text_in_the_same_order(facts):
    email = write_email(facts)
    assert words_of_html(email.html) == email.text.split()


@quickly
@given(any_message())
def test_nothing_of_the_books_can_add_a_tag_or_a_line(facts):
    email = write_email(facts)
    plain = write_email(message(*facts["invoices"], template=facts["template"]))
    assert "<script" not in email.html.lower()
    assert email.html.count("<html") == plain.html.count("<html") == 1
    assert "\n" not in email.subject
    assert "\r" not in email.subject


def test_a_hostile_name_is_escaped_and_stays_on_one_line():
    name = "<img src=x onerror=alert(1)>\r\nBcc: all@x.example"
    email = write_email(message(invoice(number=name), template="firm"))
    assert "<img" not in email.html
    assert all(not line.startswith("Bcc:") for line in email.text.split("\n"))


def test_each_message_holds_only_its_own_debtor_s_data():
    cast = [
        ("Martin SARL", "Mme Durand", "MA-1", 111111, "fr", "business"),
        ("Petit", "M. Petit", "PE-2", 222222, "en", "consumer"),
        ("Mairie de Vire", "Mme Louis", "VI-3", 333333, "fr", "public_body"),
    ]
    written = []
    for customer, contact, number, minor, language, debtor in cast:
        facts = message(invoice(number, minor), template="firm", language=language, debtor=debtor)
        facts |= {"customer": {"id": 1, "name": customer, "reference": f"C-{number}"}, "pay_reference": f"C-{number}"}
        facts["recipient"] |= {"name": contact, "email": f"{number}@x.example", "address": [f"{number} rue Haute"]}
        email = write_email(facts)
        written.append(f"{email.subject}{email.text}{email.html}{letter_text(facts)}{call_script(facts)}")
    marks = [("Martin", "Durand", "MA-1", "111"), ("Petit", "PE-2", "222"), ("Vire", "Louis", "VI-3", "333")]
    for place, others in product(range(3), range(3)):
        for mark in marks[others]:
            assert (mark in written[place]) is (place == others) or place == others, (place, mark)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_messages_are_subjects_under_sixty_characters_and_end_with_a_named_person(language):
    for template, debtor, profile, count in product(STEPS, DEBTORS, PROFILES, (1, 3, 12)):
        invoices = several(count, -5 if template == "preventive" else 9)
        email = write_email(message(*invoices, template=template, debtor=debtor, profile=profile, language=language))
        assert len(email.subject) < 60
        assert "Alice Roux" in email.text
        assert "02 31 00 00 01" in email.text


def test_subjects_are_those_of_the_outlines():
    plain = {"\u202f": " ", "\u00a0": " "}
    subjects = {
        template: write_email(message(template=template)).subject.translate(str.maketrans(plain))
        for template in ("preventive", "friendly")
    }
    assert subjects["preventive"] == "Facture F-2031 – 4 200,00 € – à régler le 28/11"
    assert subjects["friendly"] == "F-2031 échue le 14/11 : un oubli ?"
    many = write_email(message(*several(3))).subject
    assert many.translate(str.maketrans(plain)) == "3 factures échues – 12 299,79 €"


@pytest.mark.parametrize("debtor", ["consumer", "unknown"])
@pytest.mark.parametrize("template", ["firm", "letter"])
def test_a_consumer_or_unknown_debtor_hears_of_no_interest_and_no_indemnity(debtor, template):
    for language in LANGUAGES:
        facts = message(template=template, debtor=debtor, language=language)
        whole = (write_email(facts).text + letter_text(facts)).lower()
        for word in ("40,00", "40.00", "12,84", "12.84", "441", "pénalité", "indemni", "interest"):
            assert word not in whole
        assert [line["interest_minor"] for line in letter_data(facts)["invoices"]] == [None]


def test_a_business_is_told_the_sums_with_their_articles_from_the_firm_reminder_on():
    assert "L441-10" not in write_email(message(template="friendly")).text
    firm = write_email(message(template="firm")).text
    assert all(item in firm for item in ("12,84", "40,00", "L441-10", "D441-5", "titre d’information"))
    public = write_email(message(template="firm", debtor="public_body")).text
    assert all(item in public for item in ("R2192-31", "D2192-35", "intérêts moratoires"))
    assert "L441-10" not in public


def test_the_profiles_of_a_business_do_not_change_what_a_consumer_reads():
    texts = {
        write_email(message(debtor="consumer", profile=profile)).text for profile in ("new", "ordinary", "chronic")
    }
    assert len(texts) == 1


def test_each_profile_of_a_business_is_spoken_to_in_its_own_way():
    texts = {write_email(message(profile=profile)).text for profile in PROFILES}
    assert len(texts) == 4


@pytest.mark.parametrize("template", ["friendly", "firm", "letter"])
def test_the_next_contact_is_announced_with_its_day_only_if_there_is_one(template):
    soon = {"step": "call", "date": "2026-12-01"}
    assert "1er décembre" in write_email(message(template=template, next=soon)).text
    assert "décembre" not in write_email(message(template=template, next=None)).text


def test_a_notice_is_never_announced_while_the_kind_is_unknown():
    notice = {"step": "formal_notice", "date": "2026-12-03"}
    assert "mise en demeure" in write_email(message(template="letter", next=notice)).text
    assert "mise en demeure" not in write_email(message(template="letter", next=notice, debtor="unknown")).text


def test_the_deadline_of_the_letter_is_never_later_than_the_step_announced():
    sooner = {"step": "formal_notice", "date": "2026-11-30"}
    assert "huit jours" not in write_email(message(template="letter", next=sooner)).text
    assert "avant le 30 novembre 2026" in write_email(message(template="letter", next=sooner)).text
    assert "huit jours" in write_email(message(template="letter", next=None)).text


def test_the_preventive_reminder_speaks_of_no_delay():
    for debtor, profile in product(DEBTORS, PROFILES):
        text = write_email(message(template="preventive", debtor=debtor, profile=profile)).text.lower()
        assert not re.search(r"retard|impayé|relance|échue", text)


def test_earlier_contacts_are_recalled_with_their_day_and_not_the_preventive_one():
    text = write_email(message(template="firm", previous=PREVIOUS)).text
    assert "notre courriel du 12 novembre et notre appel du 18 novembre" in text
    assert "5 novembre" not in text


def test_a_credit_is_deducted_line_by_line():
    text = write_email(message(credits=20000)).text
    assert "\u2212200,00" in text
    assert "4\u202f000,00" in text


def test_a_part_on_hold_is_neither_asked_for_nor_called_paid():
    facts = message(invoice(open_minor=300000, total=420000, held=120000), template="firm")
    assert "ne comprend pas 1\u202f200,00\u00a0€, en suspens" in write_email(facts).text
    assert letter_data(facts)["invoices"][0]["paid_minor"] == 0


def test_an_old_debt_is_not_called_an_oversight_and_its_year_is_said():
    subject = write_email(message(invoice(days_late=400))).subject
    assert "oubli" not in subject
    assert "19/10/2025" in subject


def test_the_order_reference_and_a_presumed_due_date_are_said():
    text = write_email(message(invoice(order_reference="PO-77", due_presumed=True))).text
    assert "votre référence\u00a0: PO-77" in text
    assert "14/11/2026*" in text
    assert "* échéance calculée" in text


def test_thanks_ask_for_nothing():
    facts = message(template="thank_you", payment={"amount": 420000, "received": "2026-11-20"})
    email = write_service(facts | {"invoices": [], "total": 0, "balance": 0})
    assert "20 novembre 2026" in email.text
    assert "?" not in email.text
    assert "IBAN" not in email.text


def test_a_demand_is_not_written_as_a_service_message():
    with pytest.raises(ValueError, match="asks for money"):
        write_service(message())


def test_both_languages_have_the_same_letters_conditions_and_versions():
    for template in templates():
        french, english = (text_of(template, language) for language in LANGUAGES)
        assert template_version(template, "fr") == template_version(template, "en") == 1
        for part in ("before", "after"):
            pairs = zip(getattr(french, part), getattr(english, part), strict=True)
            assert all(
                [(c.needs, c.refuses) for c in one.choices] == [(c.needs, c.refuses) for c in other.choices]
                for one, other in pairs
            )
        assert [c.needs for c in french.subject] == [c.needs for c in english.subject]
    for section, table in read("common", "fr").items():
        if isinstance(table, dict):
            assert list(table) == list(read("common", "en")[section])
    assert [len(choices_of(line)) for s in read("call", "fr")["section"] for line in s["line"]] == [
        len(choices_of(line)) for s in read("call", "en")["section"] for line in s["line"]
    ]


def test_the_window_of_the_envelope_holds_six_lines_and_no_word_of_a_debt():
    facts = message(template="letter")
    facts["recipient"]["address"] = [
        "Bâtiment B",
        "Service comptabilité fournisseurs",
        "12 rue Haute",
        "BP 12",
        "50000 Saint-Lô",
    ]
    lines = letter_data(facts)["recipient"]
    assert len(lines) == 6
    assert lines[0] == "Martin SARL"


def test_the_letter_s_totals_end_with_what_is_asked():
    data = letter_data(message(*several(3), template="letter", credits=1000))
    assert [minor for _, minor in data["totals"]] == [1229979, -1000, 1228979]
    assert data["payment"]["amount_minor"] == 1228979
    assert sum(line["open_minor"] for line in data["invoices"]) == 1229979
    assert data["invoices"][2]["paid_minor"] == 500000 - data["invoices"][2]["open_minor"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_call_script_has_its_seven_steps_for_every_debtor(language):
    for debtor, profile in product(DEBTORS, PROFILES):
        script = call_script(message(debtor=debtor, profile=profile, language=language))
        assert [title[0] for title, _ in script[1:8]] == list("1234567")
        assert all(lines for _, lines in script)
    consumer = str(call_script(message(debtor="consumer", language="fr")))
    assert "Vérifier l’identité" in consumer


def test_the_task_of_a_formal_notice_says_what_to_prepare():
    assert task_text(message(step="formal_notice", template="firm")).startswith(
        "Préparer la mise en demeure de Martin SARL"
    )


@pytest.mark.parametrize("template", ["friendly", "firm", "letter"])
def test_a_promise_that_was_not_kept_is_named_with_its_amount_and_its_day(template):
    broken = {"amount": 150_000, "currency": "EUR", "on": "2026-11-17"}
    facts = message(template=template, broken=broken)
    text = letter_text(facts) if template == "letter" else write_email(facts).text
    told = " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())
    assert "1 500,00 €" in told
    assert "annoncé pour le 17 novembre 2026" in told
    assert "annoncé" not in write_email(message(template="firm")).text
