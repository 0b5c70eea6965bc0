// Signing in with a phone. On the sign-in page of a wide screen the code is fetched by itself; where a
// code is shown, its state is asked for every other second; on the phone, opening the page says "scanned".

import { announce, find } from "../core/dom.js";
import { html, request } from "../core/http.js";

const EVERY = 2000;
const WIDE = matchMedia("(width >= 760px)");

function part(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const found = page.getElementById("qr-login");
  return found && document.importNode(found, true);
}

// Put a new code into the card of the sign-in page.
async function start(card) {
  const form = find("form", card);
  const body = new URLSearchParams(new FormData(form));
  const shown = part(await html(form.action, { method: "POST", body }));
  if (!shown) return;
  form.replaceWith(shown);
  watch(shown);
}

async function watch(root) {
  const url = root.dataset.statusUrl;
  while (url && root.isConnected) {
    await new Promise((resolve) => setTimeout(resolve, EVERY));
    if (document.hidden) continue;
    const { status } = await request(url).catch(() => ({ status: root.dataset.status }));
    if (status === root.dataset.status) continue;
    if (status === "confirmed") return find("[data-qr-claim]", root).requestSubmit();
    return renew(root);
  }
}

async function renew(root) {
  const card = root.closest("[data-qr-login]");
  const shown = part(await html(card?.dataset.waiting ?? location.href));
  if (!shown) return;
  root.replaceWith(shown);
  announce(find("[role=status]", shown).textContent.trim());
  watch(shown);
}

const card = find("[data-qr-login]");
if (card && WIDE.matches) start(card).catch(() => {});
const waiting = find("[data-qr-wait]");
if (waiting) watch(waiting);
const scanned = find("[data-qr-scanned]");
if (scanned) request(scanned.dataset.qrScanned, { method: "POST" }).catch(() => {});
