// A small trained network predicts the slides' series, and goes on alone.
import { names, slider, traitChoice, traitSlider, walk } from "./controls.js";
import { html, label, number, put, svg, write } from "./drawing.js";
import { compute, largestOf, measures, READ, RESOLUTION, series } from "./forecast_run.js";
import { unpackMoments } from "./forecaster.js";
import { heavyFile } from "./heavy_file.js";
import { picture } from "./picture.js";

const CONTROLS = ["updates", "seed", "start", "way", "steps", "t"];
const [FEWEST, MOST, LATEST, T_MAX] = [20, 300, 28, 30];
const [LEFT, RIGHT] = [36, 328]; // where the curves lie in both drawings
const HEIGHTS = [2, 5, 10, 15, 20, 30, 40, 60];
const SEEDS = { series: "from the series", zeros: "twenty zeros" };
const WAYS = { reread: "by rereading", carry: "with its state" };
const setting = (updates, seed, start, way, steps) => ({ updates, seed, start, way, steps, t: steps });
const PRESETS = {
  trained: ["2,000 updates", setting(2000, "series", 12, "reread", 100)],
  untrained: ["untrained", setting(0, "series", 12, "reread", 100)],
  young: ["200 updates", setting(200, "series", 12, "reread", 100)],
  carried: ["with its state", setting(2000, "series", 12, "carry", 100)],
  zeros: ["from twenty zeros", setting(2000, "zeros", 12, "reread", 300)],
  beyond: ["beyond its training", setting(2000, "series", LATEST, "reread", 100)],
};

const round = (value) => Number(value.toFixed(1));

/** The axes of a plot: from values to places in the drawing. */
function plot([low, high], full, [top, bottom]) {
  const across = (t) => round(LEFT + ((t - low) / (high - low)) * (RIGHT - LEFT));
  const near = (value) => Math.min(Math.max(value / full, -9), 9); // far outside, browsers no longer draw exactly
  const up = (value) => round((top + bottom) / 2 - near(value) * ((bottom - top) / 2));
  const line = (values, t) => Array.from(values, (v, k) => `${k ? "L" : "M"}${across(t(k))} ${up(v)}`).join("");
  const levels = [-full, 0, full].flatMap((value) => [
    svg("path", { d: `M${LEFT} ${up(value)}H${RIGHT}`, class: "u-grid" }),
    label(LEFT - 5, up(value) + 4, number(value, 0), "u-tick", "end"),
  ]);
  return { across, up, line, levels };
}

const smallest = (size) => HEIGHTS.find((height) => height >= size) ?? HEIGHTS.at(-1);
const curve = (d, className) => svg("path", { d, class: `u-wire ${className}` });
/** What does not fit in the plot is cut at its edge. */
const inside = ([top, bottom], ...children) => {
  const room = { x: LEFT, y: top, width: RIGHT - LEFT, height: bottom - top };
  return svg("svg", { ...room, viewBox: `${LEFT} ${top} ${RIGHT - LEFT} ${bottom - top}` }, ...children);
};

const OVERVIEW = [24, 84];
const whole = plot([0, T_MAX], 12, OVERVIEW);
const WHOLE = whole.line(
  Array.from({ length: 601 }, (_, k) => series(k / 20)),
  (k) => k / 20,
);

