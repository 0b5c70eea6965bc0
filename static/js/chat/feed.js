// What the server says about the open chat becomes rows. Every message has the next seq: a hole means that
// something is missing, and is fetched. Doing anything twice is harmless.

import { announce, find, fromTemplate } from "../core/dom.js";
import { isOpen, onEvent, onFrame, onState, say } from "../core/live.js";
import { request } from "../core/http.js";
import { confirm } from "../core/outbox.js";
import { change, hasNewer, isAtEnd, log, put, rowOf, rows, show, toEnd, trim } from "./log.js";
import { drawTheirs, fetchRow, me, page, said, thread, tick } from "./rows.js";

const HOLE_AFTER = 250;
const POLL_EVERY = 4000;
const REPLACE_AFTER = 200;

let last = Number(log.dataset.last);
let lastChange = Number(log.dataset.change);
let peerRead = Number(log.dataset.peerRead || -1);
const early = new Set();
let hole = 0;
let missed = 0;

const isOurs = (event) => event.c === thread;
const listeners = new Set();
export const onArrival = (listener) => listeners.add(listener);
export const lastSeq = () => last;

// A seq is known now: count on, and look for what is missing before it.
export function note(seq) {
  if (seq > last) early.add(seq);
  while (early.delete(last + 1)) last += 1;
  clearTimeout(hole);
  if (early.size) hole = setTimeout(fill, HOLE_AFTER);
}

async function fill() {
  try {
    await catchUp();
  } catch {
    hole = setTimeout(fill, POLL_EVERY);
  }
}

// Everything after the last seq without a hole before it.
async function catchUp() {
  if (hasNewer()) {
    const { rows: newest } = await page();
    return skipTo(newest);
  }
  for (let more = true; more; ) {
    const found = await page(`?after=${last}`);
    change(() => found.rows.forEach(arrive));
    const end = Number(found.rows.at(-1)?.dataset.seq ?? Math.max(last, ...early));
    advance(end);
    more = found.hasNewer;
  }
}

function advance(seq) {
  last = Math.max(last, seq);
  for (const known of early) if (known <= last) early.delete(known);
  while (early.delete(last + 1)) last += 1;
}

// The reader looks at older messages: what is new is only counted.
function skipTo(newest) {
  const end = Number(newest.at(-1)?.dataset.seq ?? last);
  count(Math.max(0, end - last));
  advance(end);
}

function arrive(row) {
  const isNew = !document.getElementById(row.id);
  const placed = put(row);
  tickFor(placed);
  if (isNew && !placed.hasAttribute("data-mine")) {
    if (!isAtEnd()) count(1);
    announce(said(placed));
  }
  for (const listener of listeners) listener(placed);
}

// The pill that leads to the newest message, with the number of those below.

const pill = find("[data-jump-latest]");

function count(more) {
  missed = more ? missed + more : 0;
  const words = find("[data-count]", pill);
  words.dataset.word ??= words.textContent;
  words.textContent = missed ? `${words.dataset.word} · ${missed}` : words.dataset.word;
}

export async function goToLatest() {
  if (hasNewer()) {
    await show();
    last = Math.max(last, Number(rows().at(-1)?.dataset.seq ?? 0));
  }
  toEnd();
  count(0);
}

function showPill() {
  if (!pill) return;
  pill.hidden = isAtEnd() && !hasNewer();
  if (pill.hidden) count(0);
}

// What happens

async function onMessage(event) {
  if (!isOurs(event)) return;
  if (event.by === me) confirm(event);
  if (event.seq <= last && rowOf(event.seq)) return;
  if (hasNewer()) {
    if (event.by !== me) count(1);
    showPill();
    return note(event.seq);
  }
  note(event.seq);
  const pending = find(`[data-client="${CSS.escape(event.client_id)}"]`);
  const row = (event.by !== me && drawTheirs(event)) || (await fetchRow(event.seq));
  if (!row) return;
  change(() => {
    pending?.remove();
    arrive(row);
    trim("top");
  });
  showPill();
}

async function onChanged({ seqs }) {
  const shown = seqs.map(Number).filter(rowOf);
  const found = await Promise.all(shown.map(fetchRow));
  change(() => {
    found.forEach((row, index) => {
      if (row) tickFor(put(row));
      else if (row === null) rowOf(shown[index])?.remove();
    });
  });
  for (const row of found) if (row) for (const listener of listeners) listener(row);
}

export const refresh = (seqs) => onChanged({ seqs });

onEvent("chat.message_sent", onMessage);
onEvent("chat.messages_changed", (event) => {
  if (!isOurs(event)) return;
  lastChange = Math.max(lastChange, event.change ?? 0);
  onChanged(event);
});
onEvent("chat.messages_hidden", (event) => {
  if (isOurs(event)) {
    change(() => {
      for (const seq of event.seqs) rowOf(seq)?.remove();
    });
  }
});
onEvent("chat.peer_read", (event) => {
  if (!isOurs(event) || event.by === me) return;
  peerRead = Math.max(peerRead, event.seq);
  for (const row of rows()) if (row.hasAttribute("data-mine")) tickFor(row);
});

export function tickFor(row) {
  const isRead = peerRead >= 0 && Number(row.dataset.seq) <= peerRead;
  if (row.hasAttribute("data-mine") && row.dataset.seq) tick(row, isRead ? "read" : "sent");
}

// What the account of this thread says to many comes with the newest page, and was read when it is seen.
onEvent("accounts.broadcast_changed", async (event) => {
  if (event.account !== log.dataset.official || hasNewer()) return;
  const { rows: newest } = await page();
  change(() => newest.filter((row) => row.dataset.broadcast).forEach(arrive));
  if (!document.hidden) readAll();
});

const readAll = () =>
  request(`/api/v1/conversations/${thread}/read/`, { method: "POST", json: { seq: last } });

// Catching up: by sync over the socket, by looking every few seconds without one.

onState((isUp) => isUp && say({ t: "sync", c: { [thread]: [last, lastChange] } }));
onFrame("resync", () => say({ t: "sync", c: { [thread]: [last, lastChange] } }));
onFrame("synced", async ({ c, gone }) => {
  if (gone?.includes(thread)) return location.reload();
  const found = c?.[thread];
  if (!found) return;
  lastChange = Math.max(lastChange, found.change);
  if (found.more || found.messages.length > REPLACE_AFTER) return startOver();
  await Promise.all(found.messages.map(onMessage));
  if (found.changed.length) onChanged({ seqs: found.changed });
  advance(found.to);
  note(found.to);
});

// Too much happened to add row by row: the newest page instead, under the same divider.
async function startOver() {
  await show();
  const end = Number(rows().at(-1)?.dataset.seq ?? last);
  const first = rows().find((row) => Number(row.dataset.seq) > last && !row.matches("[data-mine]"));
  first?.before(fromTemplate("divider-template"));
  advance(end);
  toEnd();
}

setInterval(() => {
  if (!isOpen() && !document.hidden && navigator.onLine) catchUp().catch(() => {});
}, POLL_EVERY);

pill?.addEventListener("click", goToLatest);
log.addEventListener("scroll", showPill, { passive: true });
export const start = showPill;
