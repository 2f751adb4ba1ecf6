"""The claim analysis as a stranger at the machine sees it: readable by everyone, with and without scripts."""

from pathlib import Path

import pytest

from exigible.formats.tests.einvoices import cii
from tests.browser.conftest import SignIn
from tests.browser.test_look import AXE, COLOURS, EVERYTHING, audit

pytestmark = pytest.mark.browser
KINDS = {
    "nothing yet": "",
    "business": "amount=10000&debtor=business&due=2026-05-31&completed=2026-04-20&paid_on_1=2026-07-01&paid_1=1000&postcode=38000",
    "public body": "amount=12345678,90&debtor=public_body&due=2023-05-31&buyer=local&postcode=14500",
    "insolvent": "lang=en&amount=9000&debtor=consumer&due=2026-05-31&insolvent=2026-10-01",
    "at fault": "amount=beaucoup&debtor=business",
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_analysis_is_readable_by_everyone(sign_in: SignIn, kind: str) -> None:
    visit = sign_in.stranger(reduced_motion="reduce")
    page = visit.go(f"/analysis/?{KINDS[kind]}")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.evaluate(AXE)
    found = []
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, only in (("dark", COLOURS), ("light", EVERYTHING)):
            found += [f"{width}: {fault}" for fault in audit(page, scheme, only)]
    assert found == []


def test_a_file_is_dropped_then_completed_and_the_names_stay(sign_in: SignIn, tmp_path: Path) -> None:
    path = tmp_path / "invoice.xml"
    path.write_bytes(cii())
    visit = sign_in.stranger()
    page = visit.go("/analysis/")
    page.set_input_files("#id_file", path)
    page.click("text=Lire la facture")
    visit.rest()
    assert page.input_value("#id_debtor_name") == "Durand et Fils"
    page.check("input[name=has][value=order]")
    page.click("#claim .btn-primary")
    visit.rest()
    assert page.is_checked("input[name=has][value=order]")
    assert page.input_value("#id_debtor_name") == "Durand et Fils"
    assert "Durand" not in page.url


def test_the_report_may_be_taken_twice(sign_in: SignIn) -> None:
    visit = sign_in.stranger()
    page = visit.go(f"/analysis/?{KINDS['business']}")
    for _ in range(2):
        with page.expect_download() as taken:
            page.click("text=Rapport (PDF)")
        assert taken.value.suggested_filename.endswith(".pdf")


def test_without_scripts_it_does_all_its_work(sign_in: SignIn) -> None:
    visit = sign_in.stranger(java_script_enabled=False)
    page = visit.page
    page.goto(f"{visit.address}/analysis/")
    page.select_option("#id_debtor", "business")
    page.fill("#id_amount", "1 200,00")
    page.fill("#id_due", "2026-05-31")
    page.click("text=Analyser cette créance")
    page.wait_for_load_state("load")
    assert "L441-10" in page.inner_text("main")
    page.click("text=English")
    page.wait_for_load_state("load")
    assert "What is owed, line by line" in page.inner_text("main")
