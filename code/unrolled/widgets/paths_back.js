// The paths back to w_R: every way by which the cost of one step reaches the recurrent weight.
import { activations } from "./activations.js";
import { RNN } from "./cells.js";
import { button, sequenceControls, stepSetting, traitChoice, traitSlider } from "./controls.js";
import { ACTIVATION_NAMES, foot, html, math, number, put, short, write } from "./drawing.js";
import { network } from "./paths_drawing.js";
import { picture } from "./picture.js";
import { bptt, unroll } from "./sequence.js";

const WEIGHTS = ["w_I", "w_R", "w_y", "h0"];
const RANGE = { min: -2, max: 2, step: 0.05 };
const EPSILON = 1e-5; // by so much w_R is moved up and down
const LISTS = {
  x: { pulse: (step) => (step === 1 ? 1 : 0), constant: () => 1, signs: (step) => (step % 2 ? 1 : -1), zero: () => 0 },
  target: { ones: () => 1, zeros: () => 0, signs: (step) => (step % 2 ? 1 : -1) },
};
const NAMES = {
  x: { pulse: "one pulse", constant: "always 1", signs: "1, −1, 1, …", zero: "always 0", own: "your own" },
  target: { ones: "always 1", zeros: "always 0", signs: "1, −1, 1, …", own: "your own" },
};

/** The unit reads the first t inputs. */
function reading(model, t, w_R = model.get("w_R")) {
  const params = { W_ih: Float64Array.of(model.get("w_I")), W_hh: Float64Array.of(w_R), b: new Float64Array(1) };
  const state = { h: Float64Array.of(model.get("h0")) };
  return unroll(new RNN(model.get("activation")), params, Float64Array.from(model.get("x").slice(0, t)), state);
}

/** The way forward: every number in the network, one entry per step. */
function run(model, w_R) {
  const [w_y, target] = [model.get("w_y"), model.get("target")];
  const { states } = reading(model, Infinity, w_R);
  return model.get("x").map((x, i) => {
    const [before, h] = states.h.subarray(i, i + 2);
    const step = { x, before, h, y: w_y * h, target: target[i] ?? 0 };
    return { ...step, C: (step.y - step.target) ** 2 / 2 };
  });
}

/** The way back from the cost of step t. One entry for each step k ≤ t, at index k: dh, the slope, the path's share. */
function back(model, steps, t) {
  const [, slope] = activations[model.get("activation")];
  const { y, target } = steps[t - 1];
  const d_last = { h: Float64Array.of((y - target) * model.get("w_y")) };
  const {
    d_states: { h },
  } = bptt(reading(model, t), new Float64Array(t), d_last);
  const backs = [];
  steps.slice(0, t).forEach((step, i) => {
    const [dh, g] = [h[i + 1], slope(step.h)];
    backs[i + 1] = { dh, slope: g, carry: g * model.get("w_R"), path: dh * g * step.before };
  });
  return backs;
}

const added = (backs) => backs.reduce((sum, { path }) => sum + path, 0);

function moved(model, t) {
  const [above, below] = [EPSILON, -EPSILON].map((e) => run(model, model.get("w_R") + e)[t - 1].C);
  return (above - below) / (2 * EPSILON);
}

function measures(model, steps, t, backs) {
  return {
    ...Object.fromEntries([...WEIGHTS, "t", "s"].map((name) => [name, model.get(name)])),
    T: steps.length,
    ...Object.fromEntries(steps.map(({ h }, i) => [`h${i + 1}`, h])),
    C: steps[t - 1].C,
    ...Object.fromEntries(backs.flatMap(({ path }, s) => [[`p${s}`, path]])), // nothing at index 0
    sum: added(backs),
    finite_difference: moved(model, t),
    total: steps.reduce((sum, _, i) => sum + added(back(model, steps, i + 1)), 0),
  };
}

/** The factors of one path, as numbers. */
function factors(model, steps, t, s, backs) {
  const { y, target } = steps[t - 1];
  const carried = backs
    .slice(s + 1)
    .reverse()
    .map(({ carry }) => carry);
  const signed = (value) => (value < 0 ? `(${number(value)})` : number(value));
  const list = [y - target, model.get("w_y"), ...carried, backs[s].slope, steps[s - 1].before];
  return `${list.map(signed).join(" · ")} = ${number(backs[s].path, 4)}`;
}

/** How the gradient came to the step at which the walk stands. */
function carried(model, steps, t, s, backs) {
  const d = (k) => foot("dh", k);
  const signed = (value) => (value < 0 ? `(${short(value)})` : short(value));
  const { y, target } = steps[t - 1];
  if (s === t)
    return (
      `${d(t)} = (${foot("y", t)} − target) · w_y = (${number(y)} − ${signed(target)}) · ` +
      `${signed(model.get("w_y"))} = ${number(backs[t].dh)}`
    );
  const { dh, slope } = backs[s + 1];
  return (
    `${d(s)} = ${d(s + 1)} · ${foot("g′(a", s + 1)}) · w_R = ${number(dh)} · ${number(slope)} · ` +
    `${signed(model.get("w_R"))} = ${number(backs[s].dh)}`
  );
}

