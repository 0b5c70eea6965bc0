// <button data-install hidden>: shown where the browser offers to install the app, and only then.

import { findAll, on } from "../core/dom.js";

let offered = null;

const show = (isOffered) => {
  for (const button of findAll("[data-install]")) button.hidden = !isOffered;
};

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offered = event;
  show(true);
});

addEventListener("appinstalled", () => show(false));

on("click", "[data-install]", async () => {
  await offered?.prompt();
  offered = null;
  show(false);
});
