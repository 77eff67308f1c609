// The quantities of an LSTM, and all units of one of them over a text as a heat map.
import { put, svg } from "./drawing.js";
import { shades } from "./shades.js";

export const QUANTITIES = {
  f: "f, the forget gate",
  i: "i, the input gate",
  o: "o, the output gate",
  g: "C̃, the candidate",
  C: "C, the cell state",
  h: "h, the hidden state",
};
export const LETTERS = { f: "f", i: "i", o: "o", g: "C̃", C: "C", h: "h" };
export const SIGNED = ["g", "C", "h"];
export const BELOW = { g: "gradient", C: "gradient", h: "loss" }; // the palette's colour for negative numbers

/** The numbers of one unit and one quantity over the text, as shares of `full`, the value drawn in full colour. */
export function track(steps, quantity, unit) {
  const values = steps.map((step) => step[quantity][unit]);
  const full = quantity === "C" ? Math.max(...values.map(Math.abs), 1e-9) : 1;
  return { values, full };
}

/** All units, the one with the shortest memory on top, against the characters. */
export function heatMap(order, choose) {
  const H = order.length;
  const image = shades();
  const [column, row] = [svg("rect", { class: "u-mark" }), svg("rect", { class: "u-mark" })];
  const drawing = svg(
    "svg",
    { class: "u-heat", role: "img", preserveAspectRatio: "none" },
    ...image.parts,
    column,
    row,
  );
  let drawn;
  const paint = (steps, quantity) => {
    const rows = order.map((unit) => {
      const { values, full } = track(steps, quantity, unit);
      return values.map((value) => value / full);
    });
    put(drawing, "viewBox", `0 0 ${steps.length} ${H}`);
    const below = SIGNED.includes(quantity) ? (BELOW[quantity] ?? quantity) : null;
    image.paint(rows, quantity, below);
  };
  const refresh = (steps, t, quantity, unit) => {
    if (drawn?.steps !== steps || drawn.quantity !== quantity) paint(steps, quantity);
    drawn = { steps, quantity };
    const where = { x: t - 1, y: 0, width: 1, height: H };
    for (const [name, value] of Object.entries(where)) put(column, name, value);
    const across = { x: 0, y: order.indexOf(unit), width: steps.length, height: 1 };
    for (const [name, value] of Object.entries(across)) put(row, name, value);
    put(
      drawing,
      "aria-label",
      `Heat map of ${QUANTITIES[quantity]}: ${H} units, sorted by how long they remember, the shortest on ` +
        `top, against ${steps.length} characters. Unit ${unit} is row ${order.indexOf(unit) + 1}.`,
    );
  };
  drawing.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    const place = (share, size) => Math.min(Math.max(Math.floor(share * size), 0), size - 1);
    choose(place(x, drawn.steps.length) + 1, order[place(y, H)]);
  });
  return { drawing, refresh };
}
