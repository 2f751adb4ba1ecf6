"""What people do with the site, walked in a real browser: sign in, import, approve, call, be paid, go live."""

from collections.abc import Iterator

import pytest

from exigible import jobs
from exigible.books.cases.models import Case
from exigible.books.creditors.models import Creditor
from exigible.books.creditors.operations import set_up_creditor
from exigible.books.creditors.sign_in_links import make_sign_in_link
from exigible.books.ledger.models import Customer, Payment
from exigible.books.policies.operations import publish_preset
from exigible.common.clock import now
from exigible.common.engine import listen, stop_listening
from exigible.entrypoints.cli.filling import FILES
from exigible.features.outbox.models import Message
from exigible.testing import MONDAY, PASSWORD, House, atelier_lumen, noon
from tests.browser.conftest import SignIn, speaker
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser
State = Message.State
NEW_PASSWORD = "quatre lampes de laiton"


@pytest.fixture
def engine() -> Iterator[None]:
    """What is announced is done at once, as the engine beside the web does it."""

    def work(job: str, row_id: int) -> None:
        if job != "run_day":
            jobs.perform(job, row_id)

    listen(work)
    yield
    stop_listening(work)


def test_a_person_comes_in_by_a_link_chooses_a_password_and_comes_back_with_it(address: str, sign_in: SignIn) -> None:
    house = atelier_lumen(rehearses=True)
    person = house.person("Diane", "owner")
    person.set_unusable_password()
    person.save()
    visit = sign_in.stranger()
    visit.go("/sign-in/" + make_sign_in_link(person, now()).rpartition("/sign-in/")[2])
    assert "Répétition" in visit.text(".rehearsal")
    visit.page.get_by_role("link", name="Choisir un mot de passe").click()
    for name in ("new_password1", "new_password2"):
        visit.page.locator(f"[name={name}]").fill(NEW_PASSWORD)
    visit.press("Enter")
    visit.page.locator(".account > summary").click()
    visit.page.get_by_role("button", name="Se déconnecter").click()
    visit.page.wait_for_url("**/accounts/login/**")
    visit.page.locator("[name=login]").fill(person.email)
    visit.page.locator("[name=password]").fill(NEW_PASSWORD)
    visit.press("Enter")
    visit.page.wait_for_url(f"{address}/")
    assert "Aujourd" in visit.text("h1")


def test_a_wrong_password_is_said_and_what_was_typed_stays(address: str, sign_in: SignIn) -> None:
    person = atelier_lumen().people["Alice"]
    visit = sign_in.stranger()
    visit.go("/accounts/login/")
    visit.page.locator("[name=login]").fill(person.email)
    visit.page.locator("[name=password]").fill(PASSWORD + "?")
    visit.press("Enter")
    visit.page.locator(".form-errors").wait_for()
    assert visit.page.locator("[name=login]").input_value() == person.email


def new_house(name: str) -> Creditor:
    """A company without any book yet."""
    creditor = set_up_creditor(name, f"{name.lower()}@house.example", today=MONDAY, at=noon(MONDAY))
    publish_preset(creditor, "standard", MONDAY, noon(MONDAY))
    return creditor


def test_a_ledger_is_dropped_looked_at_confirmed_and_agrees_to_the_cent(
    address: str, sign_in: SignIn, engine: None
) -> None:
    creditor = new_house("Fonderie")
    visit = sign_in(speaker(creditor, "fr"))
    visit.go("/")
    visit.page.get_by_role("link", name="Importer", exact=False).first.click()
    visit.page.locator("input[type=file]").set_input_files(FILES / "000100008FEC20261120.txt")
    visit.page.get_by_role("button", name="Lire").click()
    visit.page.locator("#confirm").wait_for()
    assert not Case.objects.of(creditor).exists(), "nothing is written before it is confirmed"
    visit.press("i")
    visit.page.get_by_role("button", name="Défaire cet import").wait_for()
    file, book = visit.page.locator(".control-sum").inner_text().split("€")[:2]
    assert figures(file) == figures(book) != "", (file, book)
    assert "concordent" in visit.text(".control-sum")
    assert Case.objects.of(creditor).exists()
    visit.press("g", "c")
    visit.page.wait_for_url("**/customers/**")
    assert visit.page.locator("[data-row]").count() > 5


