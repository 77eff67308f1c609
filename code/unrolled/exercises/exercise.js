// The widget of an exercise: takes the answer, judges it or has it judged, replies, then hints, then the solution.
import { judge, LETTERS, met, same } from "./answers.js";
import { h, inline, rich, standing } from "./elements.js";
import { applied, BLANK, readPage } from "./record.js";

// --- the four ways to answer: each returns { body, read(), write(draft) } --------------------------------------------

function chooser(data, changed) {
  const name = `${data.id}-${(globalThis.unrolledIds = (globalThis.unrolledIds ?? 0) + 1)}`;
  const boxes = data.choices.map((_, i) => h("input", { type: "radio", name, value: LETTERS[i] }));
  const body = data.choices.map(({ text }, i) =>
    h("label", { class: "u-option" }, boxes[i], h("span", {}, h("b", {}, `${LETTERS[i]} `), ...inline(text))),
  );
  boxes.forEach((box) => box.addEventListener("change", changed));
  return {
    body,
    read: () => boxes.find((box) => box.checked)?.value ?? "",
    write: (draft) => boxes.forEach((box) => (box.checked = box.value === draft)),
  };
}

function number(data, changed, check) {
  const input = h("input", { type: "text", inputmode: "text", autocomplete: "off", spellcheck: "false", size: "12" });
  const accepted = data.tolerance ? `accepted within ±${data.tolerance}` : "the exact number";
  input.addEventListener("input", changed);
  input.addEventListener("keydown", (event) => event.key === "Enter" && check());
  const label = h("label", { class: "u-number" }, "Your number: ", input, data.unit ? ` ${data.unit}` : "");
  return {
    body: [label, h("span", { class: "u-aside" }, `${accepted}; 0.41, 0,41, 1/3 and 1e-3 are understood`)],
    read: () => input.value,
    write: (draft) => (input.value = draft),
  };
}

function tuner(data, changed, _check, model) {
  let picture = null;
  const marks = data.goals.map(() => h("span", { class: "u-mark" }, "○ "));
  const values = data.goals.map(() => h("span", { class: "u-aside" }));
  const body = h(
    "ul",
    { class: "u-goals" },
    data.goals.map((goal, i) => h("li", {}, marks[i], ...inline(goal.words), values[i])),
  );
  const look = () => {
    const measures = picture.get("measures") ?? {};
    data.goals.forEach((goal, i) => {
      const value = measures[goal.measure];
      marks[i].textContent = met(measures, goal) ? "✓ " : "○ ";
      marks[i].setAttribute("class", met(measures, goal) ? "u-mark u-right" : "u-mark");
      values[i].textContent = Number.isFinite(value)
        ? ` now ${Number.isInteger(value) ? value : Number(value.toPrecision(4))}`.replace("-", "−")
        : "";
    });
  };
  const settings = (names) => Object.fromEntries(names.map((name) => [name, picture.get(name)]));
  const moved = () => (look(), changed());
  const found = model.static ? null : model.widget_manager?.get_model(model.get("picture").replace("IPY_MODEL_", ""));
  const ready = Promise.resolve(found)
    .then((it) => {
      if (!it) return;
      picture = it;
      look();
      picture.on("change:measures", moved);
    })
    .catch(() => {});
  return {
    body: [body],
    read: () => picture && { settings: settings(Object.keys(data.fixed)), measures: picture.get("measures") ?? {} },
    draft: () => picture && settings(data.controls),
    write: (draft) =>
      ready.then(() => {
        if (!picture || typeof draft !== "object") return;
        for (const name of data.controls) if (Number.isFinite(draft[name])) picture.set(name, draft[name]);
        picture.save_changes();
        look();
      }),
    end: () => picture?.off("change:measures", moved),
  };
}

