// One registry of keyboard shortcuts, so that the list people see is the list that works.
//
//   shortcut("mod+k", gettext("Find a person or chat"), openSwitcher);
//
// "mod" is Ctrl, or ⌘ on a Mac. Single letters fire only when no field has focus, and can be switched
// off (data-letters="off" on <html>), because speech input may "type" them (WCAG 2.1.4).

import { find, isTyping } from "./dom.js";
import { open } from "./dialog.js";
import { gettext } from "./i18n.js";

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const known = new Map();
const layers = [];

export function shortcut(
  keys,
  label,
  run,
  { group = gettext("Everywhere"), when = () => true } = {},
) {
  known.set(keys, { label, run, group, when });
}

// A layer (reply bar, tray, selection) that Esc closes before anything behind it; returns an undo.
export function layer(close) {
  layers.push(close);
  return () => {
    const index = layers.indexOf(close);
    if (index >= 0) layers.splice(index, 1);
  };
}

function keysOf(event) {
  const parts = [];
  if (isMac ? event.metaKey : event.ctrlKey) parts.push("mod");
  if (event.altKey) parts.push("alt");
  if (event.shiftKey && event.key.length > 1) parts.push("shift");
  parts.push(event.key.length === 1 ? event.key.toLowerCase() : event.key.toLowerCase());
  return parts.join("+");
}

const isLetter = (keys) => keys.length === 1;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (event.key === "Escape" && closeTop()) return event.preventDefault();
  const keys = keysOf(event);
  const found = known.get(keys);
  if (!found?.when(event)) return;
  if (isLetter(keys) && (isTyping(event.target) || lettersAreOff())) return;
  event.preventDefault();
  found.run(event);
});

const lettersAreOff = () => document.documentElement.dataset.letters === "off";

// Dialogs and popovers close themselves on Esc; this is for our own layers.
function closeTop() {
  if (find("dialog[open], [popover]:popover-open")) return false;
  const close = layers.pop();
  close?.();
  return Boolean(close);
}

const NAMES = {
  mod: isMac ? "⌘" : "Ctrl",
  alt: isMac ? "⌥" : "Alt",
  shift: isMac ? "⇧" : "Shift",
  arrowup: "↑",
  arrowdown: "↓",
  escape: "Esc",
  enter: "Enter",
};

const keyNames = (keys) => keys.split("+").map((part) => NAMES[part] ?? part.toUpperCase());

// Ctrl+/ shows the list, grouped, in <dialog id="shortcuts">.
function showList() {
  const dialog = find("#shortcuts");
  const groups = Map.groupBy(known, ([, entry]) => entry.group);
  find("[data-list]", dialog).replaceChildren(
    ...[...groups].map(([name, entries]) => section(name, entries)),
  );
  open(dialog);
}

function section(name, entries) {
  const box = document.createElement("section");
  const title = document.createElement("h3");
  title.textContent = name;
  const rows = document.createElement("dl");
  rows.className = "keys";
  for (const [keys, { label }] of entries) {
    const what = document.createElement("dt");
    what.textContent = label;
    const how = document.createElement("dd");
    for (const part of keyNames(keys)) {
      const key = document.createElement("kbd");
      key.textContent = part;
      how.append(key, " ");
    }
    rows.append(what, how);
  }
  box.append(title, rows);
  return box;
}

if (find("#shortcuts")) shortcut("mod+/", gettext("Show all shortcuts"), showList);
