// A page of ours in a dialog over the thread: forwarding, contacts, favourites, a time to send at. The page
// itself works alone; here its column is shown, its forms are sent quietly, and leading elsewhere closes it.

import { open } from "../core/dialog.js";
import { find, on } from "../core/dom.js";
import { show } from "../core/http.js";
import { gettext } from "../core/i18n.js";
import { toast } from "../core/toast.js";
import "./filter.js";

const dialog = find("#sheet");
const inside = find("[data-sheet-in]", dialog);
const listeners = new Map();
let address = "";

// A page that needs more than its words: onSheet("location", (box) => …).
export const onSheet = (name, listener) => listeners.set(name, listener);

export async function openSheet(url) {
  try {
    await load(url);
  } catch {
    return location.assign(url);
  }
  if (!dialog.open) open(dialog);
  find("input:not([type=hidden]):not([type=search]), textarea", inside)?.focus();
}

async function load(url, options = {}) {
  const response = await fetch(url, { credentials: "same-origin", ...options });
  const wasPost = options.method === "POST";
  if (wasPost && response.redirected) return leave(new URL(response.url));
  if (response.status >= 500) throw new Error(String(response.status));
  draw(await response.text(), response.url);
}

function draw(text, url) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const column = find("[data-sheet], main .page__in, .empty", page);
  if (!column) throw new Error("nothing to show");
  address = url;
  find("#sheet-title").textContent = find("main h1", page)?.textContent.trim() ?? "";
  inside.replaceChildren(...[...document.importNode(column, true).childNodes]);
  const name = new URL(url).pathname.split("/").filter(Boolean).at(-1);
  listeners.get(name)?.(inside);
}

// The page said yes and led on: here, to the same thread, which hears of it anyway, or elsewhere.
function leave(url) {
  dialog.close();
  const here = find("#log").dataset.thread;
  const isChat = /^\/chats\/([^/]+)\/$/.exec(url.pathname);
  if (isChat && isChat[1] !== here && isChat[1].startsWith("conv_")) {
    return toast(gettext("Sent"), { action: gettext("Open"), run: () => location.assign(url) });
  }
  if (!isChat || !isChat[1].startsWith("conv_")) toast(gettext("Done"));
}

inside.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const form = event.target;
  const data = new FormData(form, event.submitter);
  try {
    if (form.method === "get") {
      const url = new URL(form.getAttribute("action") || address, location.href);
      url.search = new URLSearchParams(data);
      await load(url);
    } else {
      await load(form.getAttribute("action") || address, { method: "POST", body: data });
    }
  } catch {
    show(new Error(gettext("No connection. Try again when you are back.")));
  }
});

on("click", "#sheet a[href]", (event, link) => {
  const url = new URL(link.href);
  const isInside = link.getAttribute("href").startsWith("?");
  if (!isInside) return;
  event.preventDefault();
  load(new URL(url.search, address)).catch(() => location.assign(link.href));
});
