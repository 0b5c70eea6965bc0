// The message box: Enter, drafts, replies, and signs that somebody is typing. Words leave the box only when
// they are on the page as a row of their own.

import { find, isTyping, on } from "../core/dom.js";
import { format, gettext } from "../core/i18n.js";
import { request } from "../core/http.js";
import { say } from "../core/live.js";
import { layer } from "../core/shortcuts.js";
import { log } from "./log.js";
import { base, lineOf, nameOf, thread } from "./rows.js";
import { send } from "./sending.js";

const TYPING_EVERY = 3000;
const DRAFT_AFTER = 2000;
const KEY = `draft:${thread}`;

export const form = find("#composer");
export const text = form && find("textarea", form);
const isFine = matchMedia("(pointer: fine)").matches;

// Others take part in a send: mentions add their ids, attachments send themselves first.
const takers = [];
export const beforeSend = (taker) => takers.push(taker);

export async function submit() {
  const words = text.value.trim();
  const message = { type: "text", text: words };
  if (quoted) message.quote = quoted;
  for (const taker of takers) if (await taker(message)) return finish();
  if (!words) return text.focus();
  await send(message);
  finish();
}

function finish() {
  text.value = "";
  endReply();
  keepDraft();
  saveDraft();
  text.dispatchEvent(new Event("input", { bubbles: true }));
  if (isFine) text.focus();
}

// Enter sends with a mouse and breaks the line on a touch screen; the other with Shift. A person may swap
// it. While an input method composes, Enter belongs to the input method.
const enterSends = () => form.dataset.enterSends === "1" && isFine;

function onKey(event) {
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
  const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey;
  const isSend = enterSends() ? isPlain : event.ctrlKey || event.metaKey;
  if (!isSend || event.defaultPrevented) return;
  event.preventDefault();
  submit();
}

// Replies

let quoted = 0;
let closeLayer = () => {};

export function replyTo(row) {
  const bar = find("[data-reply]", form);
  quoted = Number(row.dataset.seq);
  form.elements.quote.value = String(quoted);
  find("[data-reply-name]", bar).textContent = format(gettext("Replying to %(name)s"), {
    name: nameOf(row),
  });
  find("[data-reply-text]", bar).textContent = lineOf(row);
  bar.hidden = false;
  closeLayer();
  closeLayer = layer(endReply);
  text.focus();
}

export function endReply() {
  quoted = 0;
  if (!form) return;
  form.elements.quote.value = "";
  find("[data-reply]", form).hidden = true;
  closeLayer();
  closeLayer = () => {};
}

export const isReplying = () => Boolean(quoted);

// Drafts: here at once, on other devices after two quiet seconds.

let draftTimer = 0;
let typedAt = 0;
let kept = "";
let isSaving = false;

function keepDraft() {
  if (text.value) localStorage.setItem(KEY, text.value);
  else localStorage.removeItem(KEY);
  clearTimeout(draftTimer);
  draftTimer = setTimeout(saveDraft, DRAFT_AFTER);
}

// One after the other: of two on their way, what was sent already could arrive behind the empty box.
async function saveDraft() {
  clearTimeout(draftTimer);
  const words = text.value.slice(0, Number(form.dataset.max));
  if (words === kept || isSaving) return;
  kept = words;
  isSaving = true;
  const body = new URLSearchParams({ text: words });
  try {
    await request(form.dataset.draftUrl, { method: "POST", body });
  } catch {
    kept = null;
  }
  isSaving = false;
  if (kept !== null) saveDraft();
}

function onInput() {
  keepDraft();
  const isDirect = log.dataset.kind === "direct";
  if (!isDirect || !text.value || Date.now() - typedAt < TYPING_EVERY) return;
  if (say({ t: "typing", c: thread })) typedAt = Date.now();
}

// Set the words, as "Edit again" and pasted files' captions do.
export function write(words) {
  text.value = words;
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
  text.setSelectionRange(words.length, words.length);
}

export function start() {
  if (!form) return;
  kept = text.value;
  const local = localStorage.getItem(KEY);
  if (local !== null && !text.value) {
    text.value = local;
    kept = null; // the server may or may not have it yet
  }
  quoted = Number(form.elements.quote.value) || 0;
  if (quoted) closeLayer = layer(endReply);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  text.addEventListener("keydown", onKey);
  text.addEventListener("input", onInput);
  text.addEventListener("blur", (event) => form.contains(event.relatedTarget) || saveDraft());
  addEventListener("pagehide", leave);
  on("click", "[data-cancel-reply]", (event) => {
    event.preventDefault();
    endReply();
    text.focus();
  });
  if (isFine && !isTyping(document.activeElement) && !location.hash.startsWith("#m")) text.focus();
}

// The page goes away: the draft goes first.
function leave() {
  const words = text.value.slice(0, Number(form.dataset.max));
  if (words === kept) return;
  const data = new FormData();
  data.set("text", words);
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  navigator.sendBeacon(form.dataset.draftUrl, data);
  kept = words;
}

export const backToList = () => location.assign(base.replace(`${thread}/`, ""));
