"""Walks the whole site over HTTP in both languages, judges each page, then sends every form."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import Resolver404, resolve

from exigible.books.creditors.models import Creditor, User
from exigible.features.outbox.models import Message
from tests.browser import language
from tests.browser.reading import Form, Reading

# Pages alike: accounts, claims, messages. How they read is no matter of the database: on a second one, each kind answers.
MOST_OF_A_KIND, MOST_IN_ENGLISH = (2, 1) if os.environ.get("EXIGIBLE_ONLY_DATABASE") else (12, 5)
MOST_VIEWS_OF_A_KIND = 6  # the same with a query, files, fragments
LAST = (
    "staff:change_member", "staff:new_link", "imports:", "policies:", "staff:go_live", "staff:rehearse", "staff:company", "staff:preferences",
    "account_change_password", "staff:choose_password", "account_logout",
)  # fmt: skip
THING = re.compile(r"\w+/\d+(?=/)")
NOT_FOLLOWED = re.compile(r"^/static/")


@dataclass
class Walk:
    """What a walk has seen: pages by address, how many of each kind, and the faults with where they were found."""

    kinds: Counter[str] = field(default_factory=Counter)
    pages: dict[str, Reading] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    forms: dict[tuple[str, str], Form] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    visited: int = 0

    def fault(self, path: str, said: str) -> None:
        """Keep a fault once for each kind of page."""
        self.faults.setdefault(f"{kind_of(path)}: {said}", path)

    def told(self) -> str:
        """The faults, a line each."""
        return "\n".join(f"{fault}   [{path}]" for fault, path in sorted(self.faults.items()))


def kind_of(path: str) -> str:
    """The kind of a page: its route, with the names of what its query asks."""
    parts = urlsplit(path)
    try:
        route = resolve(parts.path).view_name
    except Resolver404:
        return f"no route {parts.path}"
    asked = sorted({f"{name}={value}" if name in ("tab", "view") else name for name, value in parse_qsl(parts.query)})
    return f"{route}?{'&'.join(asked)}" if asked else route


def data_of(creditor: Creditor) -> language.Data:
    """All words that the books of a house hold, to tell data from the site's own words."""
    found: set[str] = set()
    for model in apps.get_models():
        columns = [
            one.name for one in model._meta.concrete_fields if isinstance(one, models.CharField | models.TextField)
        ]
        names = {one.name for one in model._meta.concrete_fields}
        if model._meta.label.startswith(("sessions", "creditors.SignIn", "contenttypes")) or not columns:
            continue
        rows: Any = model._default_manager.all()
        rows = rows.filter(creditor=creditor) if "creditor" in names else rows
        rows = (
            rows.filter(document__isnull=False) if model is Message else rows
        )  # a task's subject is ours, not a debtor's
        for values in rows.values_list(*columns):
            found.update(value for value in values if value)
    return language.Data(_spelt(value).replace("\\n", "\n") for value in found)


def _spelt(value: str) -> str:
    """What is kept as JSON, with its letters as a page shows them."""
    try:
        return json.dumps(json.loads(value), ensure_ascii=False) if value.startswith(("{", "[")) else value
    except ValueError:
        return value


def walk(reader: dict[str, User], data: language.Data, most: int = MOST_OF_A_KIND) -> Walk:
    """Follow every link from the home page in French, read pages in English too if a reader does, and judge both."""
    seen = Walk()
    clients = {code: signed_in(person) for code, person in reader.items()}
    waiting, known = ["/"], {"/"}
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if NOT_FOLLOWED.match(path) or seen.kinds[kind] >= (
            min(most, MOST_VIEWS_OF_A_KIND) if "?" in path or kind in seen.files else most
        ):
            continue
        seen.kinds[kind] += 1
        page = _visit(seen, clients["fr"], path, "fr", data)
        if page is None:
            seen.files.add(kind)
            continue
        for link in page.links():
            if link not in known:
                known.add(link)
                waiting.append(link)
        _fragments(seen, clients["fr"], page)
        if (
            "en" in clients
            and seen.kinds[kind] <= MOST_IN_ENGLISH
            and (other := _visit(seen, clients["en"], path, "en", data))
        ):
            for said in language.untranslated(page.texts(), other.texts(), data):
                seen.fault(path, said)
    return seen


