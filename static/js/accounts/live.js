// Parts of a page that follow what happens elsewhere: <div id="…" data-live="accounts.contacts_changed …">.
// When such an event arrives the page is fetched again and the part replaced by its new self.
// With data-live-account only events about that account count. A part with data-live-waiting expects its
// event any moment: it looks once when the socket opens, for what came while the page travelled here.

import { find, findAll } from "../core/dom.js";
import { html, request } from "../core/http.js";
import { onEvent, onState } from "../core/live.js";
import { setBadge } from "../shell/badges.js";

const PAUSE = 250;
const waiting = new Set();
let timer = 0;

function concerns(part, event) {
  if (!part.dataset.live.split(" ").includes(event.kind)) return false;
  const about = part.dataset.liveAccount;
  const named = event.account?.id ?? event.account;
  return !about || !named || named === about;
}

async function refresh() {
  timer = 0;
  const ids = [...waiting];
  waiting.clear();
  const text = await html(location.href).catch(() => "");
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const id of ids) {
    const now = document.getElementById(id);
    const next = fresh.getElementById(id);
    if (!now || !next) continue;
    const top = now.scrollTop;
    const copy = document.importNode(next, true);
    now.replaceWith(copy);
    copy.scrollTop = top;
  }
  see();
}

function hear(event) {
  if ("waiting" in event) setBadge("contacts", event.waiting);
  for (const part of findAll("[data-live]")) {
    if (part.id && concerns(part, event)) waiting.add(part.id);
  }
  if (waiting.size && !timer) timer = setTimeout(refresh, PAUSE);
}

// Requests are seen once they have been on the screen; without scripts a button says so.
function see() {
  const part = find("[data-seen]");
  if (!part || document.hidden) return;
  const url = part.dataset.seen;
  delete part.dataset.seen;
  request(url, { method: "POST", headers: { Accept: "text/html" } }).catch(() => {});
}

onEvent("*", hear);

// Events are hints: whatever was said while the socket was away is caught up by looking again.
let wasOpen = false;
onState((isOpen) => {
  if (!isOpen) return;
  const due = findAll(wasOpen ? "[data-live][id]" : "[data-live-waiting][id]");
  wasOpen = true;
  for (const part of due) waiting.add(part.id);
  if (due.length) refresh();
});
document.addEventListener("visibilitychange", see);
see();
