// Our own messages between the box and the server: drawn at once with a clock, then with a tick, or with the
// reason why not and two ways out.

import { announce, find, fromTemplate, on } from "../core/dom.js";
import { gettext } from "../core/i18n.js";
import { discard, listen, retry, say, waitingIn } from "../core/outbox.js";
import { goToLatest, note, tickFor } from "./feed.js";
import { change, hasNewer, list, put, rove, rowOf, toEnd } from "./log.js";
import { drawMine, fetchRow, isPlain, number, thread, tick } from "./rows.js";

// { type, text, body, quote, mentions, attachment } and, for pictures, how they look meanwhile.
export async function send(message, look = null) {
  if (hasNewer()) await goToLatest();
  looks.next = look;
  return say({ c: thread, ...message });
}

const looks = { next: null };
const pendingOf = (id) => find(`[data-client="${CSS.escape(id)}"]`, list);

function draw(entry, look) {
  const row = drawMine(entry);
  const bubble = find(".bubble", row);
  if (look) bubble.prepend(look);
  if (!entry.text && look) find("[data-text]", row).remove();
  change(() => list.append(row));
  rove(row);
  return row;
}

function onSending(entry) {
  let row = pendingOf(entry.id);
  if (!row) {
    row = draw(entry, looks.next ?? standIn(entry));
    looks.next = null;
    toEnd();
  }
  find(".msg__fail", row)?.remove();
  row.classList.remove("msg--failed");
  row.classList.add("msg--sending");
  tick(row, "sending");
}

// What cannot be drawn here is named until the server's own row comes.
function standIn(entry) {
  if (!entry.type || entry.type === "text") return null;
  const words = document.createElement("span");
  words.className = "muted";
  words.textContent = NAMES[entry.type] ?? gettext("Message");
  return words;
}

const NAMES = {
  image: gettext("Photo"),
  video: gettext("Video"),
  voice: gettext("Voice message"),
  file: gettext("File"),
  sticker: gettext("Sticker"),
  location: gettext("Location"),
  card: gettext("Card"),
};

async function onSent(entry, { seq }) {
  const row = pendingOf(entry.id);
  note(seq);
  if (!row) return;
  if (rowOf(seq)) return change(() => row.remove());
  delete row.dataset.client;
  row.classList.remove("msg--sending");
  number(row, seq);
  change(() => put(row));
  tickFor(row);
  if (isPlain(entry)) return;
  const drawn = await fetchRow(seq);
  if (drawn && rowOf(seq)) change(() => tickFor(put(drawn)));
}

function onFailed(entry, { code, message }) {
  const row = pendingOf(entry.id) ?? draw(entry, standIn(entry));
  row.classList.remove("msg--sending");
  row.classList.add("msg--failed");
  tick(row, "failed");
  const failure = fromTemplate("fail-template");
  if (message) find("[data-reason]", failure).textContent = message;
  const ask = find("[data-ask]", failure);
  if (ask) ask.hidden = code !== "chat.not_friends";
  find(".msg__fail", row)?.remove();
  change(() => find(".msg__body", row).append(failure));
  announce(message || gettext("Message not sent"));
}

const steps = {
  sending: onSending,
  sent: onSent,
  failed: onFailed,
  gone: (entry) => change(() => pendingOf(entry.id)?.remove()),
};

on("click", "[data-retry]", (_event, button) => {
  retry(button.closest("[data-client]").dataset.client);
});
on("click", "[data-discard]", (_event, button) => {
  discard(button.closest("[data-client]").dataset.client);
});

export async function start() {
  listen((what, entry, facts) => entry.c === thread && steps[what]?.(entry, facts));
  for (const entry of await waitingIn(thread)) {
    if (pendingOf(entry.id)) continue;
    if (entry.state === "failed") onFailed(entry, { code: entry.code, message: entry.reason });
    else onSending(entry);
  }
}
