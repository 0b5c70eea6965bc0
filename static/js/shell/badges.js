// Counts on the rail, the title and the app icon. Live code calls setBadge("chats", 3).

import { find } from "../core/dom.js";
import { format, ngettext } from "../core/i18n.js";

// The count in front of the name of the page, which may change while the page is open.
const bare = () => document.title.replace(/^\(\d+\+?\) /, "");

export function setBadge(tab, count) {
  const badge = find(`[data-tab="${tab}"] [data-badge]`);
  if (!badge) return;
  badge.hidden = count === 0;
  badge.classList.remove("badge--dot");
  const shown = document.createElement("span");
  shown.ariaHidden = "true";
  shown.textContent = count > 99 ? "99+" : String(count);
  const said = document.createElement("span");
  said.className = "vh";
  said.textContent = format(ngettext("%(n)s unread", "%(n)s unread", count), { n: count });
  badge.replaceChildren(shown, said);
  if (tab === "chats") showOutside(count);
}

function showOutside(count) {
  const tabIcon = find("link[data-unread]");
  if (tabIcon) {
    tabIcon.dataset.read ??= tabIcon.getAttribute("href");
    tabIcon.setAttribute("href", count ? tabIcon.dataset.unread : tabIcon.dataset.read);
  }
  document.title = count ? `(${count > 99 ? "99+" : count}) ${bare()}` : bare();
  if (count) navigator.setAppBadge?.(count).catch(() => {});
  else navigator.clearAppBadge?.().catch(() => {});
}
