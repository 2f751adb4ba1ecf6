// Small behaviours of every page: menus, dialogs, notices, bars, and where the focus goes after an act.
"use strict";

document.documentElement.classList.add("scripted");

const every = (selector, within = document) => [...within.querySelectorAll(selector)];

function prepare(within) {
  for (const bar of every("[data-width]", within)) {
    bar.style.width = `${Math.min(100, Math.max(0, Number(bar.dataset.width)))}%`;
  }
  for (const row of every("[data-row]", within)) {
    if (!row.hasAttribute("tabindex")) row.tabIndex = -1;
  }
  for (const form of every("form[data-submit-now]", within)) form.requestSubmit();
  for (const tab of every(".tabs [aria-current]", within)) tab.scrollIntoView({ block: "nearest", inline: "center" });
}

function openDialog(name) {
  const dialog = document.getElementById(name);
  if (!dialog || dialog.open) return false;
  for (const menu of every("details[data-menu][open]")) menu.open = false;
  if (name === "keys") fillKeys(dialog);
  dialog.showModal();
  dialog.querySelector("input")?.select();
  return true;
}

// The list of keys names what this very page declares, after those that every page has.
function fillKeys(dialog) {
  const list = dialog.querySelector("[data-keys-here]");
  for (const old of every(".declared", list)) old.remove();
  const seen = new Set();
  for (const element of every("[data-key]")) {
    const key = element.dataset.key;
    const name = element.dataset.keyName || element.textContent.trim() || element.getAttribute("aria-label");
    if (seen.has(key) || !name) continue;
    seen.add(key);
    const term = document.createElement("dt");
    for (const part of key.split(" ")) {
      const mark = document.createElement("kbd");
      mark.textContent = part;
      term.append(mark, " ");
    }
    const meaning = document.createElement("dd");
    meaning.textContent = name;
    term.className = meaning.className = "declared";
    list.append(term, meaning);
  }
}

function notify(text) {
  const notice = document.createElement("div");
  notice.className = "notice is-warning";
  const sentence = document.createElement("p");
  sentence.textContent = text;
  notice.append(sentence);
  document.getElementById("notices").append(notice);
  setTimeout(() => notice.remove(), 8000);
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener && openDialog(opener.dataset.open)) return event.preventDefault();
  const toggle = event.target.closest("[data-toggle]");
  if (toggle) toggle.setAttribute("aria-expanded", String(toggle.getAttribute("aria-expanded") !== "true"));
  if (event.target.closest("[data-close-notice]")) event.target.closest("[data-notice]").remove();
  const back = event.target.closest("[data-back]");
  if (back && history.length > 1) {
    event.preventDefault();
    history.back();
  }
  if (event.target.tagName === "DIALOG") event.target.close();
  for (const menu of every("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
  const copy = event.target.closest("[data-copy]");
  if (copy) navigator.clipboard?.writeText(copy.dataset.copy);
});

document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-select-all]");
  if (all) for (const box of every("[data-select]")) box.checked = all.checked;
  if (event.target.closest("form[data-submit-on-change]")) event.target.form.requestSubmit();
});

// A second press of a button that acts is not a second act.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post" || "givesFile" in event.target.dataset) return;
  rememberRow();
  if (event.target.dataset.sending) return event.preventDefault();
  event.target.dataset.sending = "yes";
});
addEventListener("pageshow", () => every("form[data-sending]").forEach((form) => delete form.dataset.sending));

// After an act the focus goes to the row that took the place of the one acted on.
let actedOn = -1;
const rows = () => every("[data-row]").filter((row) => row.offsetParent !== null);

function rememberRow() {
  actedOn = rows().indexOf(document.activeElement?.closest("[data-row]"));
  if (actedOn >= 0) sessionStorage.setItem("row", JSON.stringify([location.pathname, actedOn]));
}

function focusRow(index) {
  const present = rows();
  if (present.length) present[Math.min(index, present.length - 1)].focus({ preventScroll: false });
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig?.verb !== "get") rememberRow();
});
document.addEventListener("htmx:afterSettle", (event) => {
  prepare(event.detail.elt);
  if (actedOn >= 0 && (document.activeElement === document.body || !document.activeElement)) focusRow(actedOn);
  actedOn = -1;
});
// A request cut short because the person went elsewhere is no fault.
let isLeaving = false;
addEventListener("beforeunload", () => { isLeaving = true; });
addEventListener("pageshow", () => { isLeaving = false; });
for (const name of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(name, () => { if (!isLeaving) notify(document.body.dataset.lost); });
}

prepare(document);
const [path, index] = JSON.parse(sessionStorage.getItem("row") || "[]");
sessionStorage.removeItem("row");
if (path === location.pathname) focusRow(index);
