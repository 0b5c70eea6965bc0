// Read is what was in view for half a second in a window that somebody looks at. The server keeps one mark
// per chat, so every other device clears its badge at once.

import { request } from "../core/http.js";
import { say } from "../core/live.js";
import { log, rows } from "./log.js";
import { thread } from "./rows.js";

const VIEWED_FOR = 500;
const NO_MORE_OFTEN = 1000;

let told = Number(log.dataset.read);
let toldAt = 0;
let timer = 0;
let seen = 0;

const isLookedAt = () => !document.hidden && document.hasFocus();

function lastInView() {
  const end = log.getBoundingClientRect().bottom + 1;
  const inView = (row) => {
    const box = row.getBoundingClientRect();
    return box.bottom <= end || box.top < end - 80;
  };
  return Number(rows().findLast((row) => row.dataset.seq && inView(row))?.dataset.seq ?? 0);
}

// Call whenever something may have come into view.
export function look() {
  if (timer || !isLookedAt()) return;
  seen = lastInView();
  if (seen <= told) return;
  timer = setTimeout(settle, Math.max(VIEWED_FOR, toldAt + NO_MORE_OFTEN - Date.now()));
}

function settle() {
  timer = 0;
  if (!isLookedAt()) return;
  const seq = Math.min(seen, lastInView());
  if (seq > told) tell(seq);
  look();
}

function tell(seq) {
  told = seq;
  toldAt = Date.now();
  if (say({ t: "read", c: thread, seq })) return;
  request(`/api/v1/conversations/${thread}/read/`, { method: "POST", json: { seq } }).catch(() => {
    told = 0;
  });
}

export function start() {
  log.addEventListener("scroll", look, { passive: true });
  addEventListener("focus", look);
  document.addEventListener("visibilitychange", look);
  new MutationObserver(look).observe(log, { childList: true, subtree: true });
  look();
}
