// Files on their way into the chat: picked, pasted or dropped, first into a strip above the box, then two at a
// time to the server, each followed by the message that shows it.

import { announce, find, findAll, fromTemplate, on } from "../core/dom.js";
import { csrfToken, show } from "../core/http.js";
import { format, gettext, size } from "../core/i18n.js";
import { layer } from "../core/shortcuts.js";
import { beforeSend, form, text } from "./composer.js";
import { change, list, rove, toEnd } from "./log.js";
import { drawMine, tick } from "./rows.js";
import { send } from "./sending.js";

const AT_ONCE = 2;

const limits = form && JSON.parse(form.dataset.limits);
const strip = form && find("[data-strip]", form);
const chosen = new Map(); // strip element → { file, kind, url }
let closeLayer = () => {};

const kindOf = (file, asFile) => {
  if (asFile) return "file";
  if (/^image\/(png|jpeg|gif|webp|avif|bmp)$/.test(file.type)) return "image";
  return /^video\/(mp4|webm|quicktime)$/.test(file.type) ? "video" : "file";
};

// Into the strip; what is too large never gets there, and the reason is said at once.
export function add(files, { asFile = false } = {}) {
  for (const file of files) {
    const kind = kindOf(file, asFile);
    const problem = reasonAgainst(file, kind);
    if (problem) show(new Error(problem));
    else place(file, kind);
  }
  strip.hidden = chosen.size === 0;
  showSend();
  if (chosen.size) {
    closeLayer();
    closeLayer = layer(clear);
    text.focus();
  }
}

function reasonAgainst(file, kind) {
  if (!file.size) return format(gettext("“%(name)s” is empty."), { name: file.name });
  if (file.size <= limits[kind]) return "";
  return format(gettext("“%(name)s” is too large. The limit is %(limit)s."), {
    name: file.name,
    limit: size(limits[kind]),
  });
}

function place(file, kind) {
  const item = fromTemplate("upload-template");
  const url = kind === "image" ? URL.createObjectURL(file) : "";
  const image = find("[data-thumb]", item);
  image.hidden = !url;
  if (url) image.src = url;
  find("[data-file-icon]", item).hidden = Boolean(url);
  find("[data-file-name]", item).textContent = file.name;
  find("[data-file-note]", item).textContent = size(file.size);
  find("[data-remove]", item).addEventListener("click", () => drop(item));
  chosen.set(item, { file, kind, url });
  strip.append(item);
}

function drop(item) {
  chosen.delete(item);
  item.remove();
  strip.hidden = chosen.size === 0;
  showSend();
}

function clear() {
  for (const item of [...chosen.keys()]) drop(item);
  closeLayer();
}

// With something in the strip there is something to send, even without words.
const showSend = () => form.classList.toggle("composer--ready", chosen.size > 0);

// The words in the box become the caption of the last one.
function takeOver({ text: words, quote, mentions }) {
  if (!chosen.size) return false;
  const items = [...chosen.values()];
  clear();
  const last = items.pop();
  for (const item of items) queue({ ...item, text: "" });
  queue({ ...last, text: words, quote, mentions });
  return true;
}

// Uploads

const waiting = [];
let running = 0;

export function queue(item) {
  item.row = draw(item);
  waiting.push(item);
  next();
}

function draw(item) {
  const row = drawMine({ id: "", text: item.text, at: Date.now() });
  delete row.dataset.client;
  row.dataset.upload = "";
  row.classList.add("msg--sending");
  find(".bubble", row).prepend(look(item), fromTemplate("progress-template"));
  if (!item.text) find("[data-text]", row).remove();
  tick(row, "sending");
  change(() => list.append(row));
  rove(row);
  toEnd();
  return row;
}

