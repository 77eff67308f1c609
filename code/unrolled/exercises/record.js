// What is kept of the reader's work on an exercise, and how it changes, by the rules of record.py. A test compares.

export const BLANK = { solved: false, attempts: 0, hints: 0, shown: false, draft: null, when: "" };
export const EMPTY = { format: "unrolled-progress", version: 1, exercises: {} };

const ID = /^[a-z][a-z0-9_]{0,79}$/;
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isCount = (value) => Number.isInteger(value) && value >= 0 && value <= 1e6;
const isSettings = (value) =>
  isObject(value) && Object.entries(value).every(([k, v]) => /^[A-Za-z][A-Za-z_]{0,39}$/.test(k) && Number.isFinite(v));
const FIELDS = {
  solved: ["true or false", (v) => typeof v === "boolean"],
  attempts: ["a whole number", isCount],
  hints: ["a whole number", isCount],
  shown: ["true or false", (v) => typeof v === "boolean"],
  draft: [
    "text, null or an object of numbers",
    (v) => v === null || (typeof v === "string" && v.length <= 1e5) || isSettings(v),
  ],
  when: ["text", (v) => typeof v === "string" && v.length <= 40],
};

/** What is wrong with a progress file, as a sentence that names the place; an empty string when nothing is. */
export function problem(data) {
  if (!isObject(data)) return "This is not a progress file: it should hold one object.";
  if (data.format !== EMPTY.format) return `This is not a progress file: \`format\` should be "${EMPTY.format}".`;
  if (data.version !== 1) return "This progress file is of another version: `version` should be 1.";
  if (!isObject(data.exercises)) return "`exercises` should be an object.";
  for (const [id, record] of Object.entries(data.exercises)) {
    if (!ID.test(id)) return "`exercises` holds a name that no exercise can have.";
    if (!isObject(record)) return `\`exercises.${id}\` should be an object.`;
    for (const [name, [words, fits]] of Object.entries(FIELDS))
      if (Object.hasOwn(record, name) && !fits(record[name])) return `\`exercises.${id}.${name}\` should be ${words}.`;
  }
  return "";
}

/** The record after a change: {passed} is one more attempt; {hints}, {shown} and {draft} say what they say. */
export function applied(record, change, now) {
  const after = { ...BLANK, ...record, when: now };
  if ("passed" in change) {
    after.attempts += 1;
    after.solved ||= change.passed && !after.shown;
  }
  after.hints = Math.max(after.hints, change.hints ?? 0);
  after.shown ||= Boolean(change.shown) && !after.solved;
  if ("draft" in change) after.draft = change.draft;
  return after;
}

/** Both together: nothing that either of them knows is lost; the later draft wins. */
export function merged(one, other) {
  const exercises = { ...one.exercises };
  for (const [id, record] of Object.entries(other.exercises)) {
    const a = { ...BLANK, ...exercises[id] },
      b = { ...BLANK, ...record };
    const [early, late] = b.when >= a.when ? [a, b] : [b, a];
    exercises[id] = {
      solved: a.solved || b.solved,
      attempts: Math.max(a.attempts, b.attempts),
      hints: Math.max(a.hints, b.hints),
      shown: a.shown || b.shown,
      draft: late.draft ?? early.draft,
      when: late.when,
    };
  }
  return { ...one, exercises };
}

/** What the browser keeps; what cannot be understood is kept aside, under `damaged`, and never thrown away. */
export function readPage(page) {
  const data = page.progress.read() ?? EMPTY;
  if (!problem(data)) return data;
  return isObject(data) && !Object.keys(data).length ? EMPTY : { ...EMPTY, damaged: data };
}
