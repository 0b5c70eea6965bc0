// Classic script in <head>: runs before the first paint, so the chosen theme never flashes.
// The choice lives in a cookie, which lets the server draw the right theme without JavaScript too.
(() => {
  const root = document.documentElement;
  root.dataset.js = "";
  const chosen = /(?:^|; )theme=(light|dark)/.exec(document.cookie);
  if (chosen) root.dataset.theme = chosen[1];

  const isDark = () =>
    root.dataset.theme === "dark" ||
    (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    root.dataset.theme = isDark() ? "light" : "dark";
    const secure = location.protocol === "https:" ? "; Secure" : "";
    // biome-ignore lint/suspicious/noDocumentCookie: must be readable before paint and by the server
    document.cookie = `theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  });
})();
