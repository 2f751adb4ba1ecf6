"""The frame of every page: its header of safety, its reading without scripts, its sentences of refusal."""

import re
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from exigible.common.assets import ICONS
from exigible.common.errors import Refused
from exigible.common.http import RefusedMiddleware, needs

PACKAGE = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path for path in PACKAGE.rglob("*.html") if "templates" in path.parts)


def rendered(source: str, **values: object) -> str:
    with translation.override("fr"):
        return Template("{% load exigible %}" + source).render(Context(values))


@pytest.mark.django_db
def test_no_page_may_run_inline_code(client: Client) -> None:
    policy = client.get("/accounts/login/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe-" not in policy


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_template_holds_inline_code_or_style(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|js:|javascript:", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_draws_only_icons_that_set_up_copies(path: Path) -> None:
    asked = set(re.findall(r'{% icon "([^"]+)" %}', path.read_text(encoding="utf-8")))
    assert asked <= set(ICONS)


@pytest.mark.django_db
def test_the_sign_in_page_reads_without_scripts(client: Client) -> None:
    page = re.sub(
        r"<script.*?</script>",
        "",
        client.get("/accounts/login/", headers={"Accept-Language": "fr"}).content.decode(),
        flags=re.S,
    )
    assert '<html lang="fr"' in page
    assert '<main id="main"' in page
    assert 'name="password"' in page


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ 123456|amount:'EUR' }}", "1\u202f234,56\u00a0€"),
        ("{{ value|amount:'EUR' }}", ""),
        ("{{ 123456|figure:'JPY' }}", "123\u202f456"),
    ],
)
def test_amounts_read_as_a_french_writer_prints_them(source: str, expected: str) -> None:
    assert rendered(source, value=None) == expected


def test_a_delay_says_its_word_to_those_who_cannot_see_it() -> None:
    assert rendered("{{ 14|days }}") == '<abbr class="days" title="14 jours">14\u00a0j</abbr>'


def test_an_address_of_a_screen_to_come_is_nothing() -> None:
    assert rendered("{% address 'nowhere:at_all' 3 as link %}[{{ link }}]") == "[]"


def test_a_changed_filter_keeps_the_others_and_starts_paging_again() -> None:
    request = RequestFactory().get("/?kind=a&after=12&sort=name")
    with translation.override("fr"):
        found = Template("{% load exigible %}{% query sort='late' %}").render(Context({"request": request}))
    assert found in ("?kind=a&amp;sort=late", "?kind=a&sort=late")


class TooFar(Refused):
    """%(name)s is too far."""


def refused(request: HttpRequest) -> str:
    answer = RefusedMiddleware(lambda _request: None).process_exception(request, TooFar(name="<Mars>"))  # type: ignore[arg-type,return-value]
    assert answer is not None
    assert answer.status_code == 422
    return answer.content.decode()


def test_a_refusal_is_a_page_with_its_sentence_escaped() -> None:
    assert "&lt;Mars&gt; is too far." in refused(RequestFactory().post("/"))


def test_a_refusal_leaves_the_page_of_htmx_as_it_is() -> None:
    request = RequestFactory().post("/")
    request.htmx = True  # type: ignore[attr-defined]
    assert "<html" not in refused(request)


def test_a_fault_is_not_taken_for_a_refusal() -> None:
    middleware = RefusedMiddleware(lambda _request: None)  # type: ignore[arg-type,return-value]
    assert middleware.process_exception(RequestFactory().get("/"), ValueError("a fault")) is None


def test_a_permission_is_asked_before_the_view_runs() -> None:
    request = RequestFactory().get("/")
    request.may = lambda permission: permission == "read"  # type: ignore[attr-defined]
    seen = HttpResponse("seen")
    assert needs("read")(lambda _request: seen)(request) is seen
    assert needs("own")(lambda _request: seen)(request).status_code == 403
