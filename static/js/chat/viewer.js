// Pictures of the thread, large: arrows and swipes go on, wheel, pinch and double tap zoom, Esc, the back
// button or a pull downwards close.

import { open } from "../core/dialog.js";
import { find, findAll, on } from "../core/dom.js";
import { format, gettext } from "../core/i18n.js";
import { list } from "./log.js";
import { nameOf } from "./rows.js";

const SWIPE = 60;
const [CLOSEST, FARTHEST] = [6, 1];

const dialog = find("#viewer");
const image = find("[data-viewer-image]", dialog);
const stage = find("[data-stage]", dialog);
let links = [];
let here = 0;
let zoom = 1;
let offset = { x: 0, y: 0 };

function show(index) {
  here = Math.max(0, Math.min(links.length - 1, index));
  const link = links[here];
  image.src = link.href;
  image.alt = find("img", link).alt;
  find("[data-viewer-save]", dialog).href = link.dataset.save;
  const row = link.closest("[data-seq]");
  const time = find("time", row)?.title ?? "";
  find("[data-viewer-title]", dialog).textContent = `${nameOf(row)} · ${time}`;
  find("[data-viewer-place]", dialog).textContent = format(gettext("%(n)s of %(total)s"), {
    n: here + 1,
    total: links.length,
  });
  for (const button of findAll("[data-step]", dialog)) {
    const next = here + Number(button.dataset.step);
    button.disabled = next < 0 || next >= links.length;
  }
  settle(1);
}

function settle(scale, x = 0, y = 0) {
  zoom = Math.min(CLOSEST, Math.max(FARTHEST, scale));
  offset = zoom === 1 ? { x: 0, y: 0 } : { x, y };
  image.style.transform = `translate(${offset.x}px, ${offset.y}px) scale(${zoom})`;
  stage.classList.toggle("is-zoomed", zoom > 1);
}

on("click", "#messages [data-view=image]", (event, link) => {
  if (event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  links = findAll("[data-view=image]", list);
  show(links.indexOf(link));
  open(dialog, link);
  history.pushState({ viewer: true }, "");
});

dialog?.addEventListener("close", () => {
  image.removeAttribute("src");
  if (history.state?.viewer) history.back();
});
addEventListener("popstate", () => dialog?.open && dialog.close());

on("click", "#viewer [data-step]", (_event, button) => show(here + Number(button.dataset.step)));

dialog?.addEventListener("keydown", (event) => {
  const ahead = getComputedStyle(dialog).direction === "rtl" ? -1 : 1;
  if (event.key === "ArrowRight") show(here + ahead);
  else if (event.key === "ArrowLeft") show(here - ahead);
  else if (event.key === "+") settle(zoom * 1.4, offset.x, offset.y);
  else if (event.key === "-") settle(zoom / 1.4, offset.x, offset.y);
});

stage?.addEventListener(
  "wheel",
  (event) => {
    event.preventDefault();
    settle(zoom * (event.deltaY < 0 ? 1.15 : 1 / 1.15), offset.x, offset.y);
  },
  { passive: false },
);
stage?.addEventListener("dblclick", () => settle(zoom > 1 ? 1 : 2.5));
stage?.addEventListener("click", (event) => event.target === stage && dialog.close());

// One finger swipes or moves the enlarged picture, two pinch.
const fingers = new Map();
let start = null;

const apart = () => {
  const [a, b] = [...fingers.values()];
  return Math.hypot(a.x - b.x, a.y - b.y);
};

stage?.addEventListener("pointerdown", (event) => {
  stage.setPointerCapture(event.pointerId);
  fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  start = { x: event.clientX, y: event.clientY, zoom, offset: { ...offset } };
  if (fingers.size === 2) start.apart = apart();
});

stage?.addEventListener("pointermove", (event) => {
  if (!fingers.has(event.pointerId)) return;
  fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  if (fingers.size === 2) settle((start.zoom * apart()) / start.apart, offset.x, offset.y);
  else if (zoom > 1) {
    const [x, y] = [event.clientX - start.x, event.clientY - start.y];
    settle(zoom, start.offset.x + x, start.offset.y + y);
  }
});

function lift(event) {
  const wasOne = fingers.size === 1;
  fingers.delete(event.pointerId);
  if (!wasOne || zoom > 1 || !start || event.type === "pointercancel") return;
  const [x, y] = [event.clientX - start.x, event.clientY - start.y];
  if (y > SWIPE * 1.5 && Math.abs(x) < SWIPE) return dialog.close();
  const ahead = getComputedStyle(dialog).direction === "rtl" ? -1 : 1;
  if (Math.abs(x) > SWIPE) show(here + (x < 0 ? ahead : -ahead));
}
stage?.addEventListener("pointerup", lift);
stage?.addEventListener("pointercancel", lift);
