// A greeting that a campaign offers is put into its field, wherever the form stands.

import { announce, find, on } from "../core/dom.js";

on("click", "[data-wish]", (_event, chip) => {
  const field = find("input[name=greeting]");
  if (!field) return;
  field.value = chip.dataset.wish;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  announce(chip.dataset.wish);
});
