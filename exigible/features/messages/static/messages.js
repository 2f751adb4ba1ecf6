// The buttons of a list of messages say what they will do with what is selected.
"use strict";

const said = (pair, count) => (count === 1 ? pair[0] : pair[1].replace("#", String(count)));

function sayChoice(form) {
  const bar = form.querySelector("[data-sentences]");
  if (!bar) return;
  const sentences = JSON.parse(bar.dataset.sentences);
  const chosen = [...form.querySelectorAll("[data-select]:checked")];
  const act = form.querySelector("[data-act]");
  const print = form.querySelector("[data-print]");
  const channels = new Set(chosen.map((box) => box.dataset.channel));
  const kind = channels.size === 1 ? [...channels][0] : "mixed";
  if (act) {
    act.dataset.plain ??= act.textContent;
    act.textContent = chosen.length ? said(sentences.act || sentences[kind] || sentences.mixed, chosen.length) : act.dataset.plain;
    act.disabled = !chosen.length;
  }
  if (!print) return;
  const word = print.querySelector("[data-print-word]");
  word.dataset.plain ??= word.textContent;
  print.dataset.all ??= print.getAttribute("href");
  word.textContent = chosen.length ? said(sentences.print, chosen.length) : word.dataset.plain;
  const query = new URLSearchParams(chosen.map((box) => ["m", box.value]));
  print.href = chosen.length ? `${print.pathname}?${query}` : print.dataset.all;
}

for (const form of document.querySelectorAll("form[data-choice]")) sayChoice(form);
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-choice]");
  if (form) setTimeout(() => sayChoice(form));
});
