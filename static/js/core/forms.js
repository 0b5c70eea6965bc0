// Forms work without this. With it: one submit at a time, choices that submit themselves, values to copy.

import { announce, find, on } from "./dom.js";
import { gettext } from "./i18n.js";
import { toast } from "./toast.js";

// A second press while the first is on its way would send twice.
on("submit", "form[data-form]", (event, form) => {
  if (event.defaultPrevented) return;
  const button = event.submitter ?? find("[type=submit]", form);
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  button?.setAttribute("aria-busy", "true");
});

// The back button may show a page from memory, with its form still marked as sent.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
});

on("change", "[data-submit-on-change]", (_event, control) => control.form.requestSubmit());

on("click", "[data-copy]", async (_event, button) => {
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  announce(gettext("Copied"));
  toast(gettext("Copied"));
});

on("click", "[data-reload]", () => location.reload());

// Show what was typed in a password field while the button is pressed in.
on("click", "[data-reveal]", (_event, button) => {
  const input = document.getElementById(button.dataset.reveal);
  const isShown = input.type === "text";
  input.type = isShown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!isShown));
});

// The first wrong field, or the summary, gets the focus after a form came back.
find('[aria-invalid="true"]:not([type=hidden])')?.focus();
