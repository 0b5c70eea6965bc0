// Menus are popovers: <button popovertarget="m"> and <div id="m" popover class="pop" data-menu>.
// The browser opens and closes them, also without JavaScript; this places them beside their button,
// moves focus with the arrows and closes them after a choice.

import { findAll, on } from "./dom.js";

const GAP = 6;
const EDGE = 8;

let opener = null;
let byKeyboard = false;

const items = (menu) =>
  findAll("a[href], button:not(:disabled)", menu).filter((item) => item.checkVisibility());

// Below the anchor at its starting edge; above it, or moved inwards, where the screen ends.
export function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const rtl = getComputedStyle(anchor).direction === "rtl";
  const isRoomBelow = at.bottom + GAP + menu.offsetHeight <= innerHeight - EDGE;
  const x = rtl ? at.right - menu.offsetWidth : at.left;
  const y = isRoomBelow ? at.bottom + GAP : at.top - GAP - menu.offsetHeight;
  menu.style.left = `${Math.min(Math.max(EDGE, x), innerWidth - menu.offsetWidth - EDGE)}px`;
  menu.style.top = `${Math.max(EDGE, y)}px`;
}

// Open a menu that has no button of its own, such as the one of a message (context menu, Enter).
export function openAt(menu, anchor) {
  opener = anchor;
  byKeyboard = true;
  menu.showPopover();
}

on(
  "click",
  "[popovertarget]",
  (event, button) => {
    opener = button;
    byKeyboard = event.detail === 0;
  },
  true,
);

on(
  "toggle",
  "[popover][data-menu]",
  (event, menu) => {
    const isOpen = event.newState === "open";
    if (opener?.matches("button, [aria-haspopup]")) {
      opener.setAttribute("aria-expanded", String(isOpen));
    }
    if (!isOpen || !opener) return;
    place(menu, opener);
    if (byKeyboard) items(menu)[0]?.focus();
  },
  true,
);

on("keydown", "[popover][data-menu]", (event, menu) => {
  const all = items(menu);
  const here = all.indexOf(document.activeElement);
  const goes = {
    ArrowDown: (here + 1) % all.length,
    ArrowUp: (here - 1 + all.length) % all.length,
    Home: 0,
    End: all.length - 1,
  };
  if (!(event.key in goes)) return;
  event.preventDefault();
  all[goes[event.key]]?.focus();
});

on("click", "[popover][data-menu] :is(a, button)", (_event, item) => {
  item.closest("[popover]").hidePopover();
});
