// Words for scripts. Prefer text the server rendered (<template>, data-*, aria-label); the rest comes
// from Django's JavaScript catalogue, which a classic script puts on window before any module runs.

const same = (text) => text;

export const gettext = globalThis.gettext ?? same;
export const ngettext = globalThis.ngettext ?? ((one, many, n) => (n === 1 ? one : many));

// format(gettext("Wait %(n)s seconds."), { n: 5 })
export const format = (text, values) =>
  text.replace(/%\((\w+)\)s/g, (_, name) => String(values[name]));

export const language = document.documentElement.lang || "en";

export const number = (value, options) => new Intl.NumberFormat(language, options).format(value);
export const list = (items) => new Intl.ListFormat(language).format(items);

export function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  let step = 0;
  let left = bytes;
  while (left >= 1000 && step < units.length - 1) {
    left /= 1000;
    step += 1;
  }
  return number(left, {
    style: "unit",
    unit: units[step],
    unitDisplay: "short",
    maximumFractionDigits: left < 10 && step > 0 ? 1 : 0,
  });
}
