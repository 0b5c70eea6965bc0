// What is done to one message: the bar beside it, its menu (right mouse button, long press, Enter), reactions,
// recall and "Edit again".

import { confirm } from "../core/dialog.js";
import { find, findAll, fromTemplate, on } from "../core/dom.js";
import { html, request, show } from "../core/http.js";
import { gettext } from "../core/i18n.js";
import { openAt } from "../core/menu.js";
import { toast } from "../core/toast.js";
import { replyTo, write } from "./composer.js";
import { onArrival, refresh } from "./feed.js";
import { change, jumpTo, list, log, rowOf } from "./log.js";
import { base, lineOf, thread } from "./rows.js";
import { startChoosing } from "./select.js";
import { openSheet } from "./sheet.js";

const LONG_PRESS = 500;
const FRAGMENT = { "X-Fragment": "1" };

const menu = find("#message-menu");
const reactions = find("#quick-react");
let chosen = null;

// Steps

// form data → the server; the row comes back as it is now.
async function post(url, body, verb, seq) {
  try {
    const said = await request(url, { method: "POST", body, headers: FRAGMENT });
    if (verb === "recall") keepForEditing(seq, said);
    else if (said) toast(said);
    if (verb === "delete") change(() => rowOf(seq)?.remove());
    else await refresh([seq]);
  } catch (problem) {
    show(problem);
  }
}

const addressOf = (seq) => `${base}m/${seq}/do/`;
export const act = (seq, verb) =>
  post(addressOf(seq), new URLSearchParams({ verb }), verb.split(":")[0], seq);

export async function remove(seq) {
  const isSure = await confirm({
    title: gettext("Delete this message for you?"),
    text: gettext("Others keep it."),
    verb: gettext("Delete"),
    kind: "danger",
  });
  if (isSure) act(seq, "delete");
}

on("submit", ".react, [data-act]", (event, form) => {
  event.preventDefault();
  const seq = Number(/\/m\/(\d+)\/do\//.exec(form.action)[1]);
  const verb = event.submitter.value;
  if (menu.matches(":popover-open")) menu.hidePopover();
  if (verb === "delete") remove(seq);
  else act(seq, verb);
});

on("click", "[data-react]", (_event, button) => {
  reactions.hidePopover();
  act(chosen.dataset.seq, `react:${button.dataset.react}`);
});

// Reacting twice with the same sign takes it back: the row knows.
export function react(row, anchor) {
  chosen = row;
  reactions.showPopover({ source: anchor });
  const at = anchor.getBoundingClientRect();
  reactions.style.left = `${Math.min(at.left, innerWidth - reactions.offsetWidth - 8)}px`;
  reactions.style.top = `${Math.max(8, at.top - reactions.offsetHeight - 6)}px`;
  find("button", reactions).focus();
}

// The menu

export async function openMenu(row, anchor = find(".bubble, .pic, .mcard, .stk", row) ?? row) {
  if (!row.dataset.seq) return;
  chosen = row;
  try {
    const items = await html(`${base}m/${row.dataset.seq}/`, { headers: FRAGMENT });
    menu.replaceChildren(document.createRange().createContextualFragment(items));
  } catch (problem) {
    return show(problem);
  }
  openAt(menu, anchor);
}

on("click", "[data-menu-reply]", (event) => {
  event.preventDefault();
  replyTo(chosen);
});
on("click", "[data-menu-copy]", async () => {
  await navigator.clipboard.writeText(lineOf(chosen));
  toast(gettext("Copied"));
});
on("click", "[data-menu-select]", () => startChoosing(chosen));
on("click", "[data-menu-sheet]", (event, link) => {
  event.preventDefault();
  openSheet(link.href, chosen);
});
on("click", "[data-more]", (event, link) => {
  const row = link.closest("[data-seq]");
  if (!row || !list.contains(row)) return;
  event.preventDefault();
  openMenu(row, link);
});

const isOwnMenu = (target) => target.closest("input, textarea, video, audio");

list.addEventListener("contextmenu", (event) => {
  const row = event.target.closest("[data-seq]");
  const isSelecting = !getSelection().isCollapsed;
  if (!row || event.shiftKey || isSelecting || isOwnMenu(event.target)) return;
  event.preventDefault();
  if (!log.classList.contains("is-choosing")) openMenu(row);
});

// Long press, where the browser has no context menu event for it (Safari on phones).
let pressed = 0;
list.addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "touch") return;
  const row = event.target.closest("[data-seq]");
  const { clientX: x, clientY: y } = event;
  clearTimeout(pressed);
  if (!row || isOwnMenu(event.target) || log.classList.contains("is-choosing")) return;
  pressed = setTimeout(() => openMenu(row), LONG_PRESS);
  const cancel = (moved) => {
    if (moved.type === "pointermove" && Math.hypot(moved.clientX - x, moved.clientY - y) < 8)
      return;
    clearTimeout(pressed);
    for (const kind of ENDS) removeEventListener(kind, cancel);
  };
  for (const kind of ENDS) addEventListener(kind, cancel);
});
const ENDS = ["pointermove", "pointerup", "pointercancel"];

