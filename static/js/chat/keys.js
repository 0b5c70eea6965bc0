// The keyboard in a thread: arrows move between messages, letters act on the one that has the focus.

import { find, findAll } from "../core/dom.js";
import { gettext } from "../core/i18n.js";
import { shortcut } from "../core/shortcuts.js";
import { openMenu, react, remove } from "./actions.js";
import { isReplying, replyTo, text } from "./composer.js";
import { goToLatest } from "./feed.js";
import { currentRow, focusRow, list, log, makeCurrent, rows } from "./log.js";
import { isChoosing, toggle } from "./select.js";

const group = gettext("In a chat");
const focused = () => document.activeElement?.closest?.("#messages > [data-seq]");
const when = () => Boolean(focused());

function move(step) {
  const all = rows();
  const here = all.indexOf(focused());
  const next = all[Math.max(0, Math.min(all.length - 1, here + step))];
  if (next) focusRow(next);
}

const steps = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  PageDown: () => move(8),
  PageUp: () => move(-8),
  Home: () => focusRow(rows()[0]),
  End: async () => {
    await goToLatest();
    focusRow(rows().at(-1));
  },
  Enter: (row) => (isChoosing() ? toggle(row) : openMenu(row)),
  " ": (row) => (isChoosing() ? toggle(row) : openMenu(row)),
};

list.addEventListener("keydown", (event) => {
  const row = event.target.closest("[data-seq], [data-client]");
  if (event.target !== row || !(event.key in steps) || event.altKey || event.ctrlKey) return;
  event.preventDefault();
  steps[event.key](row);
});

list.addEventListener("focusin", (event) => {
  makeCurrent(event.target.closest("[data-seq], [data-client]"));
});

// ↑ in an empty box: the words of a message just recalled, else the last message.
text?.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowUp" || text.value || event.isComposing || isReplying()) return;
  if (event.altKey || event.shiftKey) return;
  event.preventDefault();
  const again = findAll("[data-edit-again]:not([hidden])", list).at(-1);
  if (again) again.click();
  else focusRow(currentRow() ?? rows().at(-1));
});

export function start() {
  shortcut("r", gettext("Reply to the message"), () => replyTo(focused()), { group, when });
  shortcut("e", gettext("React to the message"), () => react(focused(), focused()), {
    group,
    when,
  });
  shortcut("delete", gettext("Delete the message for you"), () => remove(focused().dataset.seq), {
    group,
    when,
  });
  shortcut("end", gettext("Go to the newest message"), goToLatest, {
    group,
    when: ({ target }) => !when() && target !== text,
  });
  shortcut("escape", gettext("Back to the list"), backToList, {
    group,
    when: () => !find("dialog[open], :popover-open"),
  });
}

// First out of the log into the box, then to the list.
function backToList() {
  if (log.contains(document.activeElement) && text) return text.focus();
  const row = find('.conv[aria-current="page"]');
  if (row?.checkVisibility()) row.focus();
  else find("[data-back]")?.click();
}
