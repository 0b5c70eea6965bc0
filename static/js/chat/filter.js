// A list that narrows as one types: <input data-filter="list-id"> over items with data-words.

import { findAll, on } from "../core/dom.js";

on("input", "[data-filter]", (_event, input) => {
  const box = input.closest("dialog, main") ?? document;
  const wanted = input.value.trim().toLocaleLowerCase();
  for (const item of findAll(`#${CSS.escape(input.dataset.filter)} > [data-words]`, box)) {
    item.hidden = !item.dataset.words.toLocaleLowerCase().includes(wanted);
  }
});
