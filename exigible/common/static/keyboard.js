// The keys: j k Enter x Shift+X on rows, whatever an element declares with data-key, g and a letter, Ctrl K. Off while typing.
"use strict";

const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select, [contenteditable]";
let prefix = "";
let lastSelected = -1;

const currentRow = () => document.activeElement?.closest("[data-row]");

function move(step) {
  const present = rows();
  if (!present.length) return;
  const here = present.indexOf(currentRow());
  const next = here < 0 ? (step > 0 ? 0 : present.length - 1) : Math.min(present.length - 1, Math.max(0, here + step));
  present[next].focus();
  present[next].scrollIntoView({ block: "nearest" });
  if (present[next].dataset.preview) present[next].dispatchEvent(new CustomEvent("preview", { bubbles: true }));
}

function select(isRange) {
  const present = rows();
  const here = present.indexOf(currentRow());
  const box = present[here]?.querySelector("[data-select]");
  if (!box) return;
  if (isRange && lastSelected >= 0) {
    const [from, to] = [Math.min(here, lastSelected), Math.max(here, lastSelected)];
    for (const row of present.slice(from, to + 1)) row.querySelector("[data-select]").checked = true;
  } else {
    box.checked = !box.checked;
  }
  box.dispatchEvent(new Event("change", { bubbles: true }));
  lastSelected = here;
}

const shown = (element) => element.offsetParent !== null || element.closest(".menu, .main-nav");

// The element that declares this key: in the current row first, then on the page.
function declared(key) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  return every(selector, currentRow() || document).find(shown) || every(selector).find((one) => shown(one) && !one.closest("[data-row]"));
}

function press(element) {
  if (element.matches("input:not([type=checkbox]):not([type=submit]), textarea, select")) element.focus();
  else element.click();
}

function primary(event) {
  if (document.activeElement !== currentRow() || !currentRow()) return;
  const act = currentRow().querySelector("[data-primary]") || currentRow().querySelector("a");
  if (!act) return;
  event.preventDefault();
  press(act);
}

function inPalette(event) {
  const palette = document.getElementById("palette");
  if (!palette?.open || !["ArrowDown", "ArrowUp"].includes(event.key)) return false;
  const stops = [document.getElementById("palette-query"), ...every("a", palette)];
  const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  stops[Math.min(stops.length - 1, Math.max(0, next))].focus();
  event.preventDefault();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (inPalette(event) || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    if (openDialog("palette")) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    prefix = "";
    if (event.target.matches(TYPING) && !event.target.closest("dialog")) event.target.blur();
    return;
  }
  if (event.target.matches(TYPING) || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter") return primary(event);
  if (event.key.length !== 1) return;
  act(event);
});

function act(event) {
  const key = event.key;
  if (prefix) {
    const target = declared(`${prefix} ${key}`);
    prefix = "";
    if (target) {
      event.preventDefault();
      press(target);
    }
    return;
  }
  if (key === "g") {
    prefix = "g";
    setTimeout(() => { prefix = ""; }, 1500);
    return;
  }
  const own = { j: () => move(1), k: () => move(-1), x: () => select(false), X: () => select(true), "?": () => openDialog("keys") }[key];
  const target = own ? null : declared(key);
  if (!own && !target) return;
  event.preventDefault();
  if (own) own();
  else press(target);
}
