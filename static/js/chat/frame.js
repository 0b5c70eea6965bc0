// What stands around the log: title, members, banners, and whether one may write. When the chat changes, the
// page is read again and these parts are taken from it.

import { find } from "../core/dom.js";
import { html } from "../core/http.js";
import { onEvent } from "../core/live.js";
import { base, thread } from "./rows.js";

const PAUSE = 300;
const PARTS = ["[data-thread-title]", "[data-subtitle]", ".thread__who .av"];

let timer = 0;

async function read() {
  timer = 0;
  const text = await html(base, { headers: { "X-Fragment": "1" } }).catch(
    (problem) => problem.status === 404 && location.assign("/chats/"),
  );
  if (!text) return;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const part of PARTS) {
    const [now, next] = [find(part), find(part, fresh)];
    if (now && next) now.replaceChildren(...document.importNode(next, true).childNodes);
  }
  adoptBanners(fresh);
  const [isOpen, wasOpen] = [find("#composer", fresh), find("#composer")].map(Boolean);
  if (isOpen !== wasOpen) location.reload();
}

function adoptBanners(fresh) {
  const log = find("#log");
  for (const banner of document.querySelectorAll("#main > .thread__banner")) banner.remove();
  for (const banner of fresh.querySelectorAll("#main > .thread__banner")) {
    log.before(document.importNode(banner, true));
  }
}

function later(event) {
  if (event.c === thread && !timer) timer = setTimeout(read, PAUSE);
}

export function start() {
  onEvent("chat.conversation_changed", later);
}
