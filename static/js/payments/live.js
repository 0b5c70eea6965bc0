// Pages of money stay as fresh as the chats: what changed somewhere is fetched again here, and said.

import { celebrate } from "../core/confetti.js";
import { announce, find, findAll } from "../core/dom.js";
import { html } from "../core/http.js";
import { format, gettext } from "../core/i18n.js";
import { onEvent, onState } from "../core/live.js";
import "./wishes.js";

const parts = () => findAll("[data-fresh]");

async function again() {
  const text = await html(location.href).catch(() => "");
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const part of parts()) {
    const now = find(`[data-fresh="${part.dataset.fresh}"]`, page);
    if (!now) return location.reload();
    if (now.textContent === part.textContent) continue;
    // What somebody is typing in is left alone.
    if (part.contains(document.activeElement) && document.activeElement.matches("input")) continue;
    const before = find("[data-status]", part)?.dataset.status;
    part.replaceWith(document.importNode(now, true));
    const said = find("[role=status], [data-status]", now);
    if (said && now.querySelector("[data-status]")?.dataset.status !== before)
      announce(said.textContent.trim());
    // A form beside it may have lost its sense.
    if (before && now.querySelector("[data-status]")?.dataset.status !== before) {
      const isOver = !find("main form [name=source]", page);
      if (isOver && find("main form [name=source]")) location.reload();
    }
  }
}

onEvent("chat.messages_changed", ({ c }) => {
  if (find(`[data-fresh][data-chat="${c}"]`)) again();
});
onEvent("payments.wallet_changed", ({ ref }) => {
  const isOurs = ref && find(`[data-fresh="${CSS.escape(ref)}"]`);
  if (isOurs || find("[data-hears-wallet]")) again();
});

// Whatever happened before the socket opened, or while it was away, reached nobody here.
onState((isOpen) => {
  if (isOpen && parts().length && !find("[data-lives]")) again();
});

// A payment code: counts down while it is seen, and is a new one when its time is over.
let endsAt = 0;
let shown = null;

function tick() {
  const part = find("[data-lives]");
  if (!part || document.hidden) return;
  if (part !== shown) {
    shown = part;
    endsAt = Date.now() + Number(part.dataset.lives) * 1000;
  }
  const left = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
  const place = find("[data-left]", part);
  if (place) place.textContent = format(gettext("New code in %(n)s s"), { n: left });
  if (left <= 30 && !part.dataset.asked) {
    part.dataset.asked = "1";
    again();
  }
}

if (find("[data-lives]")) {
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) again();
  });
  tick();
}

// A wished packet is celebrated when it was opened, once.
const wished = find("[data-celebrate]");
if (wished && !sessionStorage.getItem(`celebrated-${wished.dataset.celebrate}`)) {
  sessionStorage.setItem(`celebrated-${wished.dataset.celebrate}`, "1");
  celebrate();
}