function render({ model, el }) {
  const [now, at] = [() => model.get("t"), () => model.get("s")];
  const choosePath = (s) => s >= 1 && s <= now() && write(model, { s });
  const chooseCost = (t) => write(model, { s: t, t });
  const named = (name) => ({ role: "group", "aria-label": name });
  const stage = html("div", {
    class: "u-stage",
    tabindex: "0",
    ...named("The network and the paths back, step by step"),
  });
  const costs = html("div", { class: "u-buttons", ...named("The cost to follow") });
  const list = html("ol", { class: "u-paths" });
  const [recursion, sum, check, total] = Array.from({ length: 4 }, () => html("p", { class: "u-equation" }));

  let net, paths, chosen;
  const redraw = (T) => {
    net = network(T, chooseCost, choosePath);
    stage.replaceChildren(net.drawing);
    chosen = Array.from({ length: T }, (_, i) =>
      button(foot("C", i + 1), () => chooseCost(i + 1), { "aria-label": `Follow the cost of step ${i + 1}` }),
    );
    costs.replaceChildren(html("span", {}, "Follow the cost"), ...chosen);
    paths = Array.from({ length: T }, (_, i) => {
      const [pick, words] = [
        button(`step ${i + 1}`, () => choosePath(i + 1), { "aria-label": `Light the path that ends at step ${i + 1}` }),
        html("span", {}),
      ];
      return { pick, words, row: html("li", {}, pick, words) };
    });
    list.replaceChildren(...paths.map(({ row }) => row).reverse());
  };

  const of = (name, more) => ({ rules: LISTS[name], names: NAMES[name], range: RANGE, ...more });
  const lists = { x: of("x", { menu: "inputs", className: "q-x" }), target: of("target", { menu: "targets" }) };
  const { menus, entries, length } = sequenceControls(model, lists, { least: 2, most: 6, along: ["t", "s"] });
  const earlier = button("One step back in time", () => choosePath(at() - 1));
  const later = button("One step forward", () => choosePath(at() + 1));

  const draw = () => {
    const [t, s, T] = [now(), at(), model.get("x").length];
    if (t > T || s > t) return null; // the others follow at once
    if (paths?.length !== T) redraw(T);
    const steps = run(model);
    const backs = back(model, steps, t);
    const found = measures(model, steps, t, backs);
    net.refresh(model, steps, { t, s, backs });
    chosen.forEach((it, i) => put(it, "aria-pressed", i + 1 === t));
    paths.forEach(({ pick, words, row }, i) => {
      row.toggleAttribute("hidden", i + 1 > t);
      put(pick, "aria-pressed", i + 1 === s);
      put(words, "text", i + 1 > t ? "" : factors(model, steps, t, i + 1, backs));
    });
    math(recursion, carried(model, steps, t, s, backs));
    const many = `${t === 2 ? "both" : `all ${t}`} paths together; the first line alone is the slide’s chain`;
    math(sum, `d${foot("C", t)}/dw_R = ${number(found.sum, 6)} (${t === 1 ? "one path" : many})`);
    const corner = Math.abs(found.sum - found.finite_difference) > 1e-6 * Math.max(1, Math.abs(found.sum));
    const why = ". They differ: a sum stands on the corner of ReLU, where left and right have different slopes";
    math(check, `By moving w_R a little: ${number(found.finite_difference, 6)}${corner ? why : ""}`);
    const terms = steps
      .map((_, i) => number(added(back(model, steps, i + 1))))
      .join(" + ")
      .replaceAll("+ −", "− ");
    math(total, `All ${T} costs: dC/dw_R = ${terms} = ${number(found.total)}`);
    entries.x.name(`input ${foot("x", t)}`);
    entries.target.name(`target ${t}`);
    earlier.disabled = s === 1;
    later.disabled = s === t;
    const path = `Cost of step ${t}, path through step ${s}: ${number(backs[s].path)}.`;
    return { measures: found, said: `${path} All paths together: ${number(found.sum)}.` };
  };

  const caption =
    "Each path ends at one use of w_R. Its factors: y − target, w_y, one g′(a) w_R for each step back, " +
    "then g′(a) and the state that w_R multiplies there.";
  return picture(el, {
    model,
    name: "back-paths",
    title: "the paths back to w_R",
    draw,
    buttons: [earlier, later],
    traits: [...WEIGHTS, "activation", "x", "target", "t", "s"],
    controls: [
      ...WEIGHTS.map((name) => traitSlider(model, name, name === "h0" ? "start h₀" : name, RANGE)),
      entries.x,
      entries.target,
      length,
      traitChoice(model, "activation", "g", ACTIVATION_NAMES),
      menus.x,
      menus.target,
    ],
    more: {
      ...stepSetting("s", now),
      ...stepSetting(
        "t",
        () => model.get("x").length,
        (t) => ({ s: Math.min(at(), t) }),
      ),
    },
    layout: ({ row, rows }) => [
      stage,
      html("div", { class: "u-controls" }, costs, row),
      recursion,
      math(html("p", { class: "u-caption" }), caption),
      list,
      sum,
      check,
      total,
      html("div", { class: "u-controls" }, ...rows),
    ],
  });
}

export default { render };
