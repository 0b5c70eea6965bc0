// Service worker (self.BUILD comes from /sw.js). It keeps our own static files and one offline page,
// and never a page, a message or a picture: what people read stays on the server.

const { version, language, offline, assets, hashed, pages, static: prefix } = self.BUILD;
const CACHE = `shell-${version}-${language}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll([offline, ...assets].map(fresh))),
  );
});

// The browser's own cache may still hold the files of the last version under the same names.
const fresh = (url) => new Request(url, { cache: hashed ? "default" : "reload" });

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((n) => n !== CACHE).map((n) => caches.delete(n))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "activate") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith(prefix)) {
    event.respondWith(hashed ? cacheFirst(request) : networkFirst(request));
  } else if (request.mode === "navigate" && !isPrivate(url.pathname)) {
    event.respondWith(page(request));
  }
});

const isPrivate = (path) => self.BUILD.private.some((start) => path.startsWith(start));

async function cacheFirst(request) {
  return (await caches.match(request)) ?? fetch(request);
}

async function networkFirst(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request);
    if (kept) return kept;
    throw error;
  }
}

// The network, or after `pages` milliseconds without an answer the offline page.
async function page(request) {
  const late = new Promise((resolve) => setTimeout(resolve, pages));
  const answer = await Promise.race([fetch(request).catch(() => null), late]);
  return answer ?? (await caches.match(offline)) ?? Response.error();
}
