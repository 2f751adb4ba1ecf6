// The review of movements: Enter applies what is shown and nothing else, arrows move as j and k do, sums follow what is typed.
"use strict";

const pane = document.getElementById("pane");
const shownMovement = () => pane?.querySelector("[data-movement]")?.dataset.movement;

// Enter on a row applies its candidate only if the pane shows that very row; otherwise it is shown first.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-review]");
  if (!opener || !pane || !matchMedia("(min-width: 1000px)").matches) return;
  event.preventDefault();
  const row = opener.closest("[data-row]");
  const form = pane.querySelector("form[data-apply]");
  const isByKey = event.detail === 0 && document.activeElement === row;
  if (isByKey && shownMovement() === row.dataset.id) {
    if (form) form.requestSubmit();
    else pane.querySelector("[data-by-hand]")?.click();
  } else {
    row.focus();
    row.dispatchEvent(new CustomEvent("preview", { bubbles: true }));
  }
});

// A key held down applies one movement, not all that follow.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.repeat) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// What the pane shows already is not fetched again: a candidate chosen in it stays chosen.
document.addEventListener("htmx:beforeRequest", (event) => {
  const row = event.detail.elt;
  if (row.matches?.("[data-row][data-id]") && row.dataset.id === shownMovement()) event.preventDefault();
});

function mark() {
  for (const row of every("[data-row][data-id]")) {
    if (row.dataset.id === shownMovement()) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}
document.addEventListener("htmx:afterSettle", mark);

let lastRow = null;
document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-row][data-id]");
  if (row) lastRow = row;
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches(TYPING) || document.querySelector("dialog[open]")) return;
  if (!event.target.closest("[data-row], body") || event.target.matches("input, summary, button, a")) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !rows().length) return;
  event.preventDefault();
  move(step);
});

// A candidate chosen by its number leaves the focus in the list, so that Enter applies it.
pane?.addEventListener("change", (event) => {
  if (event.target.name === "proposal" && !pane.matches(":hover")) lastRow?.focus({ preventScroll: true });
});

// By hand: what is ticked takes what is left of the money, and the sum follows.
const sheet = document.querySelector("form[data-sheet]");

function minor(text) {
  const bare = text.replace(/[\s\u00a0\u202f]/g, "").replace("\u2212", "-");
  if (!bare) return 0;
  const mark = Math.max(bare.lastIndexOf(","), bare.lastIndexOf("."));
  const digits = Number(sheet.dataset.digits);
  const isDecimal = mark >= 0 && bare.length - mark - 1 <= digits;
  const whole = (isDecimal ? bare.slice(0, mark) : bare).replace(/[.,]/g, "");
  const part = isDecimal ? bare.slice(mark + 1) : "";
  return Number(whole + part.padEnd(digits, "0"));
}

function figure(value) {
  const digits = Number(sheet.dataset.digits);
  return (value / 10 ** digits).toLocaleString(document.documentElement.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "\u2212");
}

const amountOf = (line) => line.querySelector("input[data-share]");

function applied() {
  let sum = 0;
  for (const line of every("[data-line]", sheet)) sum += Number(line.dataset.sign) * minor(amountOf(line).value);
  return sum;
}

function follow() {
  const left = Number(sheet.dataset.amount) - applied();
  document.querySelector("[data-applied]").textContent = figure(applied());
  document.querySelector("[data-left]").textContent = figure(left);
  for (const part of every("[data-when]")) {
    part.hidden = { over: left <= 0, exact: left !== 0, beyond: left >= 0 }[part.dataset.when];
  }
  for (const line of every("[data-line]", sheet)) {
    const typed = minor(amountOf(line).value);
    line.querySelector("[data-tick]").checked = typed > 0;
    const short = Number(line.dataset.openMinor) - typed;
    const missing = line.querySelector("[data-missing]");
    if (missing) missing.hidden = !(typed > 0 && short > 0);
  }
}

if (sheet) {
  sheet.addEventListener("change", (event) => {
    const line = event.target.closest("[data-line]");
    if (event.target.matches("[data-tick]")) {
      const left = Number(sheet.dataset.amount) - applied();
      const open = Number(line.dataset.openMinor);
      const share = Number(line.dataset.sign) < 0 ? open : Math.max(0, Math.min(open, left));
      amountOf(line).value = event.target.checked && share ? figure(share) : "";
    }
    follow();
  });
  sheet.addEventListener("input", (event) => { if (event.target.matches("[data-share]")) follow(); });
  follow();
}
