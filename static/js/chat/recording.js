// A voice message: hold the button on a touch screen and let go to send, slide away to discard; with a mouse
// or the keyboard one press begins, and the bar has a button for each way out.

import { announce, find } from "../core/dom.js";
import { show } from "../core/http.js";
import { gettext } from "../core/i18n.js";
import { layer } from "../core/shortcuts.js";
import { form } from "./composer.js";
import { queue } from "./uploads.js";

const PEAKS = 40;
const SAMPLE_EVERY = 100;
const TOO_SHORT = 600;
const AWAY = 90;
const CLICK_AFTER = 700;
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/webm", "audio/ogg;codecs=opus"];

const button = form && find("[data-record]", form);
const bar = form && find("[data-recorder]", form);
const most = form ? JSON.parse(form.dataset.limits).seconds * 1000 : 0;
let now = null;
let isHeld = false;
let heldAt = 0;

async function begin() {
  if (now) return;
  now = { samples: [], chunks: [], isWanted: true };
  const mine = now;
  try {
    mine.stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    now = null;
    return show(
      new Error(gettext("No microphone. Allow it in the browser's settings for this site.")),
    );
  }
  if (!mine.isWanted) return stopStream(mine);
  const type = TYPES.find((candidate) => MediaRecorder.isTypeSupported(candidate));
  mine.recorder = new MediaRecorder(mine.stream, type ? { mimeType: type } : {});
  mine.recorder.addEventListener("dataavailable", ({ data }) => mine.chunks.push(data));
  mine.recorder.addEventListener("stop", () => finish(mine));
  listenTo(mine);
  mine.recorder.start();
  mine.startedAt = performance.now();
  mine.timer = setInterval(() => sample(mine), SAMPLE_EVERY);
  mine.closeLayer = layer(discard);
  bar.hidden = false;
  find("[data-row]", form).hidden = true;
  if (!isHeld) find("[data-record-send]", bar).focus();
  announce(gettext("Recording"));
}

function listenTo(mine) {
  mine.audio = new AudioContext();
  mine.analyser = mine.audio.createAnalyser();
  mine.analyser.fftSize = 1024;
  mine.audio.createMediaStreamSource(mine.stream).connect(mine.analyser);
  mine.heard = new Float32Array(mine.analyser.fftSize);
}

function sample(mine) {
  mine.analyser.getFloatTimeDomainData(mine.heard);
  const loudness = Math.sqrt(mine.heard.reduce((sum, v) => sum + v * v, 0) / mine.heard.length);
  mine.samples.push(Math.min(100, Math.round(loudness * 300)));
  const passed = performance.now() - mine.startedAt;
  const left = Math.ceil((most - passed) / 1000);
  const shown = left <= 10 ? `−${left}` : clock(passed);
  find("[data-record-time]", bar).textContent = shown;
  drawWave(mine.samples.slice(-PEAKS));
  if (passed >= most) stop();
}

const clock = (ms) => {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

function drawWave(peaks) {
  const wave = find("[data-record-wave]", bar);
  const bars = peaks.map((peak, index) => {
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const tall = Math.max(8, peak);
    for (const [name, value] of [
      ["x", index * 5],
      ["y", 50 - tall / 2],
      ["width", 3],
      ["height", tall],
      ["rx", 1.5],
    ]) {
      rect.setAttribute(name, String(value));
    }
    return rect;
  });
  wave.replaceChildren(...bars);
}

// Forty steps for any length: the loudest of each stretch.
function peaksOf(samples) {
  const count = Math.min(PEAKS, samples.length);
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [index, index + 1].map((i) => Math.floor((i * samples.length) / count));
    return Math.max(...samples.slice(from, Math.max(to, from + 1)));
  });
}

function stop() {
  if (now?.recorder?.state === "recording") now.recorder.stop();
  else if (now) now.isWanted = false;
}

export function discard() {
  if (!now) return;
  now.isDiscarded = true;
  stop();
}

function stopStream(mine) {
  for (const track of mine.stream.getTracks()) track.stop();
  mine.audio?.close();
  if (now === mine) now = null;
}

function finish(mine) {
  clearInterval(mine.timer);
  mine.closeLayer();
  bar.hidden = true;
  find("[data-row]", form).hidden = false;
  button.focus();
  const duration = Math.min(performance.now() - mine.startedAt, most);
  const type = mine.recorder.mimeType || "audio/webm";
  stopStream(mine);
  if (mine.isDiscarded) return announce(gettext("Recording discarded"));
  if (duration < TOO_SHORT)
    return show(new Error(gettext("Too short. Hold the button to record.")));
  const file = new File(mine.chunks, "voice", { type: type.split(";")[0] });
  queue({ file, kind: "voice", duration, peaks: peaksOf(mine.samples) });
}

function hold(event) {
  if (event.pointerType !== "touch") return;
  event.preventDefault();
  isHeld = true;
  heldAt = Date.now();
  const from = { x: event.clientX, y: event.clientY };
  begin();
  const moved = (e) => {
    const isAway = Math.hypot(e.clientX - from.x, e.clientY - from.y) > AWAY;
    bar.classList.toggle("is-away", isAway);
  };
  const ended = (e) => {
    removeEventListener("pointermove", moved);
    isHeld = false;
    heldAt = Date.now();
    const isAway = bar.classList.contains("is-away") || e.type === "pointercancel";
    bar.classList.remove("is-away");
    if (isAway) discard();
    else stop();
  };
  addEventListener("pointermove", moved);
  addEventListener("pointerup", ended, { once: true });
  addEventListener("pointercancel", ended, { once: true });
}

export function start() {
  if (!button) return;
  if (!navigator.mediaDevices || !globalThis.MediaRecorder) {
    button.hidden = true;
    return;
  }
  button.addEventListener("pointerdown", hold);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  // The click that ends a touch is not another press.
  button.addEventListener("click", () => !now && Date.now() - heldAt > CLICK_AFTER && begin());
  find("[data-record-send]", bar).addEventListener("click", stop);
  find("[data-record-cancel]", bar).addEventListener("click", discard);
}