// The bar beside the message under the mouse

const bar = fromTemplate("hoverbar-template");

list.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const row = event.target.closest(".msg[data-seq]");
  if (row && bar.closest(".msg") !== row) find(".msg__body", row).prepend(bar);
});

on("click", "[data-tool]", (_event, button) => {
  const row = button.closest("[data-seq]");
  if (button.dataset.tool === "reply") replyTo(row);
  else if (button.dataset.tool === "react") react(row, button);
  else openMenu(row, button);
});

// Quotes lead to what they quote

on("click", "#messages [data-jump]", (event, link) => {
  event.preventDefault();
  jumpTo(Number(link.dataset.jump));
});

// Edit again: the words of a message just recalled stay in this tab for a few minutes.

const keyOf = (seq) => `edit-again:${thread}:${seq}`;

function keepForEditing(seq, words) {
  if (!words) return;
  const until = Date.now() + Number(log.dataset.reeditSeconds) * 1000;
  sessionStorage.setItem(keyOf(seq), JSON.stringify({ words, until }));
}

function offerEditing(row) {
  const button = find("[data-edit-again]", row);
  const kept = button && JSON.parse(sessionStorage.getItem(keyOf(row.dataset.seq)) ?? "null");
  const left = (kept?.until ?? 0) - Date.now();
  if (!button || left <= 0) return;
  button.hidden = false;
  setTimeout(() => {
    button.hidden = true;
  }, left);
}

on("click", "[data-edit-again]", (_event, button) => {
  const key = keyOf(button.closest("[data-seq]").dataset.seq);
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  button.hidden = true;
  sessionStorage.removeItem(key);
  if (kept) write(kept.words);
});

// A pat: two quick taps on a face. One tap opens the card, a moment later.

let faceTimer = 0;
on("click", "#messages [data-face]", (event, face) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.detail === 0) return;
  event.preventDefault();
  clearTimeout(faceTimer);
  if (event.detail === 1) {
    faceTimer = setTimeout(() => location.assign(face.href), 280);
    return;
  }
  const body = new URLSearchParams({ account: face.dataset.face });
  request(`${base}pat/`, { method: "POST", body, headers: FRAGMENT }).catch(show);
});

// "Got it" under an announcement

on("submit", "form[data-quiet]", async (event, form) => {
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  try {
    await request(form.action, { method: "POST", body, headers: FRAGMENT });
    form.closest("[data-announcement]").remove();
  } catch (problem) {
    show(problem);
  }
});

export function start() {
  onArrival(offerEditing);
  for (const row of findAll("[data-kind=recalled]", list)) offerEditing(row);
}
