// On phones a row of the list can be pulled aside: mark unread, hide, delete.

import { find, on } from "../core/dom.js";
import { gettext } from "../core/i18n.js";
import { act } from "./row-menu.js";

const START = 12;
const OPENS = 60;
const WIDTH = 240;

let row = null;
let from = null;
let isDragging = false;

const rtl = () => document.documentElement.dir === "rtl";

function actions(chat, isUnread) {
  const box = document.createElement("div");
  box.className = "conv__swipe";
  const unread = isUnread ? [] : [["unread", gettext("Mark as unread")]];
  const verbs = [...unread, ["hide", gettext("Hide")], ["delete", gettext("Delete")]];
  for (const [verb, words] of verbs) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", () => {
      close();
      act(chat, verb);
    });
    box.append(button);
  }
  return box;
}

function close() {
  const open = find(".conv-row.is-swiped");
  open?.classList.remove("is-swiped");
  find(".conv__swipe", open ?? document.createElement("i"))?.remove();
}

function start(event, target) {
  if (event.pointerType !== "touch") return;
  if (!target.matches(".is-swiped")) close();
  row = target;
  from = { x: event.clientX, y: event.clientY };
  isDragging = false;
}

function pulled(event) {
  const x = (event.clientX - from.x) * (rtl() ? -1 : 1);
  return Math.max(-WIDTH, Math.min(0, x));
}

function move(event) {
  if (!row) return;
  const x = pulled(event);
  if (!isDragging) {
    if (Math.abs(event.clientY - from.y) > START) return end();
    if (x > -START) return;
    isDragging = true;
    row.classList.add("is-dragged");
    if (!find(".conv__swipe", row)) {
      row.prepend(actions(row.dataset.chat, "isUnread" in row.dataset));
    }
  }
  find(".conv", row).style.translate = `${rtl() ? -x : x}px 0`;
}

function end(event) {
  if (!row) return;
  const isOpen = isDragging && event?.type === "pointerup" && pulled(event) < -OPENS;
  find(".conv", row).style.translate = "";
  row.classList.remove("is-dragged");
  if (isDragging) {
    row.classList.toggle("is-swiped", isOpen);
    if (!isOpen) find(".conv__swipe", row)?.remove();
    addEventListener("click", (click) => click.preventDefault(), { capture: true, once: true });
  }
  row = null;
}

on("pointerdown", "[data-inbox] > [data-chat]", start);
document.addEventListener("pointermove", move, { passive: true });
document.addEventListener("pointerup", end);
document.addEventListener("pointercancel", end);
