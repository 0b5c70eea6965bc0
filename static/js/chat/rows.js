// Rows of messages: drawn here from the page's own <template> when they are plain words of somebody
// whose face is on the page, else asked for as HTML, a batch at a time.

import { find, findAll, fromTemplate } from "../core/dom.js";
import { gettext, format } from "../core/i18n.js";
import { stamp } from "../core/time.js";

const BATCH_AFTER = 60;
const BATCH_MAX = 50;

const log = find("#log");
export const thread = log.dataset.thread;
export const me = log.dataset.me;
export const base = `/chats/${thread}/`;

// Links, mentions and large emoji are the server's work.
const RICH = /https?:\/\/|^[\p{Extended_Pictographic}\p{Emoji_Component}\s]+$/iu;
export const isPlain = ({ text, type = "text", body = {}, quote, mentions }) =>
  type === "text" &&
  !quote &&
  !body.quote &&
  !(mentions ?? body.mentions)?.length &&
  !RICH.test(text);

// A row of our own that waits for its seq.
export function drawMine({ id, text = "", at }) {
  const row = fromTemplate("row-mine");
  row.removeAttribute("id");
  delete row.dataset.seq;
  row.dataset.client = id;
  fill(row, text, at);
  return row;
}

// Somebody else's plain words; null where the page does not know their face yet.
export function drawTheirs(event) {
  const like = find(`.msg[data-by="${CSS.escape(event.by)}"] .msg__face`);
  if (!like || !isPlain(event)) return null;
  const row = fromTemplate("row-theirs");
  row.dataset.by = event.by;
  find(".msg__face", row).replaceWith(like.cloneNode(true));
  const name = find("[data-name]", like.closest(".msg"))?.textContent ?? event.name;
  find("[data-name]", row).textContent = name;
  fill(row, event.text, event.at);
  return number(row, event.seq);
}

function fill(row, text, at) {
  row.dataset.at = String(Math.floor(at / 1000));
  find("[data-text]", row).textContent = text;
  stamp(find(".meta time", row), new Date(at));
}

export function number(row, seq) {
  row.id = `m${seq}`;
  row.dataset.seq = String(seq);
  find("[data-more]", row).href = `${base}m/${seq}/`;
  return row;
}

const LABELS = {
  sending: gettext("Sending"),
  sent: gettext("Sent"),
  read: gettext("Read"),
  failed: gettext("Not sent"),
};

// The little sign behind the time: sending, sent, read, failed.
export function tick(row, state) {
  const place = find("[data-tick]", row);
  if (!place || place.dataset.tick === state) return;
  place.dataset.tick = state;
  place.replaceChildren(document.getElementById(`tick-${state}`).content.cloneNode(true));
  place.title = LABELS[state];
}

// Rows as HTML: a page (?before=, ?after=, nothing for the newest) or some seqs.
export async function page(query = "") {
  const response = await fetch(`${base}rows/${query}`, {
    headers: { "X-Fragment": "1", Accept: "text/html" },
    credentials: "same-origin",
  });
  if (!response.ok) throw new Error(`rows: ${response.status}`);
  return {
    rows: parse(await response.text()),
    hasOlder: response.headers.get("X-Has-Older") === "1",
    hasNewer: response.headers.get("X-Has-Newer") === "1",
  };
}

export function parse(text) {
  const part = document.createRange().createContextualFragment(text);
  return findAll("li[data-seq], li[data-broadcast]", part);
}

let wanted = new Map();
let timer = 0;

// One row by its seq, asked for together with its neighbours; null when it is not ours to see.
export function fetchRow(seq) {
  const found = wanted.get(seq) ?? later();
  wanted.set(seq, found);
  if (!timer) timer = setTimeout(ask, BATCH_AFTER);
  if (wanted.size >= BATCH_MAX) ask();
  return found.promise;
}

function later() {
  const made = {};
  made.promise = new Promise((resolve) => {
    made.resolve = resolve;
  });
  return made;
}

async function ask() {
  clearTimeout(timer);
  timer = 0;
  const batch = wanted;
  wanted = new Map();
  const found = new Map();
  try {
    const { rows } = await page(`?seq=${[...batch.keys()].join(",")}`);
    for (const row of rows) found.set(Number(row.dataset.seq), row);
    for (const [seq, { resolve }] of batch) resolve(found.get(seq) ?? null);
  } catch {
    // The line is gone: the next sync asks again.
    for (const { resolve } of batch.values()) resolve(undefined);
  }
}

export const nameOf = (row) => find("[data-name]", row)?.textContent ?? gettext("You");

// What a row says, in one line: for the reply bar and for readers.
export function lineOf(row) {
  const words = find(".bubble__text", row)?.textContent.trim();
  if (words) return words;
  const image = find("img[alt]:not(.av img)", find(".msg__body", row) ?? row);
  return image?.alt || find("b, .filecard__name", row)?.textContent || gettext("Message");
}

export const said = (row) =>
  format(gettext("%(name)s: %(text)s"), { name: nameOf(row), text: lineOf(row) });