export function look({ file, kind, url }) {
  if (kind === "image" && url) {
    const image = document.createElement("img");
    image.className = "preview";
    image.src = url;
    image.alt = gettext("Photo");
    return image;
  }
  const name = document.createElement("span");
  name.className = "small";
  name.dir = "auto";
  name.textContent = kind === "voice" ? gettext("Voice message") : file.name;
  return name;
}

function next() {
  while (running < AT_ONCE && waiting.length) {
    running += 1;
    run(waiting.shift());
  }
}

async function run(item) {
  try {
    const { id } = await upload(item);
    item.row.remove();
    const message = { type: item.kind, text: item.text ?? "", attachment: id };
    if (item.quote) message.quote = item.quote;
    if (item.mentions) message.mentions = item.mentions;
    await send(message, look(item));
  } catch (problem) {
    fail(item, problem.message);
  } finally {
    running -= 1;
    next();
  }
}

// XMLHttpRequest, because fetch cannot tell how much of a body has left.
function upload({ file, kind, duration, peaks, row }) {
  const data = new FormData();
  data.set("file", file, file.name || "file");
  data.set("kind", kind);
  data.set("name", file.name ?? "");
  if (duration) data.set("duration_ms", String(Math.round(duration)));
  if (peaks) data.set("peaks", peaks.join(","));
  const bar = find("progress", row);
  return new Promise((resolve, reject) => {
    const ask = new XMLHttpRequest();
    ask.open("POST", form.dataset.uploadUrl);
    ask.setRequestHeader("X-CSRFToken", csrfToken());
    ask.setRequestHeader("Accept", "application/json");
    ask.responseType = "json";
    ask.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    ask.addEventListener("load", () => {
      if (ask.status < 300) return resolve(ask.response);
      reject(new Error(ask.response?.title ?? gettext("Something went wrong. Try again.")));
    });
    const offline = () => reject(new Error(gettext("No connection. Try again when you are back.")));
    ask.addEventListener("error", offline);
    ask.addEventListener("abort", () => reject(new Error(gettext("Cancelled"))));
    row.addEventListener("upload:cancel", () => ask.abort(), { once: true });
    ask.send(data);
  });
}

function fail(item, reason) {
  const { row } = item;
  row.classList.replace("msg--sending", "msg--failed");
  tick(row, "failed");
  const failure = fromTemplate("fail-template");
  find("[data-reason]", failure).textContent = reason;
  const [again, away] = [find("[data-retry]", failure), find("[data-discard]", failure)];
  again.removeAttribute("data-retry");
  away.removeAttribute("data-discard");
  again.addEventListener("click", () => {
    failure.remove();
    row.classList.replace("msg--failed", "msg--sending");
    tick(row, "sending");
    waiting.push(item);
    next();
  });
  away.addEventListener("click", () => change(() => row.remove()));
  change(() => find(".msg__body", row).append(failure));
  announce(reason);
}

// A tap on a running upload stops it.
on("click", "[data-upload].msg--sending progress", (_event, bar) => {
  bar.closest("[data-upload]").dispatchEvent(new Event("upload:cancel"));
});

// Ways in

function isFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

export function start() {
  if (!form) return;
  beforeSend(takeOver);
  for (const input of findAll("[data-pick]", form)) {
    input.addEventListener("change", () => {
      add(input.files, { asFile: input.dataset.pick === "file" });
      input.value = "";
    });
  }
  text.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    add(files);
  });
  const zone = find("[data-dropzone]");
  const main = find("#main");
  let depth = 0;
  main.addEventListener("dragenter", (event) => {
    if (isFiles(event)) zone.hidden = !++depth;
  });
  main.addEventListener("dragleave", (event) => {
    if (isFiles(event) && depth > 0) zone.hidden = !--depth;
  });
  main.addEventListener("dragover", (event) => isFiles(event) && event.preventDefault());
  main.addEventListener("drop", (event) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    depth = 0;
    zone.hidden = true;
    add(event.dataTransfer.files);
  });
}

export const pick = (name) => find(`[data-pick="${name}"]`, form).click();
