// "typing…" in the header and under the log, for six seconds or until the words are there.

import { find } from "../core/dom.js";
import { format, gettext } from "../core/i18n.js";
import { onEvent } from "../core/live.js";
import { isAtEnd, toEnd } from "./log.js";
import { me, thread } from "./rows.js";

const LASTS = 6000;

const header = find("[data-header-typing]");
const subtitle = find("[data-subtitle]");
const line = find("[data-typing-line]");
const hadSubtitle = subtitle && !subtitle.hidden;
let timer = 0;

function show(name) {
  const wasAtEnd = isAtEnd();
  const isTyping = Boolean(name);
  header.hidden = !isTyping;
  if (hadSubtitle) subtitle.hidden = isTyping;
  line.hidden = !isTyping;
  if (isTyping) {
    find("[data-who]", line).textContent = format(gettext("%(name)s is typing"), { name });
  }
  if (wasAtEnd) toEnd();
  clearTimeout(timer);
  if (isTyping) timer = setTimeout(show, LASTS);
}

export function start() {
  onEvent("chat.typing", (event) => event.c === thread && show(event.name));
  onEvent("chat.message_sent", (event) => event.c === thread && event.by !== me && show(""));
}
