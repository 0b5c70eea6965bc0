// fetch for our own addresses: CSRF token, JSON in and out, and problem details as an Error.

import { find } from "./dom.js";
import { gettext } from "./i18n.js";
import { toast } from "./toast.js";

const SAFE = new Set(["GET", "HEAD"]);
const TIMEOUT = 20_000;

// What the server refused (status, code, message for people, details), or that it was not reached
// (status 0, code "offline").
export class Problem extends Error {
  constructor({ title, status = 0, code = "offline", details = {}, errors = {} }, retryAfter = 0) {
    super(title);
    Object.assign(this, { status, code, details, errors, retryAfter });
  }
}

// The token of any form on the page, else the cookie's.
export function csrfToken() {
  const field = find("input[name=csrfmiddlewaretoken]");
  return field?.value ?? /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

// request("/api/v1/…", { method: "POST", json: {…} }) → decoded JSON, text, or null for 204. keepalive: it
// goes on when the page is left.
export async function request(
  url,
  { method = "GET", json, body, headers = {}, signal, keepalive = false } = {},
) {
  const sent = new Headers({ Accept: "application/json", ...headers });
  if (!SAFE.has(method)) sent.set("X-CSRFToken", csrfToken());
  if (json !== undefined) sent.set("Content-Type", "application/json");
  const limit = AbortSignal.timeout(TIMEOUT);
  const response = await fetch(url, {
    method,
    headers: sent,
    body: json === undefined ? body : JSON.stringify(json),
    credentials: "same-origin",
    keepalive,
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  }).catch((error) => {
    if (signal?.aborted) throw error;
    throw new Problem({ title: gettext("No connection. Try again when you are back.") });
  });
  return response.ok ? read(response) : fail(response);
}

// HTML of a page or fragment, for batches the server renders.
export const html = (url, options = {}) =>
  request(url, { ...options, headers: { Accept: "text/html", ...options.headers } });

async function read(response) {
  if (response.status === 204) return null;
  const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
  return isJson ? response.json() : response.text();
}

async function fail(response) {
  const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
  const given = isJson ? await response.json() : {};
  const title = given.title ?? gettext("Something went wrong. Try again.");
  const retryAfter = Number(response.headers.get("Retry-After") ?? 0);
  throw new Problem(
    { ...given, title, status: response.status, code: given.code ?? "error" },
    retryAfter,
  );
}

// Show a problem beside its cause when there is a place for it, else as a toast that stays.
export function show(problem, beside) {
  const place = beside?.closest("[data-problems]") ?? beside?.querySelector?.("[data-problems]");
  if (!place) return toast(problem.message, { kind: "error" });
  place.textContent = problem.message;
  place.hidden = false;
  return place;
}
