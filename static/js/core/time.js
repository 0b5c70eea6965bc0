// <time datetime data-when="short|time|day|full|ago">: the server wrote the words; this writes them
// again for times that scripts add, and keeps open pages from saying "just now" for an hour.

import { findAll } from "./dom.js";
import { gettext, language, ngettext, format } from "./i18n.js";

// The zone, the digits and the order of the server's own dates, so that pages and scripts agree.
const zone = document.documentElement.dataset.zone || undefined;
const locale = language === "en" ? "en-GB" : language;
const formatter = (options) =>
  new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    hourCycle: "h23",
    numberingSystem: "latn",
    ...options,
  });

const clock = formatter({ hour: "2-digit", minute: "2-digit" });
// Django's Chinese has one word for a weekday, Intl a shorter one as well.
const weekday = formatter({ weekday: locale.startsWith("zh") ? "long" : "short" });
const weekdayLong = formatter({ weekday: "long" });
const dayMonth = formatter({ day: "numeric", month: "short" });
const dayMonthYear = formatter({ day: "numeric", month: "short", year: "numeric" });
const dateLong = formatter({ day: "numeric", month: "long", year: "numeric" });
const dayKey = new Intl.DateTimeFormat("en-CA", { timeZone: zone });
// The day of a moment in the viewer's zone, as a key to compare.
export const dayOf = (moment) => dayKey.format(moment);
const full = (moment) => `${dateLong.format(moment)}, ${clock.format(moment)}`;

const DAY = 86_400_000;
const daysAgo = (moment, now) =>
  Math.round((Date.parse(dayKey.format(now)) - Date.parse(dayKey.format(moment))) / DAY);

const yearOf = (moment) => dayKey.format(moment).slice(0, 4);

function short(moment, now) {
  const days = daysAgo(moment, now);
  if (days === 0) return clock.format(moment);
  if (days === 1) return gettext("Yesterday");
  if (days > 1 && days < 7) return weekday.format(moment);
  return (yearOf(moment) === yearOf(now) ? dayMonth : dayMonthYear).format(moment);
}

function day(moment, now) {
  const days = daysAgo(moment, now);
  if (days === 0) return gettext("Today");
  if (days === 1) return gettext("Yesterday");
  return (days > 1 && days < 7 ? weekdayLong : dateLong).format(moment);
}

function ago(moment, now) {
  const minutes = Math.floor((now - moment) / 60_000);
  if (minutes < 1) return gettext("just now");
  if (minutes < 60) return format(ngettext("%(n)s min", "%(n)s min", minutes), { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return format(ngettext("%(n)s h", "%(n)s h", hours), { n: hours });
  return short(moment, now);
}

const STYLES = {
  short,
  day,
  ago,
  time: (moment) => clock.format(moment),
  full,
};

export const words = (moment, style = "short", now = new Date()) => STYLES[style](moment, now);

// Fill a <time> that a script made.
export function stamp(element, moment, style = "time") {
  element.dateTime = moment.toISOString();
  element.dataset.when = style;
  element.title = full(moment);
  element.textContent = words(moment, style);
}

export function refresh(root = document) {
  const now = new Date();
  for (const element of findAll("time[data-when][datetime]", root)) {
    const said = words(new Date(element.dateTime), element.dataset.when, now);
    if (element.textContent !== said) element.textContent = said;
  }
}

setInterval(() => refresh(), 60_000);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