function editor(data, changed, check) {
  let leaving = false,
    before = null;
  const note = h("span", { class: "u-aside" }, "Tab indents; Esc, then Tab, leaves the editor; Ctrl+Enter checks.");
  const area = h("textarea", {
    class: "u-code",
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    wrap: "off",
    "aria-label": `Your function ${data.function}. Tab indents; Esc, then Tab, leaves the editor; Control and Enter check.`,
  });
  const reset = h("button", { type: "button", class: "u-button" }, "Reset to the start");
  const show = (code) => ((area.value = code), fit());
  const fit = () => area.setAttribute("rows", Math.min(Math.max(area.value.split("\n").length + 1, 6), 40));
  const insert = (text) => {
    if (!document.execCommand?.("insertText", false, text))
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    typed();
  };
  const typed = () => {
    if (before !== null) [before, reset.textContent] = [null, "Reset to the start"];
    fit();
    changed();
  };
  area.textContent = data.starter;
  area.setAttribute("rows", Math.max(data.starter.split("\n").length + 1, 6));
  area.addEventListener("input", typed);
  area.addEventListener("keydown", (event) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    const line = area.value.slice(0, area.selectionStart).split("\n").at(-1);
    if (key === "Enter" && (ctrlKey || metaKey)) check();
    else if (key === "Tab" && !leaving && !shiftKey && !ctrlKey && !metaKey && !altKey) insert("    ");
    else if (key === "Enter" && !shiftKey && !event.isComposing)
      insert(`\n${/^ */.exec(line)[0]}${line.trimEnd().endsWith(":") ? "    " : ""}`);
    else return void (leaving = key === "Escape" || (leaving && key === "Shift"));
    leaving = false;
    event.preventDefault();
  });
  reset.addEventListener("click", () => {
    const kept = area.value;
    show(before ?? data.starter);
    [before, reset.textContent] = before === null ? [kept, "Back to my code"] : [null, "Reset to the start"];
    changed();
  });
  return { body: [area, note], buttons: [reset], read: () => area.value, write: show };
}

const WAYS = { choose: chooser, compute: number, tune: tuner, write: editor };
const NAMES = { choose: "Choose", compute: "Compute", tune: "Tune", write: "Write" };

// --- the widget --------------------------------------------------------------------------------------------------

