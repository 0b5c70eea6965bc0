// Emoji picker: <button data-emoji="field-id"> writes into a field; pickEmoji(button, use) hands the
// choice to a function. The popover and its words come from components/_emoji.html, the emoji from data-en
// and data-zh. Rows are drawn one group at a time: a few hundred buttons instead of two thousand.

import { find, findAll, on } from "./dom.js";
import { place } from "./menu.js";

const RECENT = "emoji-recent";
const RECENT_MAX = 32;
const FOUND_MAX = 120;

const picker = find("#emoji");
let rows = [];
let loading = null;
let use = () => {};
let staysOpen = false;

async function load() {
  const isChinese = document.documentElement.lang.startsWith("zh");
  const response = await fetch(isChinese ? picker.dataset.zh : picker.dataset.en);
  rows = await response.json();
}

function ready() {
  loading ??= load().catch((problem) => {
    loading = null;
    throw problem;
  });
  return loading;
}

function recent() {
  try {
    return JSON.parse(localStorage.getItem(RECENT)) ?? [];
  } catch {
    return [];
  }
}

function remember(emoji) {
  const kept = [emoji, ...recent().filter((other) => other !== emoji)].slice(0, RECENT_MAX);
  localStorage.setItem(RECENT, JSON.stringify(kept));
}

function draw(found) {
  const grid = find("[data-grid]", picker);
  grid.replaceChildren(...found.map(button));
  grid.scrollTop = 0;
  find("[data-none]", picker).hidden = found.length > 0;
}

function button([emoji, name], index) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = emoji;
  element.title = name;
  element.ariaLabel = name;
  element.tabIndex = index === 0 ? 0 : -1;
  return element;
}

function group(name) {
  for (const tab of findAll("[data-group]", picker)) {
    tab.setAttribute("aria-pressed", String(tab.dataset.group === name));
  }
  if (name !== "recent") return draw(rows.filter((row) => String(row[2]) === name));
  const kept = recent();
  draw(kept.map((emoji) => rows.find((row) => row[0] === emoji)).filter(Boolean));
}

function search(words) {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const said = (row) => `${row[1]} ${row[3]}`.toLocaleLowerCase();
  draw(rows.filter((row) => wanted.every((word) => said(row).includes(word))).slice(0, FOUND_MAX));
}

// Opens beside `anchor`; `use(emoji)` gets each choice. One choice closes unless `stays`.
export async function pickEmoji(anchor, handler, { stays = false } = {}) {
  use = handler;
  staysOpen = stays;
  find("input", picker).value = "";
  picker.showPopover({ source: anchor });
  place(picker, anchor);
  if (matchMedia("(pointer: fine)").matches) find("input", picker).focus();
  await ready();
  const words = find("input", picker).value;
  if (words) search(words);
  else group(recent().length ? "recent" : "0");
  place(picker, anchor);
}

// Write at the cursor, as if typed: listeners of the field hear "input".
export function insert(field, text) {
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, data: text }));
}

on("click", "[data-emoji]", (_event, opener) => {
  const field = document.getElementById(opener.dataset.emoji);
  pickEmoji(opener, (emoji) => insert(field, emoji), { stays: true });
});

on("click", "#emoji [data-group]", (_event, tab) => {
  find("input", picker).value = "";
  group(tab.dataset.group);
});

// What is typed or chosen before the emoji have arrived is drawn when they have.
on("input", "#emoji input", (_event, input) => (input.value ? search(input.value) : group("0")));

on("click", "#emoji [data-grid] button", (_event, chosen) => {
  remember(chosen.textContent);
  use(chosen.textContent);
  if (!staysOpen) picker.hidePopover();
});

// One tab stop; arrows move over the grid, whose columns are counted from the first row.
on("keydown", "#emoji [data-grid]", (event, grid) => {
  const all = [...grid.children];
  const here = all.indexOf(document.activeElement);
  const columns = all.filter((item) => item.offsetTop === all[0].offsetTop).length;
  const ahead = getComputedStyle(grid).direction === "rtl" ? -1 : 1;
  const steps = { ArrowRight: ahead, ArrowLeft: -ahead, ArrowDown: columns, ArrowUp: -columns };
  const next = all[here + steps[event.key]];
  if (!next) return;
  event.preventDefault();
  all[here].tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
});
