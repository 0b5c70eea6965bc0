// The unread count on the rail, the title and the icons. The server counts (muted chats, recalls and other
// devices are its business); this asks again when something happened that may have changed the number, and
// once when the socket opens: what was said while the page travelled here reached no socket of it.

import { find } from "../core/dom.js";
import { request } from "../core/http.js";
import { onEvent, onState } from "../core/live.js";
import { setBadge } from "./badges.js";

const PAUSE = 150;
const MAY_CHANGE = [
  "chat.message_sent",
  "chat.messages_changed",
  "chat.messages_hidden",
  "chat.read_moved",
  "chat.seat_changed",
  "chat.conversation_changed",
];

let timer = 0;
let isAsking = false;
let isStale = false;
let since = find(".rail")?.dataset.asOf;

async function ask() {
  timer = 0;
  isAsking = true;
  isStale = false;
  try {
    const { unread, moved } = await request(`/chats/unread/${since ? `?since=${since}` : ""}`);
    since = "";
    setBadge("chats", unread);
    for (const chat of moved)
      document.dispatchEvent(new CustomEvent("chat:row", { detail: { chat } }));
  } catch {
    // The next event, or the next connection, asks again.
  } finally {
    isAsking = false;
    if (isStale) later();
  }
}

function later() {
  isStale = true;
  if (!isAsking && !timer) timer = setTimeout(ask, PAUSE);
}

if (find('[data-tab="chats"]')) {
  for (const kind of MAY_CHANGE) onEvent(kind, later);
  onState((isUp) => isUp && later());
  addEventListener("pageshow", (event) => event.persisted && later());
}
