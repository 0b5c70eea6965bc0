// Short notices that go away: only for undoable steps and results of work in the background.
// Errors of what the person is doing belong next to their cause, not here.

import { find, findAll, fromTemplate, on } from "./dom.js";

const STAYS = 6000;

// toast("Chat muted", { action: "Undo", run: undo }); kind "error" stays until closed.
export function toast(text, { action, run, kind = "", stays = STAYS } = {}) {
  const element = fromTemplate("toast-template");
  find("[data-toast-text]", element).textContent = text;
  if (kind === "error") element.classList.add("toast--bad");
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = action;
    button.addEventListener("click", () => {
      element.remove();
      run();
    });
    find("[data-toast-close]", element).before(button);
  }
  find("#toasts").append(element);
  if (kind !== "error") expire(element, stays);
  return element;
}

// The clock stops while the pointer or the focus is on the toast.
function expire(element, milliseconds) {
  let timer = 0;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(() => element.remove(), milliseconds);
  };
  const stop = () => clearTimeout(timer);
  element.addEventListener("pointerenter", stop);
  element.addEventListener("focusin", stop);
  element.addEventListener("pointerleave", start);
  element.addEventListener("focusout", start);
  start();
}

on("click", "[data-toast-close]", (_event, button) => button.closest("[data-toast]").remove());
for (const element of findAll("[data-toast]:not(.toast--bad)")) expire(element, STAYS);
