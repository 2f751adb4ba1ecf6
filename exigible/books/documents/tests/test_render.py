"""What a rendered paper must carry: read back from the PDF's own text, amounts included."""

import base64
import copy
import struct
import threading
import unicodedata
import zlib
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import typst
from PIL import Image
from pypdf import PdfReader

from exigible.books.documents.render import RenderError, _printable, render
from exigible.books.documents.sheets import letter_sheet
from exigible.books.documents.typesetting import _source
from exigible.books.documents.typography import Hand

TEMPLATES = Path(__file__).parents[1] / "templates"
IBAN = "FR7630006000011234567890189"
EVIL = (
    '#eval("1") \\ "q" $x$ *b* _i_ `c` <l> @r [z] {y} // c /* d */ #import "house.typ": * #panic() '
    "\u202eRTL\u202c שלום سلام 🎉👩‍👧 漢字 \x00\x07 a\nb\r\nc\td \ud800 \ue000 --"
)
CREDITOR = {
    "name": "Menuiserie Lacaze SAS",
    "address": ["14 rue des Tanneurs", "31000 Toulouse"],
    "phone": "05 61 00 00 14",
    "email": "compta@lacaze.example",
    "legal": "SAS au capital de 50 000 € – SIREN 732 829 320 – RCS Toulouse – TVA FR44732829320",
    "logo": None,
}


def invoice(rank: int, charged: bool = True) -> dict[str, Any]:
    """The invoice of this rank, with amounts of its own."""
    total_minor = 420_000 + rank * 113_337
    line = {
        "number": f"F-{2031 + rank}",
        "issued": "2026-06-01",
        "due": "2026-07-11",
        "days_late": 100 - rank % 90,
        "total_minor": total_minor,
        "paid_minor": 100_000 if rank == 1 else 0,
        "open_minor": total_minor - (100_000 if rank == 1 else 0),
    }
    return line | ({"interest_minor": 4_567 + rank, "indemnity_minor": 4_000} if charged else {})


def letter(count: int = 5, *, charged: bool = True, annexed: bool = False) -> dict[str, Any]:
    """A full dunning letter on `count` invoices."""
    invoices = [invoice(rank, charged) for rank in range(count)]
    segments = [
        {
            "from": "2026-07-12",
            "to": "2026-11-24",
            "days": 136,
            "base_minor": 420_000,
            "rate": "12.4",
            "article": "L. 441-10 C. com.",
            "interest": "194.0515068493150684",
        }
    ]
    return {
        "creditor": copy.deepcopy(CREDITOR),
        "recipient": ["Atelier Bréguet SARL", "Mme Claire Dumont", "27 avenue Jean-Jaurès", "69007 Lyon"],
        "place": "Toulouse",
        "date": "2026-11-24",
        "references": [["Compte client", "411BREGUET"], ["Dossier", "D-2026-0187"]],
        "subject": "Factures échues – règlement attendu sous huit jours",
        "paragraphs": ["Madame,", "Malgré nos rappels, les factures suivantes restent impayées. " * 3],
        "invoices": invoices,
        "currency": "EUR",
        "totals": [
            ["Principal restant dû", sum(line["open_minor"] for line in invoices)],
            ["Total à régler", 3_123_456],
        ],
        "after": ["Si une difficulté vous empêche de régler, appelez-moi. " * 3, "Veuillez agréer nos salutations."],
        "payment": {"iban": IBAN, "bic": "AGRIFRPP", "holder": "Menuiserie Lacaze", "reference": "D-187", "qr": True},
        "signature": {"name": "Hélène Lacaze", "role": "Responsable du crédit", "phone": "05 61 00 00 15"},
        "enclosures": ["Relevé de compte", "Copie des factures"],
        "annex": [{"number": "F-2031", "segments": segments, "interest_minor": 19_405}] if annexed else [],
    }


def statement() -> dict[str, Any]:
    """A statement with an open invoice, a credit, a payment and ageing."""
    data = letter(2, charged=False)
    return data | {
        "as_of": "2026-11-01",
        "subject": None,
        "credits": [
            {"date": "2026-09-04", "number": "A-118", "label": "Retour", "total_minor": 62_000, "open_minor": 12_345}
        ],
        "payments": [{"date": "2026-10-02", "label": "Virement", "amount_minor": 25_050, "unallocated_minor": 25_049}],
        "ageing": [["1 à 30 j", 11_111], ["Plus de 90 j", 842_226]],
        "balance_minor": -853_337,
    }


