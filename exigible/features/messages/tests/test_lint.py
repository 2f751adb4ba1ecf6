"""Tests of what a message may not say and must say."""

from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from exigible.core.typography import amount
from exigible.features.messages.letter import letter_data, letter_text
from exigible.features.messages.lint import lint
from exigible.features.messages.lint_amounts import amounts_in
from exigible.features.messages.tests.cast import (
    DEBTORS,
    LANGUAGES,
    PREVIOUS,
    PROFILES,
    STEPS,
    any_message,
    invoice,
    message,
    several,
)
from exigible.features.messages.write import write_email, write_service

NEXTS = (
    None,
    *({"step": step, "date": "2026-12-03"} for step in ("call", "firm", "letter", "formal_notice", "handover")),
)


def rules(facts, subject=None, text=None):
    email = write_email(facts)
    found = lint(facts, subject or email.subject, text or email.text)
    return {finding.rule for finding in found}


@pytest.mark.parametrize(("template", "language"), list(product(STEPS, LANGUAGES)))
def test_all_our_texts_pass_for_every_kind_profile_next_step_and_number_of_invoices(template, language):
    for debtor, profile, following, count in product(DEBTORS, PROFILES, NEXTS, (1, 2, 3, 7, 12)):
        facts = message(
            *several(count, -5 if template == "preventive" else 9),
            template=template,
            language=language,
            debtor=debtor,
            profile=profile,
            next=following,
            previous=PREVIOUS if count % 2 else [],
            credits=5000 if count == 3 else 0,
        )
        email = write_email(facts)
        assert lint(facts, email.subject, email.text) == []


@pytest.mark.parametrize(("template", "language"), list(product(STEPS, LANGUAGES)))
def test_all_our_texts_pass_on_paper_too(template, language):
    for debtor, profile, count in product(DEBTORS, PROFILES, (1, 4)):
        facts = message(
            *several(count, -5 if template == "preventive" else 9),
            template=template, language=language, debtor=debtor, profile=profile,
        )  # fmt: skip
        assert lint(facts, letter_data(facts)["subject"], letter_text(facts)) == []


@pytest.mark.parametrize(("template", "language"), list(product(("thank_you", "statement", "test"), LANGUAGES)))
def test_service_messages_pass(template, language):
    for invoices in ([], several(1), several(3, -4)):
        facts = message(
            template=template, language=language, tone=0, payment={"amount": 12345, "received": "2026-11-20"}
        )
        facts |= {"invoices": invoices, "total": sum(row["open"] for row in invoices), "credits": 0}
        facts |= {"balance": facts["total"]}
        email = write_service(facts)
        assert lint(facts, email.subject, email.text) == []


@pytest.mark.parametrize(("template", "tone", "language"), list(product(("firm", "letter"), (1, 2), LANGUAGES)))
def test_a_text_is_softened_to_the_tone_allowed(template, tone, language):
    facts = message(template=template, tone=tone, language=language, previous=PREVIOUS, next=None)
    email = write_email(facts)
    assert lint(facts, email.subject, email.text) == []
    assert ("L441-10" in email.text) is (tone >= 2)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(any_message())
def test_whatever_the_books_hold_our_texts_pass(facts):
    email = write_email(facts)
    assert lint(facts, email.subject, email.text) == []


