// Sends Node programs written for WeChat to another server, without a change to their code: whatever
// they are about to send to one of the platform's hosts goes to the server named by WX_BASE_URL.
//
//   WX_BASE_URL=https://superapp.example.com NODE_OPTIONS="--require ./sdk/wxredirect.cjs" node bot.js
//
// Covers node:http, node:https and everything built on them, and fetch.

const http = require("node:http");
const https = require("node:https");

const HOSTS = new Set([
  "api.weixin.qq.com",
  "api2.weixin.qq.com",
  "sh.api.weixin.qq.com",
  "sz.api.weixin.qq.com",
  "hk.api.weixin.qq.com",
  "file.api.weixin.qq.com",
  "mp.weixin.qq.com",
  "open.weixin.qq.com",
]);

function hostOf(options) {
  return String(options.hostname || options.host || "").split(":")[0];
}

// What a request was asked with, as one object: (url, options), (options) or (url).
function optionsOf(given, more) {
  if (typeof given !== "string" && !(given instanceof URL)) {
    return { ...given };
  }
  const url = new URL(given);
  return {
    protocol: url.protocol,
    hostname: url.hostname,
    port: url.port,
    path: url.pathname + url.search,
    ...(typeof more === "object" ? more : {}),
  };
}

// The Host header and the agent were made for the host that is not asked any more.
function movedOptions(options, base) {
  const headers = Object.fromEntries(
    Object.entries(options.headers ?? {}).filter(([name]) => name.toLowerCase() !== "host"),
  );
  return {
    ...options,
    protocol: base.protocol,
    hostname: base.hostname,
    host: base.hostname,
    port: base.port || undefined,
    path: base.pathname.replace(/\/$/, "") + (options.path || "/"),
    headers,
    agent: undefined,
    agents: undefined,
    defaultPort: undefined,
    servername: undefined,
  };
}

function install(address) {
  const base = new URL(address);
  const send = { http: http.request, https: https.request };
  const target = base.protocol === "https:" ? send.https : send.http;
  const moving = (plain) =>
    function request(given, ...rest) {
      const options = optionsOf(given, rest[0]);
      if (!HOSTS.has(hostOf(options))) {
        return plain.call(this, given, ...rest);
      }
      const heard = rest.find((one) => typeof one === "function");
      return target(movedOptions(options, base), heard);
    };
  const getting = (request) =>
    function get(...given) {
      const asked = request(...given);
      asked.end();
      return asked;
    };
  for (const [module, plain] of [
    [http, send.http],
    [https, send.https],
  ]) {
    module.request = moving(plain);
    module.get = getting(module.request);
  }
  if (globalThis.fetch) {
    const plain = globalThis.fetch;
    globalThis.fetch = (asked, more) => {
      const url = new URL(asked instanceof Request ? asked.url : asked);
      if (!HOSTS.has(url.hostname)) {
        return plain(asked, more);
      }
      const moved = base.origin + base.pathname.replace(/\/$/, "") + url.pathname + url.search;
      return plain(asked instanceof Request ? new Request(moved, asked) : moved, more);
    };
  }
}

module.exports = { install };
if (process.env.WX_BASE_URL) {
  install(process.env.WX_BASE_URL);
}
