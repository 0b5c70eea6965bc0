// Narrows a list while somebody types: <input data-filter="list-id"> and rows with data-words.

import { findAll } from "../core/dom.js";

for (const input of findAll("[data-filter]")) {
  const rows = [...document.getElementById(input.dataset.filter).children];
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.dataset.words.toLowerCase().includes(wanted);
  });
}