def derivation() -> dict[str, Any]:
    """The derivation of one invoice paid in part."""
    data = letter(1, annexed=True)
    return data | {
        "subject": None,
        "invoice": {"number": "F-2031", "issued": "2026-06-01", "due": "2026-07-11", "total_minor": 533_337},
        "payments": [
            {"date": "2026-09-10", "label": "Virement", "amount_minor": 100_000, "to_principal_minor": 90_745}
        ],
        "segments": data["annex"][0]["segments"],
        "interest": "194.0515068493150684",
        "interest_minor": 19_405,
        "totals": [["Principal restant dû", 442_592], ["Total", 461_997]],
        "notes": ["Un règlement partiel s’impute d’abord sur les intérêts (art. 1343-1 du code civil)."],
    }


def read(pdf: bytes) -> PdfReader:
    """The PDF, opened by a library other than the one that made it."""
    return PdfReader(BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """All the text, with one plain space for each run of blanks of any kind."""
    pages = "\n".join(page.extract_text() for page in read(pdf).pages)
    return " ".join(pages.replace("\u200b", "").split())


def assert_has(text: str, *wanted: str) -> None:
    """Each wanted item is in the text."""
    assert [item for item in wanted if item not in text] == []


def placed(pdf: bytes) -> list[tuple[str, float, float]]:
    """Each piece of text of the first page with its place from the left and from the top, in millimetres."""
    found: list[tuple[str, float, float]] = []

    def note(text: str, page: list[float], line: list[float], *_: Any) -> None:
        x = line[4] * page[0] + line[5] * page[2] + page[4]
        y = line[4] * page[1] + line[5] * page[3] + page[5]
        if text.strip():
            found.append((" ".join(text.split()), x * 25.4 / 72, 297 - y * 25.4 / 72))

    read(pdf).pages[0].extract_text(visitor_text=note)
    return found


def ink_beside(data: dict[str, Any], left_mm: float, right_mm: float) -> bool:
    """Whether any page of the letter has ink outside these two distances from the left, fold mark apart."""
    source = _source("letter", letter_sheet(_printable(data, "data"), Hand("fr", "EUR")))
    pages = typst.Compiler(root=TEMPLATES, ignore_system_fonts=True).compile(input=source, format="png", ppi=50.8)
    for page in pages if isinstance(pages, list) else [pages]:
        image = Image.open(BytesIO(page)).convert("L")  # two dots a millimetre
        margins = [(18, 0, left_mm * 2, 594), (right_mm * 2, 0, 420, 594)]
        if any(image.crop(tuple(map(int, box))).getextrema()[0] < 250 for box in margins):
            return True
    return False


def png(width: int = 40, height: int = 10) -> str:
    """A small grey PNG in base64."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress((b"\x00" + b"\x80" * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    image = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return base64.b64encode(image).decode()


def test_a_letter_carries_all_that_it_must() -> None:
    text = text_of(render("letter", letter()))
    assert_has(text, "Menuiserie Lacaze SAS", "14 rue des Tanneurs", "Tél. 05 61 00 00 14", "compta@lacaze.example")
    assert_has(text, "Atelier Bréguet SARL", "Mme Claire Dumont", "69007 Lyon", "SIREN 732 829 320", "RCS Toulouse")
    assert_has(text, "Compte client 411BREGUET", "Dossier D-2026-0187", "Toulouse, le 24 novembre 2026")
    assert_has(text, "Objet : Factures échues – règlement attendu sous huit jours", "Madame,", "appelez-moi.")
    assert_has(text, "F-2032 01/06/2026 11/07/2026 99 j 5 333,37 1 000,00 4 333,37 45,68 40,00")
    assert_has(text, "Principal restant dû 31 333,70 €", "Total à régler 31 234,56 €")
    assert_has(text, "Titulaire Menuiserie Lacaze", "FR76 3000 6000 0112 3456 7890 189", "BIC AGRIFRPP", "D-187")
    assert_has(text, "Scanner pour préparer le virement", "Hélène Lacaze", "Ligne directe : 05 61 00 00 15")
    assert_has(text, "Pièces jointes :", "Relevé de compte", "Page 1 sur 1")


def test_five_invoices_without_annex_hold_on_one_page() -> None:
    assert len(read(render("letter", letter(5))).pages) == 1


def test_amounts_are_written_with_the_narrow_space_and_the_euro_after_a_fixed_one() -> None:
    assert "31\u202f234,56\u00a0€" in read(render("letter", letter())).pages[0].extract_text()


def test_a_letter_without_interest_shows_neither_its_column_nor_the_indemnity() -> None:
    text = text_of(render("letter", letter(2, charged=False)))
    assert "Intérêts" not in text
    assert "Indemnité" not in text
    assert "Intérêts (€) Indemnité (€)" in text_of(render("letter", letter(2)))


def test_the_recipient_stands_in_the_window_and_nothing_else_does() -> None:
    in_window = [(text, x, y) for text, x, y in placed(render("letter", letter())) if x >= 88 and 34 <= y <= 90]
    assert [text for text, _, _ in in_window] == letter()["recipient"]
    assert all(109.5 <= x <= 110.5 and 50 <= y <= 80 for _, x, y in in_window)


def test_amounts_of_a_column_and_its_totals_share_their_decimal_mark() -> None:
    starts = {text: x for text, x, _ in placed(render("letter", letter(3, charged=False)))}
    assert starts["333,37"] == starts["466,74"] == pytest.approx(starts["000,11 €"], abs=0.02)
    assert starts["234,56 €"] == pytest.approx(starts["466,74"], abs=0.7), "bold figures are broader, not elsewhere"


def test_the_annex_derives_the_interest_to_the_cent() -> None:
    pdf = render("letter", letter(1, annexed=True))
    assert len(read(pdf).pages) == 2
    text = " ".join(read(pdf).pages[1].extract_text().split())
    assert_has(text, "Annexe : calcul des intérêts de retard", "Intérêts de la facture F-2031", "÷ 365")
    assert_has(text, "4 200,00 12/07/2026 24/11/2026 136 12,40 % L. 441-10 C. com. 194,0515")
    assert_has(text, "Arrondi au centime 194,05 €", "Page 2 sur 2")


def test_a_statement_shows_invoices_credits_payments_ageing_and_balance() -> None:
    text = text_of(render("statement", statement()))
    assert_has(text, "Objet : Relevé de compte au 1er novembre 2026", "F-2031 01/06/2026 11/07/2026 100 j 4 200,00")
    assert_has(text, "04/09/2026 A-118 Retour 620,00 123,45", "02/10/2026 Virement 250,50 250,49")
    assert_has(text, "1 à 30 j (€) Plus de 90 j (€) 111,11 8 422,26", "Solde au 1er novembre 2026 −8 533,37 €")
    assert_has(text, "FR76 3000 6000 0112 3456 7890 189", "Page 1 sur")


def test_a_derivation_shows_principal_payments_periods_and_rounding() -> None:
    text = text_of(render("derivation", derivation()))
    assert_has(text, "Décompte de la créance – facture F-2031", "F-2031 01/06/2026 11/07/2026 5 333,37")
    assert_has(text, "10/09/2026 Virement 1 000,00 0,00 0,00 907,45", "136 12,40 % L. 441-10 C. com. 194,0515")
    assert_has(text, "Somme des périodes 194,0515", "Arrondi au centime 194,05 €", "Total 4 619,97 €", "1343-1")


def test_an_english_paper_has_english_words_dates_and_amounts() -> None:
    text = text_of(render("letter", letter(2, annexed=True) | {"currency": "GBP"}, language="en"))
    assert_has(
        text, "Toulouse, 24 November 2026", "Subject: ", "1 Jun 2026", "99 d", "5,333.37", "£31,234.56", "12.40%"
    )
    assert_has(text, "Total incl. VAT (£)", "Reference to quote", "Enclosures:", "Page 1 of 2")
    assert "Échéance" not in text
    assert "Annexe" not in text


def test_a_long_table_flows_with_its_head_on_each_page() -> None:
    pages = [" ".join(page.extract_text().split()) for page in read(render("letter", letter(120))).pages]
    assert len(pages) >= 3
    for number, page in enumerate(pages, start=1):
        assert_has(page, "Facture Émise le Échéance Retard", f"Page {number} sur {len(pages)}")
    assert [rank for rank in range(120) if f"F-{2031 + rank} " not in " ".join(pages)] == []


def test_the_same_data_give_the_same_bytes_in_any_thread_and_other_data_others() -> None:
    made: list[bytes] = []
    thread = threading.Thread(target=lambda: made.append(render("letter", letter(3, annexed=True))))
    thread.start()
    thread.join()
    assert made == [render("letter", letter(3, annexed=True))]
    assert made != [render("letter", letter(3))]


def test_the_file_is_pdf_a_with_its_fonts_inside_and_the_papers_own_date() -> None:
    reader = read(render("letter", letter()))
    metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
    assert "2026-11-24" in metadata
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)
        assert "Libertinus" in font["/BaseFont"]


def test_a_paper_may_be_an_archive_with_attachments_or_no_archive_at_all() -> None:
    archive = read(render("letter", letter(), standard="a-3b")).trailer["/Root"]["/Metadata"].get_data().decode()
    plain = read(render("letter", letter(), standard=None)).trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in archive
    assert "pdfaid" not in plain


def everywhere(value: Any, text: str) -> Any:
    """`value` with `text` in the place of every text a customer or a user may have typed."""
    kept = {"iban", "bic", "date", "issued", "due", "from", "to", "rate", "interest", "currency", "as_of", "logo"}
    if isinstance(value, dict):
        return {key: item if key in kept else everywhere(item, text) for key, item in value.items()}
    if isinstance(value, list):
        return [everywhere(item, text) for item in value]
    return text if isinstance(value, str) else value


@pytest.mark.parametrize("template", ["letter", "statement", "derivation"])
def test_hostile_text_is_printed_as_plain_text(template: str) -> None:
    source = {"letter": letter(2, annexed=True), "statement": statement(), "derivation": derivation()}[template]
    text = unicodedata.normalize("NFC", text_of(render(template, everywhere(source, EVIL))))
    assert_has(text, '#eval("1") \\ "q" $x$ *b* _i_ `c` <l> @r [z] {y} // c /* d */', "#panic()", "□", "a b c d")
    assert not {"\x00", "\x07", "\u202e", "\ud800", "\n🎉"} & set(text)


@pytest.mark.parametrize("mark", ["N", "x", "漢", "e\u0301", "ש", "1", "x-", "\U0001f468\u200d"])
def test_a_name_of_three_hundred_characters_stays_inside_the_page_and_the_window(mark: str) -> None:
    data = letter(2)
    data["recipient"][0] = data["invoices"][0]["number"] = mark * 300
    data["subject"] = data["paragraphs"][0] = data["payment"]["reference"] = mark * 300
    pdf = render("letter", data)
    assert_has(text_of(pdf), "69007 Lyon", "Page 2 sur 2")
    assert not ink_beside(data, 21, 193)


def test_a_logo_and_a_signature_are_drawn_from_png_or_svg() -> None:
    data = letter(1)
    bare = len(render("letter", data))
    data["creditor"]["logo"] = png()
    data["signature"]["image"] = base64.b64encode(
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><path d="M0 5h40" stroke="#000"/></svg>'
    ).decode()
    assert len(render("letter", data)) > bare
    assert "/XObject" in read(render("letter", data)).pages[0]["/Resources"]


@pytest.mark.parametrize(
    "drawing",
    [
        '<image href="house.typ" width="9" height="9"/>',
        '<image xlink:href="file:///etc/hostname" width="9" height="9"/>',
        "<image href = 'http://127.0.0.1/x.png'/>",
        '<image href="&#x68;ouse.typ"/>',
        '<style>@import "x.css";</style>',
        '<rect fill="url(x.svg#a)"/>',
    ],
)
def test_a_logo_that_points_outside_itself_is_refused(drawing: str) -> None:
    data = letter(1)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{drawing}</svg>'
    data["creditor"]["logo"] = base64.b64encode(svg.encode()).decode()
    with pytest.raises(RenderError, match=r"creditor\.logo: the image is neither a PNG nor a self-contained SVG"):
        render("letter", data)


@pytest.mark.parametrize("logo", ["%%%", base64.b64encode(b"GIF89a").decode(), png()[:60]])
def test_a_broken_image_is_one_clear_sentence(logo: str) -> None:
    data = letter(1)
    data["creditor"]["logo"] = logo
    with pytest.raises(RenderError, match="letter cannot be made"):
        render("letter", data)


def test_templates_read_no_file_and_no_network() -> None:
    for path in TEMPLATES.glob("*.typ"):
        source = path.read_text()
        assert [
            word for word in ("read(", "eval(", "plugin(", "@preview", "http", "csv(", "yaml(") if word in source
        ] == []


def test_nothing_on_the_paper_is_red_or_in_forced_capitals() -> None:
    for path in TEMPLATES.glob("*.typ"):
        assert [
            word for word in ("red", "rgb(", "upper(", "smallcaps", "seal") if word in path.read_text().split()
        ] == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"subject": 12.5}, r"data\.subject is 12\.5, which cannot be printed"),
        ({"totals": [["Total", 1.0]]}, r"data\.totals\[0\]\[1\] is 1\.0"),
        ({"date": "24/11/2026"}, "'24/11/2026' is not a date such as 2026-11-24"),
        ({"invoices": [{"number": "F-1"}]}, "lacks 'issued'"),
        ({"totals": [["Total", 10**18]]}, "cannot be printed"),
        ({"recipient": None}, "data of a wrong kind"),
        ({"payment": {"iban": "12", "holder": "x", "reference": "y", "qr": True}}, "needs an IBAN"),
    ],
)
def test_data_that_will_not_do_is_one_clear_sentence(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RenderError, match=sentence):
        render("letter", letter(1) | change)


def test_an_unknown_template_or_language_is_refused() -> None:
    with pytest.raises(RenderError, match="no template 'poster': choose one of letter, statement, derivation"):
        render("poster", letter(1))
    with pytest.raises(RenderError, match="no paper in language 'de'"):
        render("letter", letter(1), language="de")


def test_dates_and_decimals_may_come_as_python_values() -> None:
    data = letter(1, annexed=True) | {"date": date(2026, 11, 24)}
    data["annex"][0]["segments"][0]["rate"] = Decimal("12.4")
    assert render("letter", data) == render("letter", letter(1, annexed=True))