def signed_in(person: User) -> Client:
    """A client of this person that shows a fault of the server as its answer, as a browser would."""
    client = Client(raise_request_exception=False)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _visit(seen: Walk, client: Client, path: str, code: str, data: language.Data) -> Reading | None:
    """Ask for a page and judge it; nothing when it is no page."""
    answer: Any = client.get(path, follow=True)
    seen.visited += 1
    if answer.status_code != 200:
        seen.fault(path, f"answers {answer.status_code}")
        return None
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if "text/html" not in answer.get("Content-Type", "") or b"<html" not in body[:200].lower():
        if not body:
            seen.fault(path, "is empty")
        return None
    if "sandbox" in answer.get("Content-Security-Policy", ""):
        return None
    page = Reading(body.decode(), _landed(answer))
    if code == "fr":
        seen.pages[path] = page
        seen.sizes[path] = len(body)
        for form in page.forms():
            seen.forms.setdefault((kind_of(form.action).partition("?")[0], form.button), form)
    for said in judged(page, code, data):
        seen.fault(path, f"({code}) {said}")
    return page


def _landed(answer: Any) -> str:
    """The address at which a request ended, after redirections."""
    query = answer.request.get("QUERY_STRING", "")
    return f"{answer.request['PATH_INFO']}?{query}" if query else str(answer.request["PATH_INFO"])


def judged(page: Reading, code: str, data: language.Data) -> Iterator[str]:
    """What is wrong with a page."""
    if page.language() != code:
        yield f"says that it is in {page.language()!r}"
    yield from page.dead_controls()
    yield from page.shape_faults()
    for text, _place in page.texts():
        is_data = all(data.holds(part) for part in text.split(" · "))
        if language.foreign(text, code) or (not is_data and language.reads_foreign(text, code)):
            yield f"another language: {language.plain(text)[:160]!r}"
        if not is_data and (said := language.computer_date(text)):
            yield said
        if code == "fr" and not is_data and (said := language.misprinted(text)):
            yield said


def _fragments(seen: Walk, client: Client, page: Reading) -> None:
    for path in page.fragments():
        kind = f"{kind_of(path)} (htmx)"
        if seen.kinds[kind] >= MOST_VIEWS_OF_A_KIND:
            continue
        seen.kinds[kind] += 1
        answer = client.get(path, headers={"HX-Request": "true"})
        if answer.status_code >= 400 or (
            answer.status_code != 204 and "search" not in path and not answer.content.strip()
        ):
            seen.fault(page.path, f"the fragment {path} answers {answer.status_code} with {len(answer.content)} bytes")


def send_all(forms: list[Form], client: Client, data: language.Data) -> tuple[Walk, list[str]]:
    """Send each form, as it stands and filled in, what destroys last; a 4xx that is no refusal and a 5xx are faults."""
    seen, sent, gone = Walk(), list[str](), set[str]()
    for form in sorted(forms, key=_rank):
        if gone.intersection(THING.findall(form.action)):
            continue
        for filled in (False, True):
            if filled and (form.method == "get" or _takes_back(form)):
                continue
            sent.append(f"{kind_of(form.action)} {form.button}{' filled' if filled else ''}")
            answer = _send(form, client, filled)
            if answer.status_code not in (200, 204, 422):
                seen.fault(form.action, f"{sent[-1]} answers {answer.status_code}, sent from {form.on_page}")
            elif "text/html" in answer.get("Content-Type", "") and b"<html" in answer.content[:200].lower():
                page = Reading(answer.content.decode(), _landed(answer))
                for said in judged(page, page.language(), data):
                    seen.fault(form.action, f"after {sent[-1]}: {said}")
        if _takes_back(form):
            gone.update(THING.findall(form.action))
    return seen, sent


def _takes_back(form: Form) -> bool:
    return any(
        word in kind_of(form.action)
        for word in ("remove", "withdraw", "undo", "release", "bounce", "cancel", "discard", "forget")
    )


def _rank(form: Form) -> tuple[int, str, str]:
    """What only adds comes first, then what takes back, then what changes the whole house, the door last."""
    kind = kind_of(form.action)
    for place, beginning in enumerate(LAST):
        if kind.startswith(beginning):
            return (10 + place, kind, form.button)
    if "forget" in kind:  # what was learned of an act is forgotten with it, when it is undone or given back
        return (-1, kind, form.button)
    return (5 if _takes_back(form) else 0, "" if "undo" in kind else kind, form.button)


def _send(form: Form, client: Client, filled: bool) -> Any:
    values: dict[str, Any] = {}
    for name, value in form.values:
        values.setdefault(name, []).append(value)
    if filled:
        for name, kind in form.fields:
            if kind == "file":
                values[name] = BytesIO(b"%PDF-1.4 nothing")
                values[name].name = "pi\u00e8ce.pdf"
            elif not any(values.get(name, [])):
                values[name] = _plausible(name, kind)
    if form.method == "get":
        return client.get(form.action, values, follow=True)
    return client.post(form.action, values, follow=True)


def _plausible(name: str, kind: str) -> str:
    if kind == "date":
        return "2026-11-23"
    if kind in ("number", "checkbox", "radio"):
        return "1"
    if kind == "email" or "email" in name:
        return "essai@client.example"
    return "12"
