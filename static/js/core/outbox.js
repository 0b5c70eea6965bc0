// What was said and not yet stored, kept in IndexedDB until the server answers: a reload, a crash or a
// tunnel loses nothing. Every message has an id of ours, and the server stores an id once, so anything
// may be sent again. Messages of one chat go out one after the other.
//
//   say({ c, type, text, … }) → entry      listen((what, entry, facts) => …): sending, sent, failed, gone

import { Problem, request } from "./http.js";
import { isOpen, onFrame, onState, say as sayLive } from "./live.js";

const ACK_WITHIN = 10_000;
const RETRY_AFTER = 3000;
const FIELDS = ["type", "text", "body", "quote", "mentions", "attachment"];
// Worth another try without asking: the server was away, or asked for patience.
const PASSING = new Set(["chat.try_again", "too_many", "offline", "limits.too_many"]);

const waiting = new Map(); // chat → entries in order
const listeners = new Set();
const answers = new Map(); // id → what to call with its ack or refusal
const busy = new Set(); // chats with an entry on its way

export const listen = (listener) => listeners.add(listener);
const tell = (what, entry, facts) => {
  for (const listener of listeners) listener(what, entry, facts);
};

// Time first, so that ids sort as they were made; letters, digits and dashes as the protocol wants.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  const tail = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${Date.now().toString(16).padStart(12, "0")}-${tail}`;
}

export function say(message) {
  const entry = { id: newId(), at: Date.now(), state: "waiting", ...message };
  queueOf(entry.c).push(entry);
  keep(entry);
  tell("sending", entry);
  drain(entry.c);
  return entry;
}

export function retry(id) {
  const entry = entryOf(id);
  if (!entry) return;
  entry.state = "waiting";
  entry.tries = 0;
  keep(entry);
  tell("sending", entry);
  drain(entry.c);
}

export function discard(id) {
  const entry = entryOf(id);
  if (!entry) return;
  forget(entry);
  tell("gone", entry);
}

// What is left of an earlier page, oldest first.
export async function waitingIn(c) {
  await loaded;
  return [...queueOf(c)];
}

const queueOf = (c) => waiting.get(c) ?? waiting.set(c, []).get(c);
const entryOf = (id) => [...waiting.values()].flat().find((entry) => entry.id === id);

async function drain(c) {
  if (busy.has(c)) return;
  busy.add(c);
  try {
    await loaded;
    for (;;) {
      const entry = queueOf(c).find((candidate) => candidate.state === "waiting");
      if (!entry || !(await deliver(entry))) return;
    }
  } finally {
    busy.delete(c);
  }
}

// true: this one is settled, the next may go. false: stop here, and begin again when the line is back.
async function deliver(entry) {
  try {
    const facts = await (isOpen() ? overSocket(entry) : overHttp(entry));
    forget(entry);
    tell("sent", entry, facts);
    return true;
  } catch (problem) {
    return PASSING.has(problem.code) ? later(entry, problem) : failed(entry, problem);
  }
}

function later(entry, problem) {
  entry.tries = (entry.tries ?? 0) + 1;
  if (problem.code === "offline" && entry.tries >= 2 && isOpen()) return failed(entry, problem);
  setTimeout(() => drain(entry.c), (problem.retryAfter || 0) * 1000 || RETRY_AFTER);
  return false;
}

function failed(entry, problem) {
  entry.state = "failed";
  entry.code = problem.code;
  entry.reason = problem.message;
  keep(entry);
  tell("failed", entry, { code: problem.code, message: problem.message });
  return true;
}

const fieldsOf = (entry) =>
  Object.fromEntries(FIELDS.filter((name) => entry[name] !== undefined).map((n) => [n, entry[n]]));

function overSocket(entry) {
  return new Promise((resolve, reject) => {
    let isSecond = false;
    const frame = { t: "send", id: entry.id, c: entry.c, ...fieldsOf(entry) };
    const late = () => {
      if (isSecond || !sayLive(frame)) return settle(reject, offline());
      isSecond = true;
      timer = setTimeout(late, ACK_WITHIN);
    };
    let timer = setTimeout(late, ACK_WITHIN);
    const settle = (how, value) => {
      clearTimeout(timer);
      answers.delete(entry.id);
      how(value);
    };
    answers.set(entry.id, {
      yes: (facts) => settle(resolve, facts),
      no: (refusal) => settle(reject, refusal),
    });
    if (!sayLive(frame)) settle(reject, offline());
  });
}

async function overHttp(entry) {
  const url = `/api/v1/conversations/${entry.c}/messages/`;
  const json = { client_id: entry.id, ...fieldsOf(entry) };
  const { seq, at } = await request(url, { method: "POST", json });
  return { seq, at };
}

const offline = () => new Problem({ title: "" });

onFrame("ack", (frame) => answers.get(frame.id)?.yes(frame));
onFrame("refused", ({ id, code, message }) =>
  answers.get(id)?.no(new Problem({ title: message, code, status: 403 })),
);

// A socket that closed takes its answers with it; whatever had been said is said again.
onState((isUp) => {
  if (!isUp) for (const answer of [...answers.values()]) answer.no(offline());
  else for (const c of waiting.keys()) drain(c);
});

// An event about our own message is as good as an ack: it may come from a send over HTTP.
export const confirm = (event) => answers.get(event.client_id)?.yes(event);

// Keeping

const NAME = `outbox-${document.querySelector("[data-me]")?.dataset.me ?? "me"}`;
let database = null;

const opened = new Promise((resolve) => {
  try {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("entries", { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve(null);
    asked.onblocked = () => resolve(null);
  } catch {
    resolve(null);
  }
});

const store = (mode) => database?.transaction("entries", mode).objectStore("entries");

const loaded = opened.then(async (found) => {
  database = found;
  const rows = await all();
  for (const entry of rows.sort((one, other) => (one.id < other.id ? -1 : 1))) {
    if (!entryOf(entry.id)) queueOf(entry.c).unshift(entry);
  }
  for (const queue of waiting.values()) queue.sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const c of waiting.keys()) setTimeout(() => drain(c));
});

function all() {
  return new Promise((resolve) => {
    const asked = store("readonly")?.getAll();
    if (!asked) return resolve([]);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve([]);
  });
}

const keep = (entry) => opened.then(() => store("readwrite")?.put({ ...entry }));

function forget(entry) {
  const queue = queueOf(entry.c);
  const place = queue.indexOf(entry);
  if (place >= 0) queue.splice(place, 1);
  return opened.then(() => store("readwrite")?.delete(entry.id));
}