def figures(text: str) -> str:
    """The digits of the last amount of a text."""
    bare = text.replace("\u202f", "").replace("\u00a0", "").rstrip()
    return bare[max(bare.rfind(" "), bare.rfind(":")) + 1 :]


def rows(visit: Visit) -> list[str]:
    """The name of each row of the list."""
    return [
        " ".join(text.split())
        for text in visit.page.locator("[data-row] .row-name, [data-row] .row-link").all_inner_texts()
    ]


def test_messages_are_chosen_and_approved_with_the_keyboard_alone(workshop: House, sign_in: SignIn) -> None:
    waiting = Message.objects.of(workshop.creditor).filter(state=State.TO_APPROVE)
    before = waiting.count()
    assert before >= 3
    visit = sign_in(speaker(workshop.creditor, "fr"))
    visit.go("/messages/?tab=to_approve")
    visit.press("j", "x", "j", "x")
    assert visit.page.locator("[data-select]:checked").count() == 2
    visit.page.get_by_role("button", name="Approuver 2 lettres").wait_for()
    visit.press("v")
    visit.page.get_by_text("2 messages sont approuvés").wait_for()
    assert waiting.count() == before - 2
    visit.press("j", "Enter")
    visit.page.wait_for_url("**/messages/*/")
    assert visit.page.locator("iframe").count() == 1


def test_the_list_of_keys_names_what_the_page_can_do(workshop: House, sign_in: SignIn) -> None:
    visit = sign_in(speaker(workshop.creditor, "fr"))
    visit.go("/messages/?tab=to_approve")
    visit.press("?")
    said = visit.text("#keys")
    for words in ("approuver la sélection", "lire le message", "Aujourd’hui", "ligne suivante"):
        assert words in said or words.replace("’", "'") in said, words
    visit.press("Escape")
    assert not visit.page.locator("#keys").is_visible()


def test_a_payment_is_recorded_and_taken_back_with_one_key(workshop: House, sign_in: SignIn) -> None:
    customer = Customer.objects.of(workshop.creditor).get(name="Vignobles Tessier")
    visit = sign_in(speaker(workshop.creditor, "fr"))
    visit.go(f"/customers/{customer.pk}/")
    owed = visit.text(".standing")
    visit.press("v")
    visit.page.wait_for_url("**/payment/**")
    visit.page.locator("[name=amount]").fill("1 000,00")
    visit.press("Tab")
    visit.page.locator("input.share").first.wait_for()
    visit.page.get_by_role("button", name="Enregistrer le règlement").click()
    visit.page.wait_for_url(f"**/customers/{customer.pk}/?recorded=*")
    assert visit.text(".standing") != owed
    assert Payment.objects.get(customer=customer).amount_minor == 100_000
    visit.press("z")
    visit.page.wait_for_url(f"**/customers/{customer.pk}/")
    assert visit.text(".standing") == owed
    assert not Payment.objects.filter(customer=customer).exists()


def test_a_call_is_kept_from_the_list_by_keyboard_and_the_next_row_has_the_focus(
    workshop: House, sign_in: SignIn
) -> None:
    visit = sign_in(speaker(workshop.creditor, "fr"))
    visit.go("/?group=call")
    names = rows(visit)
    assert len(names) > 2
    visit.press("j", "j")
    assert names[1] in visit.focused()
    visit.press("Enter")
    visit.page.wait_for_url("**/call/**")
    visit.page.locator("[name=outcome]").first.focus()
    visit.press("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown")
    assert visit.page.locator("[name=outcome]:checked").get_attribute("value") == "message_left"
    visit.press("Enter")
    visit.page.wait_for_url("**/?group=call**")
    after = rows(visit)
    assert after == [name for name in names if name != names[1]]
    assert names[2] in visit.focused()


