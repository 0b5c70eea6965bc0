// Native <dialog>. An opener says data-dialog="id"; without JavaScript its href or form still works.
// Focus goes back to the opener, a click on the backdrop closes, and [data-close] closes.

import { find, on } from "./dom.js";

export function open(dialog, opener = document.activeElement) {
  dialog.showModal();
  dialog.addEventListener("close", () => opener?.isConnected && opener.focus(), { once: true });
}

on("click", "[data-dialog]", (event, opener) => {
  const dialog = document.getElementById(opener.dataset.dialog);
  if (!dialog) return;
  event.preventDefault();
  open(dialog, opener);
});

on("click", "dialog [data-close]", (_event, button) => button.closest("dialog").close());

// The dialog's own padding is zero, so a press whose target is the dialog itself hit the backdrop.
on("pointerdown", "dialog[open]", (event, dialog) => {
  if (event.target === dialog && !dialog.hasAttribute("data-stays")) dialog.close();
});

// confirm({ title, text, verb, kind }) → Promise<boolean>, from <template id="confirm-template">.
export function confirm({ title, text = "", verb, kind = "primary" }) {
  const dialog = document
    .getElementById("confirm-template")
    .content.firstElementChild.cloneNode(true);
  find("[data-title]", dialog).textContent = title;
  find("[data-text]", dialog).textContent = text;
  const yes = find("[data-yes]", dialog);
  yes.textContent = verb;
  yes.classList.add(`btn--${kind}`);
  document.body.append(dialog);
  open(dialog);
  return new Promise((resolve) => {
    yes.addEventListener("click", () => dialog.close("yes"));
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}
