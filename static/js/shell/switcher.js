// Ctrl/⌘+K: type a few letters, arrows choose, Enter goes. The rows are HTML from the server
// (data-url?q=…), so a result looks here as it does in the list.

import { open } from "../core/dialog.js";
import { find, findAll } from "../core/dom.js";
import { html } from "../core/http.js";
import { gettext } from "../core/i18n.js";
import { shortcut } from "../core/shortcuts.js";

const PAUSE = 120;
const dialog = find("#switcher");

function focusSearch() {
  const box = findAll("input[data-search]").find((input) => input.checkVisibility());
  box?.focus();
  box?.select();
}

shortcut("mod+k", gettext("Find a person or chat"), dialog ? show : focusSearch);

function show() {
  if (dialog.open) return;
  open(dialog);
  find("input", dialog).value = "";
  search("");
}

let current = null;
async function search(query) {
  current?.abort();
  current = new AbortController();
  const { signal } = current;
  const results = find("[data-results]", dialog);
  try {
    const rows = await html(`${dialog.dataset.url}?q=${encodeURIComponent(query)}`, { signal });
    results.replaceChildren(document.createRange().createContextualFragment(rows));
    mark(0);
  } catch (problem) {
    if (!signal.aborted) results.textContent = problem.message;
  }
}

const rows = () => findAll("[data-results] a", dialog);

// The field keeps the focus; aria-activedescendant tells a reader which row is meant.
function mark(index) {
  const all = rows();
  all.forEach((row, i) => {
    row.id ||= `switch-${i}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(i === index));
    row.tabIndex = -1;
  });
  const chosen = all[index];
  find("input", dialog).setAttribute("aria-activedescendant", chosen?.id ?? "");
  chosen?.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = rows();
  const here = all.findIndex((row) => row.getAttribute("aria-selected") === "true");
  if (all.length) mark((here + step + all.length) % all.length);
}

let timer = 0;
dialog?.addEventListener("input", (event) => {
  clearTimeout(timer);
  timer = setTimeout(() => search(event.target.value.trim()), PAUSE);
});

dialog?.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "ArrowDown") move(1);
  else if (event.key === "ArrowUp") move(-1);
  else if (event.key === "Enter") find('[aria-selected="true"]', dialog)?.click();
  else return;
  event.preventDefault();
});