@pytest.mark.parametrize("group", ["approve", "post"])
def test_a_group_of_the_list_is_worked_through_without_a_mouse(workshop: House, sign_in: SignIn, group: str) -> None:
    visit = sign_in(speaker(workshop.creditor, "fr"))
    visit.go(f"/?group={group}")
    left = len(rows(visit))
    assert left
    visit.press("j")
    while left:
        assert visit.has_focus("[data-row]"), f"{left} rows are left and none has the focus"
        with visit.page.expect_navigation():
            visit.press("Enter")
        visit.rest()
        assert len(rows(visit)) == left - 1, visit.notices()
        left -= 1
    states = (State.TO_APPROVE,) if group == "approve" else (State.TO_POST,)
    if group == "post":
        assert not Message.objects.of(workshop.creditor).filter(state__in=states).exists()


def test_nothing_leaves_before_a_person_has_read_the_recapitulation(address: str, sign_in: SignIn) -> None:
    house = atelier_lumen(rehearses=True)
    house.invoice(house.customer("Garage Durand"), 123_456, house.days_from_now(-12))
    visit = sign_in(speaker(house.creditor, "fr"))
    visit.go("/")
    visit.page.locator(".rehearsal a").click()
    said = visit.text()
    for words in ("Alice Morel", "FR76 9999 9000", "compta@lumen.example", "Garage Durand"):
        assert words in said
    leave = visit.page.get_by_role("button", name="Laisser partir", exact=False)
    leave.click()
    house.creditor.refresh_from_db()
    assert house.creditor.rehearses, "the box was not ticked"
    visit.page.locator("[name=understood]").check()
    leave.click()
    visit.page.wait_for_url(f"{address}/")
    house.creditor.refresh_from_db()
    assert not house.creditor.rehearses
    assert visit.page.locator(".rehearsal").count() == 0


def test_the_language_changes_where_one_stands(address: str, sign_in: SignIn) -> None:
    house = atelier_lumen()
    visit = sign_in(house.person("Eva", "manager"))
    visit.go("/customers/?view=all")
    for language, title in (("English", "Accounts"), ("Français", "Comptes")):
        visit.page.locator(".account > summary").click()
        visit.page.get_by_role("button", name=language).click()
        visit.page.get_by_role("heading", name=title, level=1).wait_for()
        assert visit.page.url == f"{address}/customers/?view=all"


@pytest.mark.parametrize("path", ["/", "/customers/?view=all", "/messages/?tab=to_approve", "/import/"])
def test_a_page_reads_without_scripts(lumen: House, sign_in: SignIn, path: str) -> None:
    reading = sign_in(speaker(lumen.creditor, "fr"), scripts=False)
    reading.page.goto(reading.address + path)
    assert reading.page.locator("h1").is_visible()
    assert reading.page.locator("#main-menu a").first.is_visible()
    assert len(reading.page.locator("main").inner_text()) > 200
    shown = sign_in(speaker(lumen.creditor, "fr"))
    shown.go(path)
    assert reading.page.locator("main [data-row]").count() == shown.page.locator("main [data-row]").count()


def test_on_a_telephone_the_menu_folds_and_a_row_leads_to_its_account(lumen: House, sign_in: SignIn) -> None:
    visit = sign_in(speaker(lumen.creditor, "fr"), width=390)
    visit.go("/")
    assert not visit.page.locator("#main-menu").is_visible()
    visit.page.locator(".nav-toggle").click()
    visit.page.locator("#main-menu").get_by_role("link", name="Comptes").click()
    visit.page.wait_for_url("**/customers/**")
    visit.page.locator("[data-row] a").first.click()
    visit.page.wait_for_url("**/customers/*/")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_control_k_leads_to_an_account_by_a_few_letters(lumen: House, sign_in: SignIn) -> None:
    visit = sign_in(speaker(lumen.creditor, "fr"))
    visit.go("/journal/")
    visit.press("Control+k")
    visit.page.keyboard.type("menuis")
    visit.page.locator("#palette-found a").first.wait_for()
    visit.press("ArrowDown", "Enter")
    visit.page.wait_for_url("**/customers/*/")
    assert visit.text("h1") == "Menuiserie Durand"
