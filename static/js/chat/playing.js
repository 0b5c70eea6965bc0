// Voice messages: one at a time, at a speed of one's own, and on to the next one that was not heard yet.

import { find, findAll, on, setIcon } from "../core/dom.js";
import { request } from "../core/http.js";
import { list, rowOf } from "./log.js";
import { base } from "./rows.js";

const SPEEDS = [1, 1.5, 2];
const KEY = "voice-speed";

let now = null; // { voice, seq, audio }
let speed = Number(localStorage.getItem(KEY)) || 1;

const clock = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function play(voice) {
  if (now && shown(now) === voice) return now.audio.paused ? now.audio.play() : now.audio.pause();
  halt();
  const audio = new Audio(voice.dataset.src);
  audio.playbackRate = speed;
  now = { voice, seq: voice.closest("[data-seq]")?.dataset.seq, audio };
  const mine = now;
  for (const kind of ["play", "pause"]) audio.addEventListener(kind, () => draw(mine));
  audio.addEventListener("timeupdate", () => draw(mine));
  audio.addEventListener("ended", () => ended(mine));
  audio.play().catch(() => halt());
  heard(voice);
}

// The row may have been drawn anew while its message plays.
function shown(playing) {
  if (!playing.voice.isConnected)
    playing.voice = find("[data-voice]", rowOf(playing.seq) ?? playing.voice) ?? playing.voice;
  return playing.voice;
}

function halt() {
  if (!now) return;
  const playing = now;
  now = null;
  playing.audio.pause();
  rest(shown(playing));
}

function rest(voice) {
  setIcon(find("[data-play] svg", voice), "play");
  find("[data-clock]", voice).textContent = clock(Math.max(1, Number(voice.dataset.ms) / 1000));
  find("[data-speed]", voice).hidden = true;
  for (const bar of findAll(".voice__wave .on", voice)) bar.classList.remove("on");
}

function draw(playing) {
  if (now !== playing) return;
  const [voice, { audio }] = [shown(playing), playing];
  const length = Number(voice.dataset.ms) / 1000 || audio.duration || 1;
  setIcon(find("[data-play] svg", voice), audio.paused ? "play" : "pause");
  find("[data-clock]", voice).textContent = clock(Math.max(0, length - audio.currentTime));
  const button = find("[data-speed]", voice);
  button.hidden = false;
  button.textContent = `${speed}×`;
  const bars = findAll(".voice__wave rect", voice);
  const played = (audio.currentTime / length) * bars.length;
  bars.forEach((bar, index) => {
    bar.classList.toggle("on", index < played);
  });
}

function ended(mine) {
  const voice = shown(mine);
  rest(voice);
  if (now === mine) now = null;
  const all = findAll("[data-voice]", list);
  const next = all.slice(all.indexOf(voice) + 1).find((other) => "new" in other.dataset);
  if (next) play(next);
}

function heard(voice) {
  if (!("new" in voice.dataset)) return;
  delete voice.dataset.new;
  find("[data-dot]", voice)?.remove();
  const { seq } = voice.closest("[data-seq]").dataset;
  const body = new URLSearchParams({ verb: "played" });
  const headers = { "X-Fragment": "1" };
  request(`${base}m/${seq}/do/`, { method: "POST", body, headers, keepalive: true }).catch(
    () => {},
  );
}

on("click", "[data-play]", (_event, button) => play(button.closest("[data-voice]")));

on("click", "[data-speed]", () => {
  speed = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length];
  localStorage.setItem(KEY, String(speed));
  now.audio.playbackRate = speed;
  draw(now);
});

// A tap on the waveform goes there.
on("click", ".voice__wavebox", (event, box) => {
  const voice = box.closest("[data-voice]");
  if (now?.voice !== voice) return play(voice);
  const area = box.getBoundingClientRect();
  const share = (event.clientX - area.left) / area.width;
  const isMirrored = getComputedStyle(box).direction === "rtl";
  const length = Number(voice.dataset.ms) / 1000;
  now.audio.currentTime = length * (isMirrored ? 1 - share : share);
});
