"""Each kind of screen as a person sees it: readable by everyone, wide and narrow, light and dark, quiet in its console."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

from exigible.testing import House
from tests.browser.conftest import SignIn, speaker
from tests.browser.crawl import Walk, kind_of

pytestmark = pytest.mark.browser
AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
EVERYTHING = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
SIGNED_OUT = ("account_login", "account_logout", "account_reset")
DIFFERENT_TABS = ("tab=to_approve", "tab=to_post", "tab=held", "tab=excluded")
MEASURE = """() => {
  const faults = [];
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over > 0) {
    const wide = [...document.querySelectorAll("main *")].filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
    faults.push(`${over} px too wide: ${wide.slice(0, 3).map((one) => one.tagName + "." + one.className).join(", ")}`);
  }
  for (const one of document.querySelectorAll("main a, main button, main input, main select, main textarea")) {
    const box = one.getBoundingClientRect();
    if (box.width > 1 && box.right > document.documentElement.clientWidth && !one.closest(".tabs, .table-wrap")) faults.push(`cut off at the right: ${one.outerHTML.slice(0, 90)}`);
  }
  for (const cell of document.querySelectorAll("td.amount, th.amount")) {
    const style = getComputedStyle(cell);
    const isCard = getComputedStyle(cell.parentElement).display !== "table-row";
    if (!isCard && !["right", "end"].includes(style.textAlign)) faults.push(`an amount is not at the right: ${cell.innerText}`);
    if (cell.tagName === "TD" && !style.fontVariantNumeric.includes("tabular-nums")) faults.push(`figures of different widths: ${cell.innerText}`);
  }
  for (const panel of document.querySelectorAll("main section, main .panel")) {
    if (panel.offsetParent !== null && panel.innerText.trim() === "" && !panel.querySelector("iframe, svg, img")) faults.push(`an empty panel: ${panel.id || panel.className}`);
  }
  return [...new Set(faults)];
}"""


def samples(seen: Walk) -> list[str]:
    """The fullest page of each kind, of messages one of each state and channel, of their lists one of each tab that differs."""
    fullest: dict[str, str] = {}
    for path, page in seen.pages.items():
        kind = kind_of(path)
        route, _, asked = kind.partition("?")
        if route == "messages:list" and asked not in DIFFERENT_TABS:
            continue
        if route == "messages:page":
            route += " ".join(page.tree.xpath("//p[@class='badges']//text() | //iframe/@class"))
        if route.startswith(SIGNED_OUT):
            continue
        key = f"{route}?{asked}" if route == "messages:list" else route
        if seen.sizes[path] > seen.sizes.get(fullest.get(key, ""), 0):
            fullest[key] = path
    return sorted(fullest.values())


def audit(page: Page, scheme: str, only: dict[str, Any]) -> Iterator[str]:
    """What axe finds serious or critical on a page that it was loaded into, and what we measure ourselves."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = page.evaluate("options => axe.run(document, options)", {"runOnly": only, "resultTypes": ["violations"]})
    for violation in found["violations"]:
        if violation["impact"] in ("serious", "critical"):
            yield from (
                f"{violation['id']} ({scheme}): {node['target']} {node['html'][:120]}"
                for node in violation["nodes"][:3]
            )
    yield from page.evaluate(MEASURE)


def test_every_kind_of_screen_is_readable_by_everyone(seen: Walk, lumen: House, sign_in: SignIn) -> None:
    visit = sign_in(speaker(lumen.creditor, "fr"))
    found: dict[str, str] = {}
    looked_at = samples(seen)
    for path in looked_at:
        visit.page.set_viewport_size({"width": 1440, "height": 900})
        page = visit.go(path)
        page.evaluate(AXE)
        for width, scheme, only in ((1440, "dark", COLOURS), (1440, "light", EVERYTHING), (390, "light", EVERYTHING)):
            page.set_viewport_size({"width": width, "height": 900})
            for fault in audit(page, scheme, only):
                found.setdefault(fault, f"{path} at {width}")
    assert not found, "\n".join(f"{path} {fault}" for fault, path in found.items())
    assert len(looked_at) > 25
