// What moves a living picture: sliders, menus, buttons, the walk through the steps, the controls of a list of numbers.
import { html, math, put, short, unique, write } from "./drawing.js";

// A control may carry `settings`, {trait: {read, write}}: how a trait is read from words, as in an address, and
// written. `read` gives the traits to set, or undefined for words that no setting of this control could be.

const wholeOrAny = (step) => (Number.isInteger(step) ? Number.isInteger : Number.isFinite);

function numbers(trait, { min, max, step }) {
  const fits = (value) => wholeOrAny(step)(value) && value >= min && value <= max;
  return {
    [trait]: { read: (words) => (words.trim() && fits(+words) ? { [trait]: +words } : undefined), write: String },
  };
}

/** How one of some names is read; `values` maps them to what the trait holds, if that is not the name itself. */
export function names(trait, options, values = {}) {
  const known = (words) => options.includes(words);
  const write = (value) => options.find((name) => (values[name] ?? name) === value);
  return { [trait]: { read: (words) => (known(words) ? { [trait]: values[words] ?? words } : undefined), write } };
}

/** How a trait that holds a step, from 1 to last(), is read; along(t): what else is set with it. */
export function stepSetting(trait, last, along = () => ({})) {
  const fits = (t) => Number.isInteger(t) && t >= 1 && t <= last();
  return {
    [trait]: { read: (words) => (fits(+words) ? { [trait]: +words, ...along(+words) } : undefined), write: String },
  };
}

/** A labelled slider. read: () -> its value now, onvalue: what to do with a new one, words: how a value is shown.
 * `.refresh()` shows a change. */
export function slider(label, { min, max, step, className = null, settings, words = short, read, onvalue }) {
  const id = unique("slider");
  const range = html("input", { type: "range", id, min, max, step, value: read() });
  const shown = html("output", { for: id });
  const name = math(html("label", { for: id, class: className }), label);
  range.addEventListener("input", () => onvalue(Number(range.value)));
  const row = html("div", { class: "u-slider", "data-q": className?.match(/q-(\w+)/)?.[1] }, name, range, shown);
  Object.assign(row, { range, settings });
  row.refresh = () => {
    const value = read();
    put(range, "value", value);
    if (Number(range.value) !== value) range.value = value;
    put(shown, "text", words(value));
    put(range, "aria-valuetext", words(value));
  };
  row.name = (text) => math(name, text);
  row.refresh();
  return row;
}

/** A slider for one trait of the model. */
export function traitSlider(model, trait, label, options) {
  const onvalue = (value) => write(model, { [trait]: value });
  return slider(label, { ...options, settings: numbers(trait, options), read: () => model.get(trait), onvalue });
}

/** A labelled choice among names: options is {value: words}. */
export function choice(label, options, { read, onvalue }) {
  const id = unique("choice");
  const entry = ([value, words]) => html("option", { value, selected: value === read() }, words);
  const select = html("select", { id, onchange: () => onvalue(select.value) }, ...Object.entries(options).map(entry));
  const row = html("div", { class: "u-choice" }, html("label", { for: id }, label), select);
  row.refresh = () => {
    if (select.value !== read()) select.value = read();
  };
  return row;
}

/** A choice for one trait of the model; `values` as `names` has it. */
export function traitChoice(model, trait, label, options, values = {}) {
  const name = (value) => Object.keys(options).find((key) => (values[key] ?? key) === value);
  const onvalue = (chosen) => write(model, { [trait]: values[chosen] ?? chosen });
  const row = choice(label, options, { read: () => name(model.get(trait)), onvalue });
  row.settings = names(trait, Object.keys(options), values);
  return row;
}

export function button(words, onclick, attributes = {}) {
  return html("button", { type: "button", class: "u-button", onclick, ...attributes }, words);
}

