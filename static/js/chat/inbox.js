// The list of chats follows what happens: a row is asked for again as HTML and moves to where it belongs,
// pinned ones first, then the newest.

import { find, findAll, on } from "../core/dom.js";
import { html } from "../core/http.js";
import { onEvent, onState } from "../core/live.js";
import "./next.js";
import "./row-menu.js";
import "./swipe.js";

const PAUSE = 80;
const TYPING_LASTS = 6000;
const SPREAD = 1500;

const list = find("[data-inbox]");
const open =
  find("#log")?.dataset.thread ??
  find('.conv[aria-current="page"]')?.closest("[data-chat]")?.dataset.chat;

export const rowFor = (c) => find(`[data-chat="${CSS.escape(c)}"]`, list);

// One row anew

const waiting = new Set();
let timer = 0;

export function refresh(c) {
  waiting.add(c);
  if (!timer) timer = setTimeout(ask, PAUSE);
}

async function ask() {
  timer = 0;
  const batch = [...waiting];
  waiting.clear();
  const folder = `?folder=${list.dataset.folder}&only=${list.dataset.only}`;
  await Promise.all(
    batch.map(async (c) => {
      try {
        const text = await html(list.dataset.rowUrl.replace("ID", c) + folder);
        place(c, text);
      } catch (problem) {
        if (problem.status === 404) place(c, null);
      }
    }),
  );
}

function place(c, text) {
  const old = rowFor(c);
  if (text === null) {
    old?.remove();
    if (!old && list.dataset.folder === "main") reloadAll();
    return;
  }
  const row = document.createRange().createContextualFragment(text).firstElementChild;
  if (!row) return;
  if (c === open) find(".conv", row).setAttribute("aria-current", "page");
  const hadFocus = old?.contains(document.activeElement);
  old?.remove();
  find(".empty", list.parentElement)?.remove();
  const next = findAll(":scope > [data-chat]", list).find((other) => isBefore(row, other));
  if (next) next.before(row);
  else list.append(row);
  if (hadFocus) find(".conv", row).focus({ preventScroll: true });
}

function isBefore(row, other) {
  const [mine, theirs] = [row, other].map((one) => "pinned" in one.dataset);
  if (mine !== theirs) return mine;
  return Number(row.dataset.at) >= Number(other.dataset.at);
}

// Everything anew: after a lost connection, or when greetings came and went.

let isReloading = false;
export async function reloadAll() {
  if (isReloading) return;
  isReloading = true;
  try {
    const only = list.dataset.only ? `?only=${list.dataset.only}` : "";
    adopt(await html(list.dataset.pageUrl + only));
  } catch {
    // Still away: the next connection reads again.
  } finally {
    isReloading = false;
  }
}

function adopt(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const box = find(".list-rows", fresh);
  const mine = list.closest(".list-rows");
  if (!box) return;
  const rows = find("[data-inbox]", box);
  const others = [...box.children].filter((child) => !child.contains(rows));
  for (const child of [...mine.children]) if (!child.contains(list)) child.remove();
  const isAbove = (child) => rows.compareDocumentPosition(child) & Node.DOCUMENT_POSITION_PRECEDING;
  for (const child of others) {
    if (isAbove(child)) list.before(document.importNode(child, true));
    else list.parentElement.append(document.importNode(child, true));
  }
  list.replaceChildren(...[...rows.children].map((row) => document.importNode(row, true)));
  if (open)
    find(".conv", rowFor(open) ?? document.createElement("i"))?.setAttribute(
      "aria-current",
      "page",
    );
}

// More chats when the end of the list comes near.

async function more(link) {
  if (link.dataset.busy) return;
  link.dataset.busy = "1";
  const fresh = new DOMParser().parseFromString(await html(link.href), "text/html");
  for (const row of findAll("[data-inbox] > [data-chat]", fresh)) {
    if (!rowFor(row.dataset.chat)) list.append(document.importNode(row, true));
  }
  const next = find("[data-more]", find(".list-rows", fresh));
  if (next) {
    link.href = next.getAttribute("href");
    delete link.dataset.busy;
  } else link.parentElement.remove();
}

on("click", ".list-rows [data-more]", (event, link) => {
  event.preventDefault();
  more(link).catch(() => location.assign(link.href));
});

// Typing

const typing = new Map();

export function showTyping(c, isTyping) {
  const row = rowFor(c);
  if (!row) return;
  find("[data-typing]", row).hidden = !isTyping;
  find("[data-preview]", row).hidden = isTyping;
  clearTimeout(typing.get(c));
  if (isTyping)
    typing.set(
      c,
      setTimeout(() => showTyping(c, false), TYPING_LASTS),
    );
}

if (list) {
  for (const kind of [
    "chat.message_sent",
    "chat.messages_changed",
    "chat.messages_hidden",
    "chat.read_moved",
    "chat.seat_changed",
    "chat.conversation_changed",
  ]) {
    onEvent(kind, (event) => refresh(event.c));
  }
  document.addEventListener("chat:row", ({ detail }) => refresh(detail.chat));
  onEvent("chat.typing", (event) => showTyping(event.c, true));
  // Many hear of it at once: they do not all ask in the same moment.
  onEvent("accounts.broadcast_changed", () => setTimeout(reloadAll, Math.random() * SPREAD));
  onEvent("accounts.contacts_changed", reloadAll);
  onEvent("accounts.profile_changed", reloadAll);
  let wasUp = false;
  onState((isUp) => {
    if (isUp && wasUp) reloadAll();
    if (isUp) wasUp = true;
  });
  addEventListener("pageshow", (event) => event.persisted && reloadAll());
}