function render({ model, el }) {
  const data = model.get("exercise"),
    { page } = model;
  let record = BLANK,
    touched = false,
    asked = 0,
    timer = 0,
    later = 0,
    ended = false;

  const status = h("div", { class: "u-reply", role: "status" });
  const printed = h("pre", { class: "u-printed", hidden: true, tabindex: "0", "aria-label": "What your code printed" });
  const badge = h("span", { class: "u-standing u-new" }, "○ not tried yet");
  const notice = h("p", { class: "u-notice", hidden: true });
  const button = h("button", { type: "button", class: "u-button u-check" }, "Check");
  const way = WAYS[data.kind](data, changed, check, model);
  const solution = h(
    "details",
    { class: "u-solution" },
    h(
      "summary",
      {},
      "Solution",
      h("span", { class: "u-aside" }, " · opened before the exercise is solved, it counts as seen"),
    ),
    rich(data.solution),
    data.code ? h("pre", { tabindex: "0" }, h("code", {}, data.code)) : null,
  );
  const hints = data.hints.reduceRight((inner, text, i) => {
    const hint = h("details", {}, h("summary", {}, `Hint ${i + 1} of ${data.hints.length}`), rich(text), inner);
    hint.addEventListener("toggle", () => hint.open && record.hints <= i && keep({ hints: i + 1 }));
    return hint;
  }, null);
  solution.addEventListener("toggle", () => solution.open && !record.solved && !record.shown && keep({ shown: true }));
  button.addEventListener("click", check);

  el.replaceChildren(
    h(
      "section",
      { class: "u-exercise", id: `exercise-${data.id}`, "aria-label": `Exercise: ${data.title}` },
      h(
        "p",
        { class: "u-facts" },
        h("b", {}, NAMES[data.kind]),
        ` · to ${data.objective} · `,
        h(
          "span",
          { role: "img", "aria-label": `difficulty ${data.difficulty} of 3` },
          "●●●○○".slice(3 - data.difficulty, 6 - data.difficulty),
        ),
        ` · about ${data.minutes} min`,
      ),
      h(
        "fieldset",
        { disabled: Boolean(model.static) },
        h("legend", { class: "u-spoken" }, `Your answer: ${data.title}`),
        way.body,
        h("div", { class: "u-buttons" }, button, way.buttons, badge),
      ),
      status,
      printed,
      notice,
      hints,
      solution,
    ),
  );
  if (model.static) return undefined;

  function changed() {
    touched = true;
    clearTimeout(timer);
    timer = setTimeout(saveDraft, 400);
  }

  function saveDraft() {
    clearTimeout(timer);
    timer = 0;
    const draft = (way.draft ?? way.read)();
    if (draft !== null && !same(draft, record.draft)) keep({ draft });
  }

  // Each change is applied to what is kept at that moment, so that tabs, widgets and kernels do not undo each other.
  function keep(change) {
    if (!page) return model.send({ type: "change", change });
    const all = readPage(page);
    const mine = applied(all.exercises[data.id], change, new Date().toISOString());
    tell(page.progress.write({ ...all, exercises: { ...all.exercises, [data.id]: mine } }));
    take(mine);
  }

  function take(latest) {
    record = { ...BLANK, ...latest };
    const [state, words] = standing(record);
    badge.setAttribute("class", `u-standing u-${state}`);
    badge.textContent = words;
    if (!touched && record.draft !== null) way.write(record.draft);
  }

  function tell(sentence) {
    notice.textContent = sentence || "";
    notice.hidden = !sentence;
  }

  function check() {
    if (button.getAttribute("aria-busy")) return;
    const answer = way.read();
    if (timer) saveDraft();
    if (data.kind !== "write") {
      if (!answer && data.kind === "tune")
        return say(false, "The picture above cannot be reached. Run its cell again.", true);
      const [passed, reply, counted] = judge(data, answer);
      return verdict({ passed, reply, counted });
    }
    const mine = ++asked;
    busy(true);
    say(null, "Checking …");
    if (!page) {
      model.send({ type: "check", code: answer, number: mine });
      later = setTimeout(
        () => arrive(mine, { reply: "No answer came. Is the kernel running? Run this cell again." }),
        90000,
      );
      return;
    }
    Promise.resolve()
      .then(() => page.python.check(data.id, answer, (words) => mine === asked && say(null, String(words))))
      .then(
        (it) => arrive(mine, it),
        (error) => arrive(mine, { reply: error?.message || String(error), counted: false }),
      );
  }

  function arrive(number, it) {
    if (number !== asked || ended || !button.getAttribute("aria-busy")) return;
    clearTimeout(later);
    busy(false);
    verdict({ counted: "passed" in it, ...it });
  }

  function busy(on) {
    button.textContent = on ? "Checking …" : "Check";
    if (on) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }

  function verdict({ passed, reply, output, counted = true }) {
    say(counted ? Boolean(passed) : null, reply);
    printed.textContent = output ?? "";
    printed.hidden = !output;
    if (counted) keep({ passed: Boolean(passed) });
  }

  function say(passed, reply) {
    const mark =
      passed === null
        ? null
        : h("span", { role: "img", "aria-label": passed ? "right" : "wrong", class: "u-mark" }, passed ? "✓" : "✗");
    status.setAttribute("class", `u-reply ${passed === null ? "" : passed ? "u-right" : "u-wrong"}`);
    status.replaceChildren(...[mark, h("div", {}, rich(reply))].filter(Boolean));
  }

  const onRecord = () => take(model.get("record"));
  const onNotice = () => tell(model.get("notice"));
  const onMessage = (message) => message?.type === "verdict" && arrive(message.number, message);
  const onLeave = () => timer && saveDraft();
  if (page) {
    take(readPage(page).exercises[data.id]);
    page.progress.onchange?.(() => ended || take(readPage(page).exercises[data.id]));
    globalThis.addEventListener?.("pagehide", onLeave);
  } else {
    model.on("change:record", onRecord);
    model.on("change:notice", onNotice);
    model.on("msg:custom", onMessage);
    onRecord();
    onNotice();
    model.send({ type: "hello" });
  }
  return () => {
    onLeave();
    ended = true;
    clearTimeout(later);
    way.end?.();
    globalThis.removeEventListener?.("pagehide", onLeave);
    model.off("change:record", onRecord);
    model.off("change:notice", onNotice);
    model.off("msg:custom", onMessage);
  };
}

export default { render };