/** Buttons that walk through the steps of x: one back, one on, and play, which takes `pace` ms for each. */
export function walk(model, pace, last = () => model.get("x").length) {
  const now = () => model.get("t");
  const choose = (t) => write(model, { t: Math.min(Math.max(t, 1), last()) });
  let playing = null;
  const stop = () => {
    clearInterval(playing);
    playing = null;
    put(play, "text", "Play");
  };
  const play = button("Play", () => {
    if (playing) return stop();
    if (now() >= last()) choose(1);
    playing = setInterval(() => (now() < last() ? choose(now() + 1) : stop()), pace);
    return put(play, "text", "Pause");
  });
  const [back, on] = [button("Step back", () => choose(now() - 1)), button("Next step", () => choose(now() + 1))];
  const refresh = () => {
    back.disabled = now() === 1;
    on.disabled = now() === last();
  };
  return { back, on, play, pace, refresh, stop, settings: stepSetting("t", last) };
}

const ruleOf = (rules, list) =>
  Object.keys(rules).find((name) => list.every((value, i) => value === rules[name](i + 1))) ?? "own";

/**
 * The controls of lists of numbers that walk in step, one number for each step.
 *
 * lists: {trait: {rules, names, menu, range, className}}: rules, {name: step -> number}, fill the list; names, their
 * words, with those for "own"; menu and range, the label of their choice and the slider's range of one number. least,
 * most: steps. along: the traits that hold a step and stay within the list.
 * Gives { menus, entries, length }: by trait a choice among the rules and a slider for the number at step t,
 * and a slider for the number of steps.
 */
export function sequenceControls(model, lists, { least = 1, most, along = ["t"] }) {
  const traits = Object.keys(lists);
  const length = () => model.get(traits[0]).length;
  const rules = (trait) => lists[trait].rules ?? {};
  const now = (trait) => Array.from({ length: length() }, (_, i) => model.get(trait)[i] ?? 0);
  const rule = (trait) => ruleOf(rules(trait), now(trait));
  /** The list with T numbers: cut, or carried on by its rule, or with zeros. */
  const fitted = (trait, T) => {
    const [list, next] = [now(trait), rules(trait)[rule(trait)] ?? (() => 0)];
    return Array.from({ length: T }, (_, i) => list[i] ?? next(i + 1));
  };
  const within = (T) => Object.fromEntries([...along].reverse().map((trait) => [trait, Math.min(model.get(trait), T)]));
  const lengthen = (T) =>
    write(model, {
      ...within(T),
      ...Object.fromEntries([...traits].reverse().map((trait) => [trait, fitted(trait, T)])),
    });
  const fill = (trait) => (name) => {
    const next = rules(trait)[name];
    if (next) write(model, { [trait]: Array.from({ length: length() }, (_, i) => next(i + 1)) });
  };
  const menu = (trait) =>
    choice(lists[trait].menu, lists[trait].names, { read: () => rule(trait), onvalue: fill(trait) });
  const entry = (trait) => {
    const t = () => model.get("t") - 1;
    const onvalue = (value) => write(model, { [trait]: now(trait).map((old, i) => (i === t() ? value : old)) });
    const { range, className } = lists[trait];
    return slider(trait, { ...range, className, read: () => model.get(trait)[t()] ?? 0, onvalue });
  };
  /** In words: "pulse*12", a rule and its steps, or the numbers. */
  const setting = (trait) => {
    const { min, max } = lists[trait].range;
    const fits = (list) => list.every((value) => value >= min && value <= max);
    const read = (words) => {
      const [name, T] = words.split("*");
      const known = Object.hasOwn(rules(trait), name);
      const list = known
        ? Array.from({ length: Math.min(+T || 0, most) }, (_, i) => rules(trait)[name](i + 1))
        : words.split(",").map((number) => (number.trim() ? +number : Number.NaN));
      if (list.length < least || list.length > most || !(known ? list.length === +T : fits(list))) return undefined;
      return trait === traits[0] ? { ...within(list.length), [trait]: list } : { [trait]: list };
    };
    const write = (list) => (rule(trait) === "own" ? list.join(",") : `${rule(trait)}*${list.length}`);
    return { read, write };
  };
  const each = (of, make) => Object.fromEntries(of.map((trait) => [trait, make(trait)]));
  const settings = each(
    traits.filter((trait) => lists[trait].range),
    setting,
  );
  return {
    menus: each(
      traits.filter((trait) => lists[trait].menu),
      menu,
    ),
    entries: each(
      traits.filter((trait) => lists[trait].range),
      entry,
    ),
    length: slider("steps T", { min: least, max: most, step: 1, settings, read: length, onvalue: lengthen }),
  };
}
