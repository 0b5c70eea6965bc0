// Choosing several messages, to forward or delete them together.

import { confirm } from "../core/dialog.js";
import { find, findAll, on } from "../core/dom.js";
import { request, show } from "../core/http.js";
import { format, gettext, ngettext } from "../core/i18n.js";
import { layer } from "../core/shortcuts.js";
import { change, list, log, rowOf } from "./log.js";
import { openSheet } from "./sheet.js";

const MOST = 100;

const bar = find("[data-selectbar]");
const composer = find(".composer");
let closeLayer = () => {};

const chosen = () =>
  findAll(".is-chosen", list)
    .map((row) => Number(row.dataset.seq))
    .sort((a, b) => a - b);

export const isChoosing = () => log.classList.contains("is-choosing");

export function startChoosing(row) {
  log.classList.add("is-choosing");
  composer.hidden = true;
  find("#main").append(bar);
  bar.hidden = false;
  closeLayer = layer(stop);
  toggle(row);
}

function stop() {
  closeLayer();
  log.classList.remove("is-choosing");
  for (const row of findAll(".is-chosen", list)) row.classList.remove("is-chosen");
  bar.hidden = true;
  composer.hidden = false;
}

export function toggle(row) {
  if (!row.matches(".msg[data-seq]")) return;
  if (chosen().length >= MOST && !row.matches(".is-chosen")) return;
  row.classList.toggle("is-chosen");
  const count = chosen().length;
  const words = ngettext("%(n)s message chosen", "%(n)s messages chosen", count);
  find("[data-select-count]", bar).textContent = format(words, { n: count });
  for (const control of findAll(".btn", bar)) control.ariaDisabled = String(count === 0);
}

list.addEventListener(
  "click",
  (event) => {
    if (!isChoosing()) return;
    event.preventDefault();
    event.stopPropagation();
    const row = event.target.closest("[data-seq]");
    if (row) toggle(row);
  },
  true,
);

on("click", "[data-select-end]", stop);

on("click", "[data-select-forward]", (event, link) => {
  event.preventDefault();
  const seqs = chosen();
  if (!seqs.length) return;
  stop();
  openSheet(`${link.getAttribute("href")}?seqs=${seqs.join(",")}`);
});

on("submit", "[data-select-delete]", async (event, form) => {
  event.preventDefault();
  const seqs = chosen();
  if (!seqs.length) return;
  const isSure = await confirm({
    title: format(
      ngettext("Delete %(n)s message for you?", "Delete %(n)s messages for you?", seqs.length),
      { n: seqs.length },
    ),
    text: gettext("Others keep them."),
    verb: gettext("Delete"),
    kind: "danger",
  });
  if (!isSure) return;
  const body = new URLSearchParams({ seqs: seqs.join(",") });
  try {
    await request(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    stop();
    change(() => {
      for (const seq of seqs) rowOf(seq)?.remove();
    });
  } catch (problem) {
    show(problem);
  }
});