/** The series with what is read of it, which the pointer drags; and below, what is predicted at each step. */
function reading(choose) {
  const drawing = svg("svg", { viewBox: "0 0 340 316", class: "u-drawing", role: "img" });
  const [upper, lower] = [svg("g"), svg("g")];
  const grip = svg("rect", { x: 0, y: 0, width: 340, height: 106, class: "u-grip" });
  drawing.append(upper, lower, grip);
  const BAND = [142, 272];

  const refresh = ({ real, read, predicted }, { start, updates }) => {
    const end = start + RESOLUTION * (READ - 1);
    upper.replaceChildren(
      label(
        LEFT,
        12,
        real ? "the series; drag what is read" : "the series, of which nothing is read",
        "u-note",
        "start",
      ),
      svg("path", { d: `M${LEFT} ${whole.up(0)}H${RIGHT}`, class: "u-grid" }),
      curve(WHOLE, "u-ink u-true"),
      ...[0, 10, 20, T_MAX].map((t) => label(whole.across(t), 102, t, "u-tick")),
    );
    if (real) {
      const [x, width] = [whole.across(start), whole.across(end) - whole.across(start)];
      const box = { x: round(x - 2), y: OVERVIEW[0] - 4, width: round(width + 4), height: 68, rx: 3 };
      upper.append(svg("rect", { ...box, class: "u-now" }), svg("rect", { ...box, class: "u-window" }));
    }
    const full = smallest(Math.max(largestOf(read), largestOf(predicted), largestOf(real?.slice(0, READ + 1) ?? [])));
    const { across, up, line, levels } = plot([0.5, READ + 1.5], full, BAND);
    const steps = Array.from(predicted, (y, k) => [k + 2, y, real?.[k + 1]]);
    lower.replaceChildren(
      label(LEFT, 130, `after ${updates} updates: read, and predicted next`, "u-note", "start"),
      ...levels,
      ...steps.map(([k, y, to]) =>
        svg("path", { d: to === undefined ? "" : `M${across(k)} ${up(y)}V${up(to)}`, class: "u-off q-loss" }),
      ),
      ...(real
        ? [
            curve(
              line(real.subarray(0, READ + 1), (k) => k + 1),
              "u-ink u-true",
            ),
          ]
        : []),
      ...Array.from(read, (x, k) => svg("circle", { cx: across(k + 1), cy: up(x), r: 2.6, class: "u-dot q-x" })),
      ...steps.map(([k, y]) => svg("circle", { cx: across(k), cy: up(y), r: 3, class: "u-ring q-y" })),
      ...[1, 5, 10, 15, READ + 1].map((k) => label(across(k), 288, k, "u-tick")),
      label((LEFT + RIGHT) / 2, 308, "number of the value", "u-tick"),
    );
    const pairs = steps.map(([k, y, to]) => `${k}: ${number(y, 1)}${to === undefined ? "" : ` (${number(to, 1)})`}`);
    const where = real ? `the series from time ${number(start, 1)} to ${number(end, 1)}` : "twenty zeros";
    const told = `It reads ${where}. What it predicts for each value${real ? ", and in brackets what is true" : ""}: `;
    put(drawing, "aria-label", told + pairs.join(", "));
  };

  let held = false;
  const drag = (event) => {
    const box = drawing.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * 340;
    const middle = ((x - LEFT) / (RIGHT - LEFT)) * T_MAX - 1;
    choose(Math.min(Math.max(Math.round(middle * 10) / 10, 0), LATEST));
  };
  grip.addEventListener("pointerdown", (event) => {
    held = true;
    grip.setPointerCapture(event.pointerId);
    drag(event);
  });
  grip.addEventListener("pointermove", (event) => held && drag(event));
  for (const end of ["pointerup", "pointercancel"]) grip.addEventListener(end, () => (held = false));
  return { drawing, refresh };
}

/** What it makes alone, beside the true series. */
function going() {
  const drawing = svg("svg", { viewBox: "0 0 340 316", class: "u-drawing", role: "img" });
  const BAND = [48, 272];
  const legend = (x, words, className) => [
    curve(`M${x} 12h24`, className),
    label(x + 29, 16, words, "u-note", "start"),
  ];

  const refresh = ({ real, read, made, from }, { steps, t, way }, pinned) => {
    const end = from + RESOLUTION * (READ + steps);
    const enough = real ? 2.5 * largestOf(real) : HEIGHTS.at(-1);
    const full = smallest(Math.max(Math.min(largestOf(made), enough), largestOf(real ?? [])));
    const { across, up, line, levels } = plot([from, end], full, BAND);
    const at = (k) => from + RESOLUTION * k;
    const now = Math.min(t, made.length);
    const reach = way === "reread" ? READ : 1; // of the values before number t
    const box = { x: across(at(READ + now - 1 - reach)), y: BAND[0], height: BAND[1] - BAND[0], class: "u-now" };
    const tail = made.subarray(Math.max(now - 1, 0));
    const marks = Array.from({ length: 7 }, (_, k) => Math.ceil(from / 5) * 5 + k * 5 * (steps > 150 ? 2 : 1));
    drawing.replaceChildren(
      ...legend(LEFT, "read", "q-x u-term u-read"),
      ...(real ? legend(LEFT + 72, "true", "u-ink u-true") : []),
      ...legend(LEFT + (real ? 142 : 72), "made alone", "q-y u-predicted"),
      ...levels,
      svg("rect", { ...box, width: round(across(at(READ + now - 1)) - box.x) }),
      inside(
        BAND,
        ...(real
          ? [
              curve(
                line(real.subarray(READ - 1), (k) => at(READ - 1 + k)),
                "u-ink u-true",
              ),
            ]
          : []),
        ...(pinned
          ? [
              curve(
                line(pinned.subarray(0, steps), (k) => at(READ + k)),
                "q-y u-pinned",
              ),
            ]
          : []),
        curve(line(read, at), "q-x u-term u-read"),
        curve(
          line(tail, (k) => at(READ + now - 1 + k)),
          "q-y u-predicted u-later",
        ),
        curve(
          line(made.subarray(0, now), (k) => at(READ + k)),
          "q-y u-predicted",
        ),
      ),
      ...(Math.abs(made[now - 1]) <= full
        ? [svg("circle", { cx: across(at(READ + now - 1)), cy: up(made[now - 1]), r: 4, class: "u-dot q-y" })]
        : []),
      ...marks.filter((mark) => mark <= end).map((mark) => label(across(mark), 288, mark, "u-tick")),
      label((LEFT + RIGHT) / 2, 308, real ? "time" : "time since the first zero", "u-tick"),
    );
    const left = largestOf(made) > full ? ` Values beyond ±${full} leave the drawing.` : "";
    const beside = real ? `, where the series is ${number(real[READ + now - 1], 1)}` : "";
    put(
      drawing,
      "aria-label",
      `${made.length} values made alone ${WAYS[way]}. Number ${now} is ${number(made[now - 1], 1)}${beside}; ` +
        `the largest is ${number(largestOf(made), 1)} in size.${left}`,
    );
  };
  return { drawing, refresh };
}

