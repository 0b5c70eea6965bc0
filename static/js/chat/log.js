// The log itself: rows in the order of their seq, days and groups between them, and a scroll position that
// stays where the reader put it.

import { find, findAll, fromTemplate } from "../core/dom.js";
import { dayOf, stamp } from "../core/time.js";
import { page } from "./rows.js";

const NEAR_END = 96;
const ROWS_MAX = 300;
const TOGETHER = 300;
const SCREENS_AHEAD = 1.5;

export const log = find("#log");
export const list = find("#messages");

// What an account said to many has no seq: it stands by the time at which it was sent.
export const rows = () => findAll("[data-seq], [data-client], [data-broadcast]", list);
export const rowOf = (seq) => document.getElementById(`m${seq}`);
export const firstSeq = () => Number(find("[data-seq]", list)?.dataset.seq ?? 0);
export const hasNewer = () => "hasNewer" in log.dataset;

// Where the reader is

let sticks = true;
let knownTop = 0;
export const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;

function noteScroll() {
  knownTop = log.scrollTop;
  sticks = isAtEnd();
}

export function toEnd() {
  log.scrollTop = log.scrollHeight;
  knownTop = log.scrollTop;
  sticks = true;
}

function anchor() {
  const top = log.getBoundingClientRect().top;
  const row = rows().find((candidate) => candidate.getBoundingClientRect().bottom > top);
  return row && { row, top: row.getBoundingClientRect().top };
}

// Change the rows; then days and groups are right again, and the reader has not moved, unless they
// were at the end, where new rows come into view.
export function change(steps, { follow = true } = {}) {
  const wasAtEnd = follow && sticks && !hasNewer();
  const kept = anchor();
  const result = steps();
  arrange();
  if (wasAtEnd) toEnd();
  else if (kept?.row.isConnected) log.scrollTop += kept.row.getBoundingClientRect().top - kept.top;
  find("[data-none]")?.remove();
  return result;
}

// Rows in and out

export function put(row) {
  if (row.dataset.broadcast) return putBroadcast(row);
  const seq = Number(row.dataset.seq);
  const old = rowOf(seq);
  if (old && old !== row) {
    carryOver(old, row);
    old.replaceWith(row);
  } else if (!old || !row.isConnected) {
    const next = rows().find((other) => comesAfter(other, row, seq));
    if (next) beforeOf(next).before(row);
    else list.append(row);
  }
  rove(row);
  return row;
}

function comesAfter(other, row, seq) {
  if (other.dataset.broadcast) return Number(other.dataset.at) > Number(row.dataset.at);
  return !other.dataset.seq || Number(other.dataset.seq) > seq;
}

function putBroadcast(row) {
  const old = document.getElementById(row.id);
  if (old && old !== row) old.replaceWith(row);
  else {
    const next = rows().find((other) => Number(other.dataset.at) > Number(row.dataset.at));
    if (next) beforeOf(next).before(row);
    else list.append(row);
  }
  rove(row);
  return row;
}

// The focus outlives the row it belongs to, and a voice message that was heard stays heard, though the new
// row was asked for before.
function carryOver(old, row) {
  const [before, voice] = [old, row].map((one) => find("[data-voice]", one));
  if (before && voice && !("new" in before.dataset)) {
    delete voice.dataset.new;
    find("[data-dot]", voice)?.remove();
  }
  row.tabIndex = old.tabIndex;
  if (old.contains(document.activeElement))
    queueMicrotask(() => row.focus({ preventScroll: true }));
}

// Separators belong to the row that follows them.
function beforeOf(row) {
  let first = row;
  while (first.previousElementSibling?.matches("[data-day]")) first = first.previousElementSibling;
  return first;
}

export function arrange() {
  let before = null;
  for (const row of rows()) {
    const isNewDay = !before || day(before) !== day(row);
    separate(row, isNewDay);
    const starts = isNewDay || !isTogether(before, row) || hasDivider(row);
    row.classList.toggle("msg--first", starts);
    before?.classList.toggle("msg--last", starts);
    before = row;
  }
  before?.classList.add("msg--last");
}

const day = (row) => dayOf(new Date(Number(row.dataset.at) * 1000));
const hasDivider = (row) => Boolean(row.previousElementSibling?.matches("[data-divider]"));
const isTogether = (one, other) =>
  one.matches(".msg") &&
  other.matches(".msg") &&
  one.dataset.by === other.dataset.by &&
  Number(other.dataset.at) - Number(one.dataset.at) < TOGETHER;

