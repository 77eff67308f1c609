// What every living picture is: a shell with a name, what it draws, its controls, and what all of them can do.
import { button, choice } from "./controls.js";
import { follow, html, put, write } from "./drawing.js";
import { keepApart } from "./labels.js";

/** A line for screen readers, spoken when the reader pauses. `say(words)` sets it. */
export function announcer() {
  const line = html("p", { class: "u-spoken", role: "status" });
  let timer;
  let last;
  const say = (words) => {
    if (last === undefined || words === last) {
      last = words; // what the picture starts with is not news
      return;
    }
    last = words;
    clearTimeout(timer);
    timer = setTimeout(() => put(line, "text", words), 500);
  };
  return { line, say, stop: () => clearTimeout(timer) };
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** A choice among named settings, {name: [words, {trait: value}]}. */
function presetChoice(label, presets, model, take) {
  const fits = (name) => Object.entries(presets[name][1]).every(([trait, value]) => same(model.get(trait), value));
  const read = () => Object.keys(presets).find(fits) ?? "own";
  const words = Object.entries(presets).map(([name, [title]]) => [name, title]);
  const onvalue = (name) => presets[name] && take(presets[name][1]);
  return choice(label, Object.fromEntries([...words, ["own", "your own"]]), { read, onvalue });
}

/** What wears a quantity's colour lights up wherever it stands, while the pointer or the focus is on one of it. */
function lightTogether(scope) {
  const root = scope.documentElement ?? scope;
  if (root.lights) return; // another picture of this page does it
  root.lights = true;
  const light = ({ type, target, relatedTarget }) => {
    const one = (type === "focusout" ? relatedTarget : target)?.closest?.("[class*='q-'], [data-q]");
    const name = one?.getAttribute("data-q") ?? one?.getAttribute("class").match(/(?:^|\s)q-(\w+)/)?.[1];
    if (name) put(root, "data-lit", name);
    else root.removeAttribute("data-lit");
  };
  for (const event of ["pointerover", "focusin", "focusout"]) scope.addEventListener(event, light);
}

/**
 * Show a living picture in `el`; returns what takes it down.
 *
 * model; name, its class is `u-name`; title, for those who hear it; traits, those it follows. draw({ pinned, shell })
 * shows the model as it is, and gives { measures, said }, or nothing when a trait has yet to follow another one.
 * body: elements above the controls; controls: rows with `refresh`; buttons: elements before them; walking, of `walk`.
 * layout({ row, rows, panel }): all elements in another order: the buttons, the controls, and both in one panel.
 * presets: {name: [words, {trait: value}]}, called `try` or what `presetsLabel` says. pin(): a copy of what the curve
 * shows, to be drawn faintly as `pinned`. restarted(): after a reset. more: settings of traits that no row has.
 * together: on a phone the panels stay in view above the controls.
 */
export function picture(el, spec) {
  const { model, name, title, traits, draw, body = [], controls = [], buttons = [], walking, presets, pin } = spec;
  const spoken = announcer();
  const start = Object.fromEntries(traits.map((trait) => [trait, model.get(trait)]));
  let [pinned, quiet] = [null, true];
  const changed = () => {
    if (quiet) return;
    const shown = draw({ pinned, shell });
    if (!shown) return;
    for (const control of rows) control.refresh();
    walking?.refresh();
    for (const drawing of el.querySelectorAll("svg.u-drawing:not([data-fixed])")) keepApart(drawing);
    spoken.say(shown.said);
    write(model, { measures: shown.measures });
  };
  /** Set several traits and draw once. */
  const take = (settings) => {
    quiet = true;
    write(model, settings);
    quiet = false;
    changed();
  };
  const chosen = presets ? [presetChoice(spec.presetsLabel ?? "try", presets, model, take)] : [];
  const rows = [...chosen, ...controls];
  const pinning = button(
    "Pin this curve",
    () => {
      pinned = pinned ? null : pin();
      put(pinning, "aria-pressed", pinned !== null);
      changed();
    },
    { "aria-pressed": "false" },
  );
  const reset = button("Reset", () => {
    walking?.stop();
    quiet = true;
    write(model, start);
    quiet = false;
    spec.restarted?.();
    changed();
  });
  const steps = walking ? [walking.back, walking.on, walking.play].slice(0, walking.pace ? 3 : 2) : [];
  const row = html("div", { class: "u-buttons" }, ...steps, ...buttons, ...(pin ? [pinning] : []), reset);
  const panel = html("div", { class: "u-controls" }, row, ...rows);
  const inside = spec.layout ? spec.layout({ row, rows, panel }) : [...body, panel];
  const group = { class: `u-picture u-${name}${spec.together ? " u-together" : ""}`, role: "group" };
  const shell = html("div", { ...group, "aria-label": `Living picture: ${title}` }, ...inside, spoken.line);
  el.replaceChildren(shell);

  const settings = Object.assign({}, spec.more, walking?.settings, ...controls.map((control) => control.settings));
  const kept = traits.filter((trait) => settings[trait]);
  /** The settings that are not as at the start, in words, as `set` takes them. */
  const words = () => {
    const moved = kept.filter((trait) => !same(model.get(trait), start[trait]));
    return Object.fromEntries(moved.map((trait) => [trait, settings[trait].write(model.get(trait))]));
  };
  /** Set traits by words; what no setting could be is left out. */
  const set = (asked) => {
    quiet = true;
    for (const trait of kept) if (trait in asked) write(model, settings[trait].read(asked[trait]) ?? {});
    quiet = false;
    changed();
  };
  const unfollow = follow(model, traits, changed);
  quiet = false;
  changed();
  model.page?.add({ words, set });
  lightTogether(model.page ? document : el);
  return () => {
    unfollow();
    spoken.stop();
    walking?.stop();
  };
}