async function render({ model, el }) {
  if (!el.childNodes.length) el.append(html("p", { class: "u-picture" }, "The network's weights are on their way …"));
  const nets = unpackMoments(await heavyFile(model, "forecaster"));
  const moments = Object.keys(nets);
  const now = () => Object.fromEntries(CONTROLS.map((name) => [name, model.get(name)]));
  const parts = [reading((start) => write(model, { seed: "series", start })), going()];
  const lines = Array.from({ length: 3 }, () => html("p", { class: "u-equation" }));
  let [found, known] = [null, ""];
  /** With another number of values alone, the one that is looked at stays the last, or within. */
  const lengthen = (steps) => {
    const t = model.get("t") === model.get("steps") ? steps : Math.min(model.get("t"), steps);
    write(model, t > model.get("steps") ? { steps, t } : { t, steps });
  };
  const fits = (steps) => Number.isInteger(steps) && steps >= FEWEST && steps <= MOST;
  const trained = slider("updates", {
    min: 0,
    max: moments.length - 1,
    step: 1,
    settings: names("updates", moments, Object.fromEntries(moments.map((name) => [name, Number(name)]))),
    words: (index) => moments[index],
    read: () => moments.indexOf(String(model.get("updates"))),
    onvalue: (index) => write(model, { updates: Number(moments[index]) }),
  });
  const start = traitSlider(model, "start", "from time", { min: 0, max: LATEST, step: 0.1 });
  const alone = slider("made alone", {
    min: FEWEST,
    max: MOST,
    step: 1,
    settings: { steps: { read: (w) => (fits(+w) ? { steps: +w, t: +w } : undefined), write: String } },
    read: () => model.get("steps"),
    onvalue: lengthen,
  });

  const draw = ({ pinned }) => {
    const { t, ...asked } = now();
    if (t > asked.steps) return null; // fewer values, t follows at once
    if (known !== JSON.stringify(asked)) found = compute(nets, asked);
    known = JSON.stringify(asked);
    const all = { ...asked, t };
    const m = measures(found, all);
    parts[0].refresh(found, all);
    parts[1].refresh(found, all, pinned);
    put(start, "hidden", "");
    if (found.real) start.removeAttribute("hidden");
    const wrong = `mean squared error ${number(m.mse)}; of the first ${number(m.mse_first)}`;
    const seen = `The 20 predictions: ${wrong}, of the last ${number(m.mse_last, m.mse_last < 0.1 ? 4 : 3)}.`;
    put(
      lines[0],
      "text",
      found.real ? seen : "Twenty zeros are no piece of the series, so there is no truth to compare with.",
    );
    const many = m.diverged
      ? `It diverges: value ${m.kept + 1} is beyond a million. The ${m.kept} before it`
      : `${m.kept} values made alone`;
    const off = `root mean squared error ${number(m.rmse20)} for the first 20, ${number(m.rmse)} for all`;
    const size = `the largest is ${number(m.largest, 1)} in size, the last ${number(m.last, 1)}`;
    put(lines[1], "text", `${many}: ${found.real ? `${off}; ` : ""}${size}.`);
    const n = Math.min(t, m.kept);
    const beside = found.real ? ` and the series ${number(found.real[READ + n - 1], 2)}` : "";
    const how =
      asked.way === "reread"
        ? "It has read the 20 values before it, from a zero state"
        : "It has read its last value, with the state carried along";
    put(lines[2], "text", `Value ${n} made alone is ${number(m.value, 2)}${beside}. ${how}.`);
    const error = found.real
      ? `, mean squared error of its predictions ${number(m.mse)}, alone ${number(m.rmse, 1)}`
      : "";
    return {
      measures: m,
      said: `After ${asked.updates} updates${error}. Value ${n} made alone is ${number(m.value, 2)}.`,
    };
  };

  return picture(el, {
    model,
    name: "forecast",
    title: "a network forecasts a series and goes on alone",
    traits: CONTROLS,
    draw,
    pin: () => found.made,
    presets: PRESETS,
    together: true,
    walking: walk(model, 80, () => model.get("steps")),
    body: [html("div", { class: "u-panels" }, ...parts.map((part) => part.drawing)), ...lines],
    controls: [
      trained,
      traitChoice(model, "seed", "it reads", SEEDS),
      start,
      traitChoice(model, "way", "it goes on", WAYS),
      alone,
    ],
  });
}

export default { render };
