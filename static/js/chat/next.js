// Alt+↓ and Alt+↑: the next and the previous chat of the list; with Shift, only unread ones.

import { find, findAll } from "../core/dom.js";
import { gettext } from "../core/i18n.js";
import { shortcut } from "../core/shortcuts.js";

const group = gettext("Chats");

function go(step, isUnread) {
  const all = findAll("[data-inbox] > [data-chat]");
  const here = all.findIndex((row) => find('[aria-current="page"]', row));
  const ahead = step > 0 ? all.slice(here + 1) : all.slice(0, Math.max(here, 0)).reverse();
  const row = ahead.find((candidate) => !isUnread || "isUnread" in candidate.dataset);
  if (row) location.assign(find(".conv", row).href);
}

shortcut("alt+arrowdown", gettext("Next chat"), () => go(1, false), { group });
shortcut("alt+arrowup", gettext("Previous chat"), () => go(-1, false), { group });
shortcut("alt+shift+arrowdown", gettext("Next unread chat"), () => go(1, true), { group });
shortcut("alt+shift+arrowup", gettext("Previous unread chat"), () => go(-1, true), { group });
