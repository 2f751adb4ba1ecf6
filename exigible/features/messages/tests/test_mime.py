"""The bytes of an e-mail, read back by an independent parser."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exigible.features.messages.mime import AddressNotPlain, Attachment, Envelope, email_bytes

AT = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)


def envelope(**changes: object) -> Envelope:
    known = Envelope(
        ("Atelier Lumen – Comptabilité", "compta@lumen.example"), "alice@lumen.example", ("Mme Éloïse Durand", "e.durand@nord.example"),
        ("chef@nord.example",), "<abc.1@lumen.example>", ("<first@lumen.example>", "<second@lumen.example>"), AT,
    )  # fmt: skip
    return known._replace(**changes)


def test_an_email_reads_back_as_it_was_written() -> None:
    body = email_bytes(envelope(), "F-2031 échue le 14/11 : un oubli ?", "Bonjour,\nun café à 4 €.\n", "<p>Bonjour</p>")
    read = message_from_bytes(body, policy=default)
    assert read["Subject"] == "F-2031 échue le 14/11 : un oubli ?"
    assert read["From"].addresses[0].display_name == "Atelier Lumen – Comptabilité"
    assert read["To"].addresses[0].addr_spec == "e.durand@nord.example"
    assert read["Cc"] == "chef@nord.example"
    assert read["Reply-To"] == "alice@lumen.example"
    assert read["Message-ID"] == "<abc.1@lumen.example>"
    assert read["In-Reply-To"] == "<second@lumen.example>"
    text, html = read.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == "Bonjour,\nun café à 4 €.\n"
    assert html.get_content().strip() == "<p>Bonjour</p>"


def test_attached_invoices_keep_their_names_and_bytes() -> None:
    attached = Attachment("Facture n° 7 – été.pdf", "application/pdf", b"%PDF-1.7 \x00\xff" * 300)
    read = message_from_bytes(email_bytes(envelope(), "s", "t", "<p>t</p>", [attached]), policy=default)
    (found,) = read.iter_attachments()
    assert found.get_filename() == attached.name
    assert found.get_content() == attached.body


@given(st.text(max_size=80), st.text(max_size=40))
def test_no_name_or_subject_can_add_a_header(subject: str, name: str) -> None:
    hostile = f"{subject}\r\nBcc: all@example.org\n"
    read = message_from_bytes(
        email_bytes(envelope(to=(name + "\r\nX-Evil: 1", "a@b.example")), hostile, "t", "t"), policy=default
    )
    assert read["Bcc"] is None
    assert read["X-Evil"] is None
    assert read["To"].addresses[0].addr_spec == "a@b.example"


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=500))
def test_any_text_survives_the_wire(text: str) -> None:
    body = email_bytes(envelope(), "s", text + "\n", "<p>t</p>")
    assert all(len(line) <= 998 for line in body.split(b"\r\n"))
    part = next(iter(message_from_bytes(body, policy=default).iter_parts()))
    assert part.get_content().replace("\r\n", "\n") == text + "\n"


def test_the_same_message_has_the_same_bytes() -> None:
    assert email_bytes(envelope(), "s", "t", "h") == email_bytes(envelope(), "s", "t", "h")


@pytest.mark.parametrize("changes", [{"to": ("Mme Durand", "chloé@nord.example")}, {"copies": ("chef@crème.example",)}])
def test_an_address_that_mail_does_not_carry_is_refused_with_a_sentence(changes: dict[str, object]) -> None:
    with pytest.raises(AddressNotPlain):
        email_bytes(envelope(**changes), "s", "t", "h")
