// The unread count on the rail, the title and the icons. The server counts (muted chats, recalls and other
// devices are its business); this asks again when something happened that may have changed the number.

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

async function ask() {
  timer = 0;
  isAsking = true;
  isStale = false;
  try {
    const { unread } = await request("/chats/unread/");
    setBadge("chats", unread);
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
  let isFirst = true;
  onState((isUp) => {
    if (isUp && !isFirst) later();
    if (isUp) isFirst = false;
  });
  addEventListener("pageshow", (event) => event.persisted && later());
}
