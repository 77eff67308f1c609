// The widget of the progress over the course: what is solved, export, import, reset.
import { h, standing } from "./elements.js";
import { EMPTY, merged, problem, readPage } from "./record.js";

const NAMES = { choose: "choose", compute: "compute", tune: "tune", write: "write" };

function render({ model, el }) {
  const { page } = model;
  const chapters = model.get("chapters");
  let progress = EMPTY;

  const count = h("p", { class: "u-count", role: "status" });
  const rows = {};
  const lists = chapters.map(({ chapter, title, page: file, exercises }) => {
    const head = h("h3", { class: "u-chapter" });
    const list = h(
      "ul",
      { class: "u-progress-list" },
      exercises.map(({ id, title, kind, minutes }) => {
        const state = h("span", { class: "u-standing" });
        rows[id] = state;
        return h(
          "li",
          {},
          file ? h("a", { href: link(file, id) }, title) : title,
          h("span", { class: "u-aside" }, ` ${NAMES[kind]}, ${minutes} min `),
          state,
        );
      }),
    );
    return {
      head,
      list,
      ids: exercises.map(({ id }) => id),
      words: title ? `${chapter} · ${title}` : `Chapter ${chapter}`,
    };
  });
  const message = h("p", { class: "u-notice", role: "status" });
  const file = h("input", {
    type: "file",
    accept: "application/json,.json",
    class: "u-file",
    "aria-label": "Progress file to import",
  });
  const [download, upload, reset] = ["Export", "Import", "Reset"].map((words) =>
    h("button", { type: "button", class: "u-button" }, words),
  );
  const question = h(
    "p",
    { class: "u-ask", hidden: true, role: "group", "aria-label": "Reset" },
    "Forget all progress, drafts included? Export it first if you may want it back. ",
  );
  const [yes, no] = ["Forget it", "Keep it"].map((words) => h("button", { type: "button", class: "u-button" }, words));
  question.append(yes, " ", no);

  el.replaceChildren(
    h(
      "section",
      { class: "u-progress", "aria-label": "Your progress" },
      count,
      lists.flatMap(({ head, list }) => [head, list]),
      h(
        "fieldset",
        { class: "u-buttons", disabled: Boolean(model.static) },
        h("legend", { class: "u-spoken" }, "Keep or forget your progress"),
        download,
        upload,
        reset,
        h("span", { hidden: true }, file),
      ),
      question,
      message,
    ),
  );
  draw();
  if (model.static) return undefined;

  // On a page Sphinx says where the site's root is; in a notebook the link goes to the chapter's notebook.
  function link(file, id) {
    if (!page && !model.static) return `${file}.ipynb`;
    return `${document.documentElement.dataset?.content_root ?? ""}${file}.html#exercise-${id}`;
  }

  function draw() {
    let solved = 0,
      all = 0;
    for (const { head, ids, words } of lists) {
      const here = ids.filter((id) => progress.exercises[id]?.solved).length;
      head.textContent = `${words} (${here} of ${ids.length})`;
      solved += here;
      all += ids.length;
    }
    count.textContent = `${solved} of ${all} exercises solved.`;
    for (const [id, state] of Object.entries(rows)) {
      const [name, words] = standing(progress.exercises[id] ?? {});
      state.setAttribute("class", `u-standing u-${name}`);
      state.textContent = words;
    }
  }

  function take(latest) {
    progress = problem(latest) ? EMPTY : latest;
    draw();
  }

  function write(all, words) {
    const failure = page.progress.write(all);
    say(failure || words);
    take(all);
  }

  function say(words) {
    message.textContent = words;
  }

  download.addEventListener("click", () => {
    const url = URL.createObjectURL(
      new Blob([JSON.stringify({ ...EMPTY, exercises: progress.exercises }, null, 1)], { type: "application/json" }),
    );
    h("a", { href: url, download: "unrolled-progress.json" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
    say("Exported as unrolled-progress.json.");
  });
  upload.addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    const chosen = file.files[0];
    if (!chosen) return;
    let data, complaint;
    try {
      data = JSON.parse(await chosen.text());
      complaint = problem(data);
    } catch {
      complaint = "it is not JSON.";
    }
    file.value = "";
    if (complaint) return say(`Nothing was imported from ${chosen.name}: ${complaint}`);
    const words = `Imported ${Object.keys(data.exercises).length} exercises from ${chosen.name}, added to what was here.`;
    if (page) write(merged(readPage(page), data), words);
    else model.send({ type: "merge", data, words });
  });
  reset.addEventListener("click", () => ((question.hidden = false), no.focus()));
  no.addEventListener("click", () => ((question.hidden = true), reset.focus()));
  yes.addEventListener("click", () => {
    question.hidden = true;
    reset.focus();
    if (page) write(EMPTY, "All progress is forgotten.");
    else model.send({ type: "reset" });
  });

  const onProgress = () => take(model.get("progress"));
  const onNotice = () => say(model.get("notice"));
  if (page) {
    take(readPage(page));
    page.progress.onchange?.(() => take(readPage(page)));
    return undefined;
  }
  model.on("change:progress", onProgress);
  model.on("change:notice", onNotice);
  onProgress();
  model.send({ type: "hello" });
  return () => {
    model.off("change:progress", onProgress);
    model.off("change:notice", onNotice);
  };
}

export default { render };