function separate(row, isNewDay) {
  let sign = row.previousElementSibling;
  if (sign?.matches("[data-divider]")) sign = sign.previousElementSibling;
  const has = Boolean(sign?.matches("[data-day]"));
  if (has && !isNewDay) sign.remove();
  if (has || !isNewDay) return;
  const made = fromTemplate("day-template");
  stamp(find("time", made), new Date(Number(row.dataset.at) * 1000), "day");
  const place = hasDivider(row) ? row.previousElementSibling : row;
  place.before(made);
}

// Keep the page light: rows far from the reader go, and are loaded again when somebody scrolls there.
export function trim(side) {
  const all = rows().filter((row) => row.dataset.seq);
  const extra = all.length - ROWS_MAX;
  if (extra <= 0) return;
  const gone = side === "top" ? all.slice(0, extra) : all.slice(-extra);
  for (const row of gone) row.remove();
  log.dataset[side === "top" ? "hasOlder" : "hasNewer"] = "";
}

// History

let isLoading = false;

async function loadOlder() {
  const { rows: found, hasOlder } = await page(`?before=${firstSeq()}`);
  change(
    () => {
      for (const row of found) put(row);
      trim("bottom");
    },
    { follow: false },
  );
  if (!hasOlder) delete log.dataset.hasOlder;
  find("[data-older]")?.remove();
}

async function loadNewer() {
  const last = rows()
    .filter((row) => row.dataset.seq)
    .at(-1);
  const { rows: found, hasNewer: more } = await page(`?after=${last.dataset.seq}`);
  change(
    () => {
      for (const row of found) put(row);
      if (!more) delete log.dataset.hasNewer;
      trim("top");
    },
    { follow: false },
  );
  if (!more) find("[data-newer]")?.remove();
}

async function look() {
  if (isLoading || !firstSeq()) return;
  const ahead = log.clientHeight * SCREENS_AHEAD;
  const below = log.scrollHeight - log.scrollTop - log.clientHeight;
  const load =
    "hasOlder" in log.dataset && log.scrollTop < ahead
      ? loadOlder
      : hasNewer() && below < ahead
        ? loadNewer
        : null;
  if (!load) return;
  isLoading = true;
  try {
    await load();
  } catch {
    // The line is gone; the next scroll tries again.
  } finally {
    isLoading = false;
  }
}

// All rows anew: the newest page, or the one around a message.
export async function show(query = "") {
  const found = await page(query);
  list.replaceChildren(...found.rows);
  log.toggleAttribute("data-has-older", found.hasOlder);
  log.toggleAttribute("data-has-newer", found.hasNewer);
  find("[data-older]")?.remove();
  find("[data-newer]")?.remove();
  arrange();
  for (const row of found.rows) rove(row);
  return found.rows;
}

export async function jumpTo(seq) {
  if (!rowOf(seq)) await show(`?at=${seq}`);
  const row = rowOf(seq);
  if (!row) return;
  row.scrollIntoView({ block: "center" });
  sticks = isAtEnd();
  row.classList.remove("is-found");
  void row.offsetWidth;
  row.classList.add("is-found");
  focusRow(row);
}

// One tab stop for the whole log: the row that has it lets its own controls be reached as well.

const controls = (row) => findAll("a[href], button, audio", row);
let current = null;

export function rove(row) {
  if (row === current) return;
  row.tabIndex = -1;
  for (const control of controls(row)) control.tabIndex = -1;
}

export function makeCurrent(row) {
  if (!row || row === current) return;
  const before = current;
  current = row;
  if (before?.isConnected) rove(before);
  row.tabIndex = 0;
  for (const control of controls(row)) control.removeAttribute("tabindex");
}

export const currentRow = () => (current?.isConnected ? current : null);

export function focusRow(row) {
  makeCurrent(row);
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

export function start() {
  log.dataset.ready = "";
  log.removeAttribute("tabindex");
  arrange();
  for (const row of rows()) rove(row);
  makeCurrent(rows().at(-1));
  const target = location.hash.startsWith("#m") && find(location.hash);
  const divider = find("#unread");
  toEnd();
  if (target) target.scrollIntoView({ block: "center" });
  else if (divider && divider.getBoundingClientRect().top < log.getBoundingClientRect().top) {
    divider.scrollIntoView({ block: "start" });
  }
  sticks = isAtEnd();
  log.addEventListener(
    "scroll",
    () => {
      noteScroll();
      look();
    },
    { passive: true },
  );
  // The keyboard of a phone, a reply bar or a picture that arrives changes heights: the end stays in view.
  // A reader who has just scrolled away counts as away, though the scroll event is still to come.
  const keep = new ResizeObserver(() => {
    if (log.scrollTop !== knownTop) noteScroll();
    if (sticks && !hasNewer()) toEnd();
  });
  keep.observe(log);
  keep.observe(list);
  look();
}
