// Small tools for finding and making elements. Text always goes in as textContent.

export const find = (selector, root = document) => root.querySelector(selector);
export const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

// Listen once on the document for an event inside anything that matches, now or later.
export function on(type, selector, handler, options) {
  document.addEventListener(
    type,
    (event) => {
      const element = event.target.closest?.(selector);
      if (element) handler(event, element);
    },
    options,
  );
}

// A fresh copy of what a <template id="…"> holds.
export function fromTemplate(id) {
  const template = document.getElementById(id);
  if (!template) throw new Error(`no <template id="${id}">`);
  return template.content.firstElementChild.cloneNode(true);
}

// <svg class="ico …"><use href="…#name"/></svg>, the same as {% icon %}.
export function icon(name, classes = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `ico ${classes}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.documentElement.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

export function setIcon(svg, name) {
  find("use", svg).setAttribute("href", `${document.documentElement.dataset.icons}#${name}`);
}

// Politely tell a screen reader; at most one sentence a second, the newest wins.
let waiting = 0;
let words = "";
export function announce(text) {
  words = text;
  if (waiting) return;
  find("#live").textContent = text;
  waiting = setTimeout(() => {
    waiting = 0;
    if (words !== text) announce(words);
  }, 1000);
}

export const isTyping = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
