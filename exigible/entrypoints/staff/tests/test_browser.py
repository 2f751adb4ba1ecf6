"""The site in a real browser: keys, focus, contrast, narrow screens, no refused script or style."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from exigible.books.creditors.models import Member, Role
from exigible.books.creditors.sign_in_links import make_sign_in_link
from exigible.common.clock import now
from exigible.testing import House, atelier_lumen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
UNLINKED_PAGES = ("/search/?q=gar", "/password/", "/nowhere/")  # no link leads to them: tests/browser sees all others


@pytest.fixture
def lumen() -> House:
    house = atelier_lumen(rehearses=True)
    for name in ("Garage Martin", "Boulangerie Durand", "Hôtel du Parc"):
        house.invoice(house.customer(name), 123456, house.days_from_now(-20))
    return house


class Visit:
    """A signed-in page and the complaints of its console."""

    def __init__(self, chromium: Browser, address: str, house: House, width: int = 1440, scheme: str = "light") -> None:
        self.address, self.complaints = address, list[str]()
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, locale="fr-FR", reduced_motion="reduce"
        )  # type: ignore[arg-type]
        self.page: Page = context.new_page()
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        owner = Member.objects.get(creditor=house.creditor, role=Role.OWNER).user
        owner.set_unusable_password()
        self.go("/sign-in/" + make_sign_in_link(owner, now()).rpartition("/sign-in/")[2])

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.textContent.replace(/\\s+/g, ' ').trim()"))


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_every_page_without_a_link_to_it_is_readable_by_everyone(
    chromium: Browser, live_server: Any, lumen: House, width: int, scheme: str
) -> None:
    visit = Visit(chromium, live_server.url, lumen, width, scheme)
    found = []
    for path in UNLINKED_PAGES:
        page = visit.go(path)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{path} is {over} px too wide"] if over > 0 else []
        for violation in Axe().run(page).response["violations"]:
            found += [f"{path} {violation['id']}: {node['target']}" for node in violation["nodes"]]
    assert not found
    assert [said for said in visit.complaints if "404" not in said] == []


def test_a_whole_journal_is_read_without_a_mouse(chromium: Browser, live_server: Any, lumen: House) -> None:
    visit = Visit(chromium, live_server.url, lumen)
    page = visit.go("/journal/")
    rows = page.locator("[data-row]")
    page.keyboard.press("j")
    assert rows.nth(0).evaluate("row => row === document.activeElement")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert rows.nth(0).evaluate("row => row === document.activeElement")
    page.keyboard.press("Enter")
    assert rows.nth(0).locator("details").get_attribute("open") is not None


def test_g_and_a_letter_lead_to_the_screens_and_question_mark_lists_them(
    chromium: Browser, live_server: Any, lumen: House
) -> None:
    visit = Visit(chromium, live_server.url, lumen)
    page = visit.go("/me/")
    page.keyboard.type("gj")
    page.wait_for_url("**/journal/")
    page.keyboard.press("?")
    assert "Réglages" in page.locator("#keys").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()


def test_keys_are_off_while_typing(chromium: Browser, live_server: Any, lumen: House) -> None:
    visit = Visit(chromium, live_server.url, lumen)
    page = visit.go("/me/")
    page.locator("#id_name").focus()
    page.keyboard.type("gj? k")
    assert page.url.endswith("/me/")
    assert page.locator("#id_name").input_value().endswith("gj? k")


def test_control_k_finds_an_account_while_one_types(chromium: Browser, live_server: Any, lumen: House) -> None:
    visit = Visit(chromium, live_server.url, lumen)
    page = visit.go("/journal/")
    page.keyboard.press("Control+k")
    page.keyboard.type("boul")
    page.locator("#palette-found a").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert "Boulangerie Durand" in visit.focused()


def test_the_menu_folds_on_a_telephone(chromium: Browser, live_server: Any, lumen: House) -> None:
    visit = Visit(chromium, live_server.url, lumen, width=390)
    page = visit.go("/me/")
    if page.locator("#main-menu li").count():
        assert not page.locator("#main-menu").is_visible()
        page.get_by_role("button", name="Menu", exact=True).click()
        assert page.locator("#main-menu").is_visible()
