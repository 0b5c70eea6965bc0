// The menu of an official account and the message box share one place: a button goes between the two.

import { find } from "../core/dom.js";

const bar = find("[data-menubar]");
const composer = find("#composer");
const write = find("[data-menubar-write]");
const back = find("[data-menubar-show]");

function show(isWriting) {
  bar.hidden = isWriting;
  composer.hidden = !isWriting;
  if (isWriting) find("#text").focus();
}

if (bar && composer && write && back) {
  back.hidden = false;
  write.addEventListener("click", () => show(true));
  back.addEventListener("click", () => {
    show(false);
    write.focus();
  });
  // What was begun goes on: a draft, a quote, or a message that was refused.
  const isBegun = find("#text").value || find("[data-problem]") || !find("[data-reply]").hidden;
  if (!isBegun) show(false);
}
