// @ in a group: a list of members that narrows as one types, by name, alias or pinyin initials. The box keeps
// the focus; arrows choose, Enter or Tab takes.

import { find, findAll } from "../core/dom.js";
import { html } from "../core/http.js";
import { beforeSend, form, text } from "./composer.js";

const PAUSE = 120;
const WORD = /(?:^|[\s,.;:!?，。！？、(（])@([^\s@]{0,30})$/u;

const box = form && find("#mentions", form);
const named = new Map(); // name → id, of those chosen while writing
let timer = 0;
let asked = "";

const before = () => text.value.slice(0, text.selectionStart);
const options = () => findAll("[data-mention]", box);
const isOpen = () => !box.hidden;

function look() {
  const found = WORD.exec(before());
  if (!found) return close();
  clearTimeout(timer);
  timer = setTimeout(() => ask(found[1]), PAUSE);
}

async function ask(words) {
  asked = words;
  const rows = await html(`${box.dataset.url}?q=${encodeURIComponent(words)}`).catch(() => "");
  if (asked !== words || !WORD.test(before())) return;
  box.replaceChildren(document.createRange().createContextualFragment(rows));
  box.hidden = options().length === 0;
  options().forEach((option, index) => {
    option.id = `mention-${index}`;
    option.tabIndex = -1;
  });
  mark(0);
}

function mark(index) {
  const all = options();
  all.forEach((option, place) => {
    option.setAttribute("aria-selected", String(place === index));
  });
  const chosen = all[index];
  if (chosen) text.setAttribute("aria-activedescendant", chosen.id);
  chosen?.scrollIntoView({ block: "nearest" });
}

function close() {
  clearTimeout(timer);
  asked = "";
  box.hidden = true;
  text.removeAttribute("aria-activedescendant");
}

function take(option) {
  const { mention: id, mentionName: name } = option.dataset;
  const found = WORD.exec(before());
  const start = text.selectionStart - (found ? found[1].length + 1 : 0);
  named.set(name, id);
  text.setRangeText(`@${name} `, start, text.selectionStart, "end");
  close();
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
}

function onKey(event) {
  if (!isOpen() || event.isComposing) return;
  const all = options();
  const here = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") mark((here + 1) % all.length);
  else if (event.key === "ArrowUp") mark((here - 1 + all.length) % all.length);
  else if (event.key === "Enter" || event.key === "Tab") take(all[Math.max(here, 0)]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

export function start() {
  if (!box?.dataset.url) return;
  text.addEventListener("input", look);
  text.addEventListener("keydown", onKey, { capture: true });
  text.addEventListener("blur", () => setTimeout(close, 150));
  box.addEventListener("pointerdown", (event) => event.preventDefault());
  box.addEventListener("click", (event) => {
    const option = event.target.closest("[data-mention]");
    if (option) take(option);
  });
  beforeSend((message) => {
    const ids = [...named]
      .filter(([name]) => message.text.includes(`@${name}`))
      .map(([, id]) => id);
    if (ids.length) message.mentions = ids;
    named.clear();
    return false;
  });
}
