// What can be done with a chat from its row: by its button, the right mouse button, or a swipe.

import { confirm } from "../core/dialog.js";
import { find, findAll, on } from "../core/dom.js";
import { request, show } from "../core/http.js";
import { gettext } from "../core/i18n.js";
import { openAt } from "../core/menu.js";
import { toast } from "../core/toast.js";

const menu = find("#row-menu");
const list = find("[data-inbox]");
let row = null;

const UNDO = { archive: "unarchive", unarchive: "archive", pin: "unpin", mute: "unmute" };
const DONE = {
  archive: gettext("Chat archived"),
  unarchive: gettext("Chat taken out of the archive"),
  hide: gettext("Hidden until something new is said"),
  delete: gettext("Chat deleted"),
  mute: gettext("Chat muted"),
};
const LEAVES = new Set(["hide", "archive", "delete"]);

function openFor(chosen, anchor) {
  row = chosen;
  for (const item of findAll("[data-verb]", menu)) {
    const { if: only, unless } = item.dataset;
    item.hidden = Boolean((only && !(only in row.dataset)) || (unless && unless in row.dataset));
  }
  openAt(menu, anchor);
}

export async function act(chat, verb) {
  if (verb === "delete" && !(await isSure())) return;
  const body = new URLSearchParams({ verb });
  try {
    const url = list.dataset.doUrl.replace("ID", chat);
    await request(url, { method: "POST", body, headers: { "X-Fragment": "1" } });
  } catch (problem) {
    return show(problem);
  }
  const isOpen = find("#log")?.dataset.thread === chat;
  if (isOpen && (LEAVES.has(verb) || verb === "unread")) return location.assign("/chats/");
  document.dispatchEvent(new CustomEvent("chat:row", { detail: { chat } }));
  if (DONE[verb]) {
    const run = () => act(chat, UNDO[verb]);
    toast(DONE[verb], UNDO[verb] ? { action: gettext("Undo"), run } : {});
  }
}

const isSure = () =>
  confirm({
    title: gettext("Delete this chat?"),
    text: gettext("Its messages go from your devices. The other side keeps theirs."),
    verb: gettext("Delete"),
    kind: "danger",
  });

on("click", "[data-row-menu]", (_event, button) => openFor(button.closest("[data-chat]"), button));
on("click", "#row-menu [data-verb]", (_event, item) => act(row.dataset.chat, item.dataset.verb));
on("contextmenu", "[data-inbox] > [data-chat]", (event, chosen) => {
  if (event.shiftKey) return; // the browser's own menu
  event.preventDefault();
  openFor(chosen, find("[data-row-menu]", chosen));
});
