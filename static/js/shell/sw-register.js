// The service worker: offline page, fast starts, and word of a new version.

import { gettext } from "../core/i18n.js";
import { toast } from "../core/toast.js";

const script = document.querySelector("script[data-worker]");

function offer(worker) {
  toast(gettext("A new version is ready."), {
    action: gettext("Reload"),
    run: () => worker.postMessage("activate"),
    stays: 60_000,
  });
}

async function register() {
  const registration = await navigator.serviceWorker.register(script.dataset.worker, {
    scope: "/",
  });
  if (registration.waiting) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker.addEventListener("statechange", () => {
      if (worker.state === "installed" && navigator.serviceWorker.controller) offer(worker);
    });
  });
  // Reload when an accepted update takes over, but not when the very first worker arrives.
  let hadController = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (hadController) location.reload();
    hadController = true;
  });
}

if ("serviceWorker" in navigator && script) {
  addEventListener("load", () => register().catch(() => {}));
}
