// Judges a letter, a number or settings against the sealed answers, by the rules of answers.py. A test compares the two.

export const LETTERS = "abcdefgh";
const SPACE = " \\t\\r\\n\\u00a0\\u2007\\u2009\\u202f";
const NUMBER = "[0-9]+(?:[.,][0-9]*)?(?:e[+-]?[0-9]+)?|[.,][0-9]+(?:e[+-]?[0-9]+)?";
const TYPED = new RegExp(`^([+-]?)(?:(${NUMBER})|ln(${NUMBER})|ln\\((${NUMBER})\\))(?:/(${NUMBER}))?$`);
const EXPECTED = "expected a number such as 0.41, -1/3 or 1e-3";

export function seal(salt, text) {
  let value = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(`unrolled:${salt}:${text}`))
    value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  return value.toString(16).padStart(16, "0");
}

const grid = (tolerance) => (tolerance ? [tolerance / 5, 5] : [1e-6, 0]);

function place(value, step) {
  const number = value / step + 0.5;
  return Math.abs(number) < 2 ** 53 ? Math.floor(number) : null;
}

export function readNumber(typed) {
  const edges = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");
  let text = typed.slice(0, 200).replaceAll("−", "-").toLowerCase().replace(edges, "");
  if (!text) return [null, "Type a number first."];
  text = text.replace(new RegExp(`(?<=[0-9])[${SPACE}](?=[0-9]{3}(?![0-9]))`, "g"), "");
  text = text.replace(new RegExp(`[${SPACE}]*([-+/()])[${SPACE}]*|(?<=ln)[${SPACE}]+`, "g"), (_, sign) => sign ?? "");
  if (/^[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+$/.test(text))
    return [null, "A comma before three digits can mean two things: leave it out, or write a decimal point."];
  const found = TYPED.exec(text);
  if (!found || text.length > 60) return [null, `This is not a number: ${EXPECTED}.`];
  const [, sign, plain, bare, bracketed, under] = found;
  const decimal = (part) => Number(part.replace(",", "."));
  let value = decimal(plain ?? bare ?? bracketed);
  if (plain === undefined) value = value > 0 ? Math.log(value) : NaN;
  value /= decimal(under ?? "1");
  if (!Number.isFinite(value)) return [null, `This is not a finite number: ${EXPECTED}.`];
  return [sign === "-" ? -value : value, ""];
}

const within = (measures, measure, low, high) => {
  const value = measures[measure];
  return Number.isFinite(value) && (low === null || value >= low) && (high === null || value <= high);
};
export const met = (measures, goal) => within(measures, goal.measure, goal.low, goal.high);
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

const JUDGES = {
  choose(data, answer) {
    const letters = [...LETTERS.slice(0, data.choices.length)];
    if (!letters.includes(answer)) return [false, `Choose one of the answers, a to ${letters.at(-1)}.`, false];
    return [seal(data.id, answer) === data.key, data.choices[letters.indexOf(answer)].reply, true];
  },
  compute(data, answer) {
    const [value, complaint] = readNumber(answer);
    if (complaint) return [false, complaint, false];
    const [step, reach] = grid(data.tolerance);
    const middle = place(value, step);
    const near = new Set();
    if (middle !== null) for (let k = -reach; k <= reach; k++) near.add(seal(data.id, middle + k));
    if (near.has(data.key)) return [true, data.right, true];
    const wrong = data.wrong.find((w) => near.has(w.key));
    return [false, wrong?.reply ?? "No. None of the usual mistakes gives this number; the hints may help.", true];
  },
  tune(data, { settings, measures }) {
    const moved = Object.keys(data.fixed).filter((name) => name in settings && !same(settings[name], data.fixed[name]));
    if (moved.length) {
      const names = moved.map((name) => `\`${name}\``).join(", ");
      return [false, `Put ${names} back: this exercise is about ${data.controls.join(", ")} alone.`, true];
    }
    const unmet = data.goals.filter((goal) => !met(measures, goal));
    if (!unmet.length) return [true, data.right, true];
    const wrong = data.wrong.find((w) => w.when.every((rule) => within(measures, ...rule)));
    return [false, wrong?.reply ?? `Not yet: ${unmet.map((goal) => goal.words).join("; ")}.`, true];
  },
};

export const judge = (data, answer) => JUDGES[data.kind](data, answer);
