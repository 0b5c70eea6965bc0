// allauth's own scripts talk to the authenticator; what goes wrong there is said in words here.

import { gettext } from "../core/i18n.js";
import { toast } from "../core/toast.js";

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const name = event.detail.exception?.name;
  if (name === "NotAllowedError" || name === "AbortError") return; // closed by the person
  toast(
    name === "SecurityError"
      ? gettext("Passkeys need a secure address: https, or localhost.")
      : gettext("That passkey didn't work here."),
    { kind: "error" },
  );
});
