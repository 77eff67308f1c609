// Elements of a page, made without HTML strings, and how a standing is shown.

/** Elements without HTML strings: h("p", { class: "a" }, "text", child). */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {}))
    if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  element.append(...children.flat().filter((child) => child != null));
  return element;
}

/** Plain text with `code` between backticks, one paragraph for each line. */
export const rich = (text) => text.split("\n").map((line) => h("p", {}, ...inline(line)));
export const inline = (text) => text.split("`").flatMap((part, i) => (i % 2 ? h("code", {}, part) : lowered(part)));

/** w_R with a subscript R, as the formulas have it. */
const lowered = (text) =>
  text.split(/(?<=[wWbg])_([A-Za-z])(?![A-Za-z])/).map((part, i) => (i % 2 ? h("sub", {}, part) : part));

export function standing(record) {
  if (record.solved) return ["solved", "✓ solved"];
  if (record.shown) return ["shown", "◐ solution seen"];
  if (record.attempts) return ["tried", `… tried ${record.attempts === 1 ? "once" : record.attempts + " times"}`];
  return ["new", "○ not tried yet"];
}
