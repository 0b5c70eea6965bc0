// One socket per document. It says what happened (frames of docs/realtime.md) and carries what we say;
// losing it costs nothing: whoever listens is told "open" again and catches up by sync.
//
//   onEvent("chat.message_sent", (event) => …)   "*" hears every event
//   onFrame("ack", (frame) => …)                 hello, ack, refused, synced, resync, pong
//   onState((isOpen) => …)                       at once with the present state, then on changes
//   say({ t: "typing", c })                      false when the socket is closed

import { find, findAll } from "./dom.js";

const FIRST_PAUSE = 500;
const LAST_PAUSE = 30_000;
const PING_EVERY = 25_000;
const PONG_WITHIN = 10_000;
const BANNER_AFTER = 5000;
// Close codes: signed out, replaced by newer tabs, not welcome here; 1012 and 1013 say "try later".
const [SIGNED_OUT, REPLACED] = [4401, 4408];
const NEVER = new Set([4403, 4404]);
const LATER = new Set([1012, 1013, 4400]);
const LATER_SPREAD = 10_000;

const eventListeners = new Map();
const frameListeners = new Map();
const stateListeners = new Set();

let socket = null;
let isGreeted = false;
let pause = FIRST_PAUSE;
let retry = 0;
let watchdog = 0;
let heardAt = 0;
let banner = 0;
let isParked = false;

const add = (map, name, listener) => map.set(name, [...(map.get(name) ?? []), listener]);
export const onEvent = (kind, listener) => add(eventListeners, kind, listener);
export const onFrame = (type, listener) => add(frameListeners, type, listener);
export const isOpen = () => isGreeted;

export function onState(listener) {
  stateListeners.add(listener);
  listener(isGreeted);
}

export function say(frame) {
  if (!isGreeted) return false;
  socket.send(JSON.stringify(frame));
  return true;
}

export function connect() {
  clearTimeout(retry);
  if (socket || isParked) return;
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(`${scheme}//${location.host}/ws/`);
  const mine = socket;
  mine.addEventListener("message", ({ data }) => socket === mine && hear(data));
  mine.addEventListener("close", ({ code }) => socket === mine && closed(code));
  startBanner();
}

// Drop the socket without waiting for its answer, and begin again.
export function reconnect() {
  const old = socket;
  closed(0);
  old?.close();
}

function hear(data) {
  heardAt = Date.now();
  const frames = JSON.parse(data);
  for (const frame of Array.isArray(frames) ? frames : [frames]) {
    if (frame.t === "hello") greet();
    if (frame.t === "event") tellEvent(frame);
    else for (const listener of frameListeners.get(frame.t) ?? []) listener(frame);
  }
}

function tellEvent(event) {
  for (const listener of eventListeners.get(event.kind) ?? []) listener(event);
  for (const listener of eventListeners.get("*") ?? []) listener(event);
  document.dispatchEvent(new CustomEvent("live:event", { detail: event }));
}

function greet() {
  isGreeted = true;
  pause = FIRST_PAUSE;
  clearTimeout(banner);
  banner = 0;
  showBanner(false);
  clearInterval(watchdog);
  watchdog = setInterval(() => ping(PONG_WITHIN), PING_EVERY);
  tellState();
}

function tellState() {
  document.documentElement.toggleAttribute("data-live", isGreeted);
  for (const listener of stateListeners) listener(isGreeted);
  document.dispatchEvent(new CustomEvent("live:state", { detail: { isOpen: isGreeted } }));
}

function ping(within) {
  const since = Date.now();
  if (!say({ t: "ping" })) return;
  const asked = socket;
  setTimeout(() => socket === asked && heardAt < since && reconnect(), within);
}

function closed(code) {
  const wasGreeted = isGreeted;
  socket = null;
  isGreeted = false;
  clearInterval(watchdog);
  if (wasGreeted) tellState();
  if (NEVER.has(code)) return;
  if (code === SIGNED_OUT && signInAgain()) return;
  if (code === REPLACED) {
    isParked = true;
    return;
  }
  startBanner();
  const jitter = 0.7 + Math.random() * 0.6;
  const wait = LATER.has(code) ? Math.random() * LATER_SPREAD + pause : pause * jitter;
  clearTimeout(retry);
  retry = setTimeout(connect, wait);
  pause = Math.min(pause * 2, LAST_PAUSE);
}

// The page is asked for again and answers with the way to sign in; not twice in a row, should it not.
function signInAgain() {
  const before = Number(sessionStorage.getItem("signed-out-at"));
  sessionStorage.setItem("signed-out-at", String(Date.now()));
  if (Date.now() - before < 60_000) return false;
  location.reload();
  return true;
}

function startBanner() {
  if (!banner) banner = setTimeout(() => showBanner(true), BANNER_AFTER);
}

function showBanner(isShown) {
  for (const element of findAll("[data-offline]")) element.hidden = !isShown;
}

// Back in view or back on a network: no reason to wait for the next try.
function hurry() {
  if (document.hidden) return;
  isParked = false;
  pause = FIRST_PAUSE;
  if (isGreeted) ping(5000);
  else if (!socket) connect();
}

if (find(".rail")) {
  connect();
  addEventListener("online", hurry);
  addEventListener("pageshow", (event) => event.persisted && hurry());
  document.addEventListener("visibilitychange", hurry);
  addEventListener("pagehide", () => {
    const old = socket;
    socket = null;
    isGreeted = false;
    clearTimeout(retry);
    old?.close();
  });
}
