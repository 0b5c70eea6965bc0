// While a campaign runs, its words let confetti rain over the chat in which they are said.

import { celebrate } from "../core/confetti.js";
import { find } from "../core/dom.js";
import { request } from "../core/http.js";
import "./wishes.js";

const list = find("#messages");
const fold = (text) => text.normalize("NFKC").toLowerCase();
let words = [];

async function learn() {
  const answer = await request("/pay/festival/").catch(() => null);
  words = (answer?.words ?? []).map(fold);
}

const isWished = (text) => {
  const said = fold(text);
  return words.some((word) => said.includes(word));
};

// What comes to the end of the log was said just now; older pages come before the first row.
function look(changes) {
  const newest = list.lastElementChild;
  for (const { addedNodes } of changes) {
    for (const row of addedNodes) {
      if (row !== newest || !row.matches?.("[data-seq], [data-client]")) continue;
      const said = find(".bubble__text, .mcard--gift b", row);
      if (said && isWished(said.textContent)) celebrate();
    }
  }
}

if (list) {
  learn();
  new MutationObserver(look).observe(list, { childList: true });
}
