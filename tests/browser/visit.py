"""A page of the site in a real browser, with short ways to press, read and see where the focus is."""

import re
from typing import Any

from playwright.sync_api import Page

# A refused form is a 422; htmx complains of the preview it was loading when the person went elsewhere.
EXPECTED = re.compile(r"responded with a status of 422|^htmx:(afterRequest|sendError|sendAbort), ")


class Visit:
    """One page; it keeps what its console complains of, except what a test expects."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda fault: self.complaints.append(f"{page.url}: {fault}"))

    def _heard(self, said: Any) -> None:
        if said.type in ("error", "warning") and not EXPECTED.search(said.text):
            self.complaints.append(f"{self.page.url}: {said.text}")

    def go(self, path: str) -> Page:
        """Open a path of the site and wait until it rests; its htmx fragments are loaded then."""
        self.page.goto(self.address + path)
        return self.rest()

    def rest(self) -> Page:
        """Wait until nothing is under way."""
        self.page.wait_for_load_state("load")
        self.page.wait_for_selector(".htmx-request", state="detached")
        return self.page

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def text(self, selector: str = "main") -> str:
        """What a part of the page says, its spaces made plain."""
        return " ".join(self.page.locator(selector).first.inner_text().split())

    def notices(self) -> str:
        """What the notices at the bottom say."""
        return " ".join(self.page.locator("#notices").inner_text().split())

    def focused(self) -> str:
        """The text of what has the focus."""
        return str(self.page.evaluate("document.activeElement.innerText.replace(/\\s+/g, ' ').trim()"))

    def has_focus(self, selector: str) -> bool:
        """Whether the focus is on, or within, what a selector names."""
        return bool(self.page.evaluate("selector => document.activeElement?.closest(selector) !== null", selector))
