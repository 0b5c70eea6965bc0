// Emoji and stickers beside the box, and the tiles behind the "+".

import { find, on } from "../core/dom.js";
import { insert, pickEmoji } from "../core/emoji.js";
import { html } from "../core/http.js";
import { onEvent } from "../core/live.js";
import { openAt, place } from "../core/menu.js";
import { text } from "./composer.js";
import { send } from "./sending.js";
import { onSheet, openSheet } from "./sheet.js";
import { pick } from "./uploads.js";

const menu = find("#panel-pick");
const stickers = find("#stickers");
let opener = null;
let isFresh = false;

on("click", "[data-emoji-panel]", (_event, button) => {
  opener = button;
  openAt(menu, button);
});

on("click", "[data-panel]", (_event, item) => {
  if (item.dataset.panel === "stickers") return openStickers();
  pickEmoji(opener, (emoji) => insert(text, emoji), { stays: true });
});

async function openStickers() {
  const inside = find("[data-stickers-in]", stickers);
  if (!isFresh) {
    const items = await html(stickers.dataset.url, { headers: { "X-Fragment": "1" } });
    inside.replaceChildren(document.createRange().createContextualFragment(items));
    isFresh = true;
  }
  stickers.showPopover();
  place(stickers, opener);
  find("button", stickers)?.focus();
}

onEvent("chat.stickers_changed", () => {
  isFresh = false;
});

on("click", "[data-sticker]", (_event, button) => {
  stickers.hidePopover();
  const look = find("img", button).cloneNode();
  look.className = "preview";
  send({ type: "sticker", body: { sticker: button.dataset.sticker } }, look);
});

// The tiles are links to pages that work alone; these open without leaving the thread.
const PICKS = new Set(["photo", "camera", "file"]);
const SHEETS = new Set(["contact", "favourite", "schedule"]);

on("click", "[data-compose]", (event, tile) => {
  const { compose } = tile.dataset;
  if (event.ctrlKey || event.metaKey) return;
  if (PICKS.has(compose)) {
    event.preventDefault();
    pick(compose);
  } else if (SHEETS.has(compose)) {
    event.preventDefault();
    openSheet(tile.href);
  }
});

// What was begun in the box is what will be sent later.
onSheet("schedule", (box) => {
  const words = find("textarea", box);
  if (words && !words.value) words.value = text.value;
});