@pytest.mark.parametrize(
    "name", ["Saisie & Fils", "TRIBUNAL DE COMMERCE", "URGENT SARL", "Pénalités 40,00 €", "Le 12/12 !"]
)
def test_a_name_of_the_books_is_not_taken_for_our_words(name):
    facts = message(invoice(number=name), customer={"id": 7, "name": name, "reference": "C1"}, debtor="consumer")
    facts["recipient"]["name"] = name
    assert rules(facts) == set()


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("Nous saisirons le tribunal.", "word.forbidden"),
        ("Un huissier passera chez vous.", "word.forbidden"),
        ("C'est le dernier avis avant saisie.", "word.forbidden"),
        ("Ceci est urgent.", "word.forbidden"),
        ("Ceci est notre première relance.", "word.forbidden"),
        ("Merci de PAYER au plus vite.", "capitals"),
        ("Vous recevrez une mise en demeure.", "threat.unscheduled"),
        ("Votre dossier ira à une société de recouvrement.", "threat.unscheduled"),
        ("Neuf clients sur dix paient à temps.", "statistics"),
        ("97 % de nos clients règlent à l'échéance.", "statistics"),
        ("Des pénalités courent.", "word.tone"),
        ("Il reste 4 200,01 € à payer.", "amount.unknown"),
        ("Il reste 4\u202f200,01 € à payer.", "amount.unknown"),
        ("Frais : 15 €.", "amount.unknown"),
        ("Payez avant le 2 janvier 2027.", "date.unknown"),
        ("Payez !", "exclamation"),
        ("Pourquoi ? Quand ? Comment ?", "one.ask"),
        ("Bonjour {recipient}", "unfilled"),
        ("mot " * 120, "text.long"),
    ],
)  # fmt: skip
def test_words_that_may_not_stand_in_a_reminder_are_found(words, rule):
    facts = message()
    text = write_email(facts).text
    assert rules(facts) == set()
    assert rule in rules(facts, text=f"{words}\n\n{text}")


@pytest.mark.parametrize(
    ("debtor", "words"),
    [
        ("consumer", "Une indemnité de recouvrement est due."),
        ("consumer", "Article L441-10 du code de commerce."),
        ("unknown", "Des pénalités de retard courent."),
        ("unknown", "Nous préparerons une mise en demeure."),
        ("public_body", "Article L441-10 du code de commerce."),
        ("business", "Article R2192-31 du code de la commande publique."),
    ],
)
def test_each_kind_of_debtor_hears_only_its_own_law(debtor, words):
    facts = message(template="firm", debtor=debtor, next={"step": "formal_notice", "date": "2026-12-03"})
    assert rules(facts) == set()
    assert "word.debtor" in rules(facts, text=write_email(facts).text + words)


@pytest.mark.parametrize("subject", ["Re: F-2031", "RE : F-2031", "Fwd: F-2031"])
def test_a_false_reply_is_found(subject):
    assert "subject.reply" in rules(message(), subject=subject)


def test_a_long_or_broken_subject_is_found():
    assert "subject.long" in rules(message(), subject="x" * 60)
    assert "subject.broken" in rules(message(), subject="F-2031\nBcc: x@y.example")


@pytest.mark.parametrize(
    "item",
    [
        "F-2031",
        "14/11/2026",
        "FR76 3000 6000 0112 3456 7890 189",
        "C0042 F-2031",
        "Alice Roux",
        "Sauf erreur ou croisement",
    ],
)
def test_what_a_reminder_must_show_is_missed(item):
    facts = message()
    email = write_email(facts)
    assert "missing" in rules(facts, subject="Facture", text=email.text.replace(item, "…"))


def test_any_amount_changed_by_one_cent_is_found():
    facts = message(*several(4), template="firm", credits=1000)
    email = write_email(facts)
    for printed in {figure for figure, _ in amounts_in(email.text, "fr", "EUR")}:
        minor = dict(amounts_in(email.text, "fr", "EUR"))[printed]
        changed = email.text.replace(printed, amount(minor + 1, "EUR", "fr"))
        assert {"amount.unknown", "missing"} & rules(facts, text=changed), printed


@given(some.integers(0, 10**12), some.sampled_from(LANGUAGES), some.sampled_from(["EUR", "CHF", "TND", "JPY"]))
def test_every_amount_that_we_print_is_read_back(minor, language, currency):
    assert [found for _, found in amounts_in(f"soit {amount(minor, currency, language)}.", language, currency)] == [
        minor
    ]


def test_a_part_on_hold_passes():
    assert rules(message(invoice(open_minor=300000, total=420000, held=120000), template="firm")) == set()


def test_a_creditor_without_a_legal_line_passes():
    facts = message()
    facts["creditor"]["legal"] = ""
    assert rules(facts) == set()


def test_a_finding_is_one_sentence_in_the_reader_s_language():
    facts = message()
    text = write_email(facts).text + "Payez 15 €."
    assert [finding.sentence for finding in lint(facts, "Objet", text, "en")] == [
        "The amount 15 € is not among the facts of the message."
    ]
