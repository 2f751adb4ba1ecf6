"""Reads one page as HTML: its addresses, its forms with what a browser would send, its dead controls, its texts."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urljoin

from lxml import html  # type: ignore[import-untyped]

APART = {"script", "style", "template", "svg", "head", "code", "kbd", "textarea", "pre"}
OWN_KEYS = {"j", "k", "x", "X", "?", "g", "Enter"}
ACTS_BY_SCRIPT = re.compile(
    r"^(data-(open|toggle|close-notice|copy|back|close|act|print|select-all|invert)\b|hx-|popovertarget)"
)


@dataclass(frozen=True)
class Form:
    """A form as it would be sent: where, how, with which values; `button` says by which button, if it has a name."""

    action: str
    method: str
    values: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()
    button: str = ""
    on_page: str = ""
    fields: tuple[tuple[str, str], ...] = field(default=(), compare=False)


class Reading:
    """One page."""

    def __init__(self, body: str, path: str) -> None:
        self.path = path
        self.tree = html.document_fromstring(body)
        self.ids = Counter(self.tree.xpath("//@id"))

    def language(self) -> str:
        """The language that the page says it is in."""
        return str(self.tree.get("lang", ""))

    def address(self, reference: str) -> str:
        """An address of this page, without its fragment."""
        return str(urldefrag(urljoin(self.path, reference.strip()))[0])

    def links(self) -> list[str]:
        """Where the links of the page lead, on this site."""
        found = [
            self.address(reference)
            for reference in self.tree.xpath("//a/@href | //iframe/@src | //img/@src")
            if ":" not in reference
        ]
        return [link for link in dict.fromkeys(found) if link.startswith("/")]

    def fragments(self) -> list[str]:
        """What the page asks for by itself or on a press, through htmx, without changing anything."""
        return list(dict.fromkeys(self.address(reference) for reference in self.tree.xpath("//@hx-get")))

    def forms(self) -> list[Form]:
        """Each form, once for each of its buttons."""
        return [ready for form in self.tree.xpath("//form[not(@method='dialog')]") for ready in self._ready(form)]

    def _controls(self, form: Any) -> list[Any]:
        kinds = "self::input or self::select or self::textarea or self::button"
        inside = form.xpath(f".//*[{kinds}][not(@form)]")
        return [*inside, *(self.tree.xpath(f"//*[{kinds}][@form=$id]", id=form.get("id")) if form.get("id") else [])]

    def _ready(self, form: Any) -> Iterator[Form]:
        controls = [control for control in self._controls(form) if control.get("disabled") is None]
        values = tuple(pair for control in controls for pair in _successful(control))
        files = tuple(
            control.get("name") for control in controls if control.get("type") == "file" and control.get("name")
        )
        fields = tuple(
            (control.get("name"), _kind(control))
            for control in controls
            if control.get("name") and _kind(control) not in ("submit", "hidden")
        )
        buttons = [control for control in controls if _kind(control) == "submit"] or [None]
        for button in buttons:
            action, method = form.get("action") or self.path, form.get("method", "get").lower()
            name, pressed = "", tuple[tuple[str, str], ...]()
            if button is not None:
                action, method = button.get("formaction", action), button.get("formmethod", method).lower()
                if button.get("name"):
                    name = f"{button.get('name')}={button.get('value', '')}"
                    pressed = ((button.get("name"), button.get("value", "")),)
            yield Form(self.address(action), method, (*values, *pressed), files, name, self.path, fields)

    def dead_controls(self) -> Iterator[str]:
        """What can be pressed and does nothing, and what points to something that is not on the page."""
        yield from self._dead_links()
        for button in self.tree.xpath("//button"):
            acts = any(ACTS_BY_SCRIPT.match(name) for name in button.attrib)
            in_form = button.get("form") in self.ids if button.get("form") else bool(button.xpath("ancestor::form"))
            if not acts and (button.get("type") == "button" or not in_form):
                yield f"a button that does nothing: {_words(button)!r}"
        for name in ("for", "data-open", "aria-labelledby", "aria-describedby", "aria-controls", "data-toggle"):
            for value in self.tree.xpath(f"//@{name}"):
                yield from (f'{name}="{one}" is not on the page' for one in value.split() if one not in self.ids)
        for field_ in self.tree.xpath("//input[not(@type='hidden') and not(@type='submit')] | //select | //textarea"):
            if not self._is_named(field_):
                yield f"a field without a label: {field_.get('name')}"
        yield from (f'id="{name}" stands {times} times' for name, times in self.ids.items() if times > 1)
        yield from self._keys_that_collide()

    def _dead_links(self) -> Iterator[str]:
        for link in self.tree.xpath("//a"):
            reference = link.get("href", "").strip()
            if not reference or reference == "#" or reference.startswith("javascript:"):
                yield f"a link to nowhere: {_words(link)!r}"
            elif reference.startswith("#") and reference[1:] not in self.ids:
                yield f"a link to {reference}, which is not on the page"
            elif not (_words(link) or link.get("aria-label") or link.xpath(".//img/@alt")):
                yield f"a link without a word: {reference}"

    def _is_named(self, control: Any) -> bool:
        named = control.get("aria-label") or control.get("aria-labelledby") or control.xpath("ancestor::label")
        return bool(named or self.tree.xpath("//label[@for=$id]", id=control.get("id", "")))

    def _keys_that_collide(self) -> Iterator[str]:
        outside = Counter(
            element.get("data-key")
            for element in self.tree.xpath("//*[@data-key][not(ancestor-or-self::*[@data-row])]")
        )
        yield from (f"the key {key!r} is given to {times} things" for key, times in outside.items() if times > 1)
        for row in self.tree.xpath("//*[@data-row]"):
            inside = Counter(row.xpath(".//@data-key"))
            yield from (
                f"the key {key!r} is given to {times} things of a row" for key, times in inside.items() if times > 1
            )
        yield from (f"the key {key!r} is taken by every page" for key in set(self.tree.xpath("//@data-key")) & OWN_KEYS)

    def shape_faults(self) -> Iterator[str]:
        """What every page must have: a title, one h1, at most one main button; no empty panel, no style of its own."""
        headings = [_words(one) for one in self.tree.xpath("//h1")]
        if len(headings) != 1 or not headings[0]:
            yield f"{len(headings)} headings of the first level: {headings}"
        if not (self.tree.findtext(".//title") or "").partition("·")[0].strip():
            yield "no title"
        main = [
            _words(one) for one in self.tree.xpath("//main//*[contains(concat(' ', @class, ' '), ' btn-primary ')]")
        ]
        if len(main) > 1:
            yield f"{len(main)} main buttons: {main}"
        for panel in self.tree.xpath("//main//section"):
            if not panel.get("hx-get") and len(_words(panel)) < 3:
                yield "an empty panel"
        if self.tree.xpath("//body//*[@style]"):
            yield "a style of its own"

    def texts(self) -> list[tuple[str, str]]:
        """Every text that a person reads or hears, with the path of its element; not what is written to debtors, not codes."""
        found: list[tuple[str, str]] = []
        root = self.tree.getroottree()
        for element in self.tree.iter():
            if not isinstance(element.tag, str) or _is_apart(element):
                continue
            place = root.getpath(element)
            for text in (element.text, *(child.tail for child in element)):
                if text and text.strip():
                    found.append((text, place))
            for name in ("aria-label", "title", "placeholder", "alt", "data-key-name", "data-label"):
                if value := element.get(name, "").strip():
                    found.append((value, f"{place}/@{name}"))
        return found


def _is_apart(element: Any) -> bool:
    """Whether an element holds code, a drawing, a text written to a debtor, or words of another language that it names."""
    for one in (element, *element.iterancestors()):
        css = set(one.get("class", "").split()) if isinstance(one.tag, str) else set()
        if one.tag in APART or css & {"letter-text", "headers"}:
            return True
        if one.tag != "html" and (one.get("lang") or one.get("translate") == "no"):
            return True
    return False


def _words(element: Any) -> str:
    return " ".join(element.text_content().split())


def _kind(control: Any) -> str:
    if control.tag == "button":
        return str(control.get("type", "submit"))
    if control.tag == "input":
        kind = str(control.get("type", "text"))
        return "submit" if kind == "image" else kind
    return str(control.tag)


def _successful(control: Any) -> list[tuple[str, str]]:
    """What a control sends when nobody touches it."""
    name, kind = control.get("name"), _kind(control)
    if not name or kind in ("submit", "button", "file", "reset"):
        return []
    if kind in ("checkbox", "radio"):
        return [(name, control.get("value", "on"))] if control.get("checked") is not None else []
    if kind == "select":
        options = control.xpath(".//option")
        chosen = [one for one in options if one.get("selected") is not None]
        if not chosen and control.get("multiple") is None:
            chosen = options[:1]
        return [(name, one.get("value", _words(one))) for one in chosen]
    if kind == "textarea":
        return [(name, control.text or "")]
    return [(name, control.get("value", ""))]
