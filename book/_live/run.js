// Run, Edit, Stop and Reset at the code cells of this page. Python and the editor are loaded at the first click.
(() => {
  "use strict";
  const u = (window.unrolled ??= {});
  const here = document.currentScript.src;

  const loaded = {};
  /** Load a script that lies beside this one, once. */
  function load(file) {
    return (loaded[file] ??= new Promise((resolve, reject) => {
      const src = new URL(file + new URL(here).search, here).href;
      const script = Object.assign(document.createElement("script"), { src, onload: resolve });
      script.onerror = () => {
        delete loaded[file];
        script.remove();
        reject(Object.assign(new Error(`${file} could not be fetched: is there a network?`), { cannot: true }));
      };
      document.head.append(script);
    }));
  }

  const element = (name, className, textContent = "") =>
    Object.assign(document.createElement(name), { className, textContent });

  // --- what the reader wrote is kept when the page is left; where storage is blocked it is not -----------------------
  const key = (cell) => `unrolled:code:${location.pathname}#${cell.number}`;
  function keep(cell) {
    try {
      if (cell.code === cell.published) localStorage.removeItem(key(cell));
      else localStorage.setItem(key(cell), JSON.stringify([cell.published, cell.code]));
    } catch {}
  }
  function kept(cell) {
    try {
      const [published, code] = JSON.parse(localStorage.getItem(key(cell)));
      if (published === cell.published) return code; // else the chapter has changed since
    } catch {}
    return cell.published;
  }

  // --- the output of a cell ------------------------------------------------------------------------------------------
  let figures = 0;

  class Output {
    constructor(box, input) {
      this.input = input;
      this.area = box.querySelector(".cell_output");
      this.published = this.area && [...this.area.childNodes];
      this.fresh = false;
    }

    /** What is there stays until something new comes. */
    begin() {
      this.fresh = true;
    }

    put(kind, text) {
      if (this.fresh) {
        this.fresh = false;
        if (!this.area) this.input.after((this.area = element("div", "cell_output docutils container")));
        const details = this.area.closest("details");
        if (details) details.open = true;
        this.before = [...this.area.querySelectorAll(".highlight-python")];
        this.area.replaceChildren();
        this.last = this.note = null;
      }
      if (kind === "display") this.display(JSON.parse(text));
      else if (kind === "note") this.remark(text);
      else this.stream(kind, text);
    }

    add(child) {
      this.last = null;
      this.area.append(child);
      return child;
    }

    block(className, text) {
      const block = this.add(element("div", `output ${className}`));
      block.append(element("div", "highlight"));
      block.firstChild.append(element("pre", "", text));
      return block;
    }

    stream(kind, text) {
      if (this.last?.kind !== kind) {
        const block = this.block(
          kind === "error" ? "live-error" : `stream live-stream ${kind === "stderr" ? "live-aside" : ""}`,
        );
        this.last = { kind, block, pre: block.querySelector("pre"), text: "", back: false };
      }
      const last = this.last;
      for (const part of text.split(/(\r?\n|\r)/)) {
        if (part === "\r")
          last.back = true; // what follows writes over the line, as a progress bar does
        else if (part) {
          if (last.back && !part.endsWith("\n")) last.text = last.text.slice(0, last.text.lastIndexOf("\n") + 1);
          last.text += part.replace("\r\n", "\n");
          last.back = false;
        }
      }
      last.pre.textContent = last.text;
      last.block.hidden = !last.text.trim();
    }

    remark(text) {
      if (!this.note) this.note = this.add(element("p", "live-note"));
      this.note.textContent = text;
    }

    display(bundle) {
      const svg = bundle["image/svg+xml"];
      if (svg) return void this.add(element("div", "output figure-svg")).append(drawing(svg));
      const markdown = bundle["text/markdown"];
      const text = markdown?.replace(/^```\w*\n|\n?```\s*$/g, "") ?? bundle["text/plain"];
      const same = markdown && this.before.find((old) => old.querySelector("pre").textContent.trim() === text.trim());
      if (same)
        this.add(same); // the published listing is the same, and in colours
      else this.block(markdown ? "" : "text_plain", text);
    }

    end() {
      if (this.fresh && this.area) this.area.replaceChildren(); // it ran and said nothing
      this.fresh = false;
      for (const pre of this.area?.querySelectorAll("pre") ?? [])
        if (pre.scrollHeight > pre.clientHeight || pre.scrollWidth > pre.clientWidth) pre.tabIndex = 0;
    }

    reset() {
      this.fresh = false;
      if (this.published) this.area.replaceChildren(...this.published);
      else {
        this.area?.remove();
        this.area = null;
      }
    }
  }

  /** An SVG as a node of this page, with ids of its own and without anything that could act. */
  function drawing(text) {
    const prefix = `live-${++figures}-`;
    const own = text
      .replace(/\bid="/g, `id="${prefix}`)
      .replace(/(href=")#/g, `$1#${prefix}`)
      .replace(/url\(#/g, `url(#${prefix}`);
    const svg = new DOMParser().parseFromString(own, "image/svg+xml").documentElement;
    if (svg.localName !== "svg") return element("pre", "", "This figure is not well-formed SVG.");
    for (const node of [svg, ...svg.querySelectorAll("*")]) {
      if (["script", "foreignObject"].includes(node.localName)) node.remove();
      for (const { name, value } of [...node.attributes])
        if (/^on/i.test(name) || /^\s*javascript:/i.test(value)) node.removeAttribute(name);
    }
    return document.importNode(svg, true);
  }

  // --- cells ---------------------------------------------------------------------------------------------------------
  let session = null;
  let queue = Promise.resolve();

  class Cell {
    constructor(bar, number) {
      Object.assign(this, { bar, number, ran: null, state: "" });
      const input = bar.closest(".cell_input");
      this.pre = input.querySelector("pre");
      this.published = this.pre.textContent.replace(/\n$/, "");
      this.markup = [...this.pre.childNodes]; // put back as they are: to copy them all cost 20 ms at the start
      this.output = new Output(bar.closest("div.cell"), input);
      for (const name of ["run", "edit", "reset", "mark", "say", "clock"])
        this[name] = bar.querySelector(`.live-${name}`);
      this.run.onclick = () => (this.state ? stop(this) : start(this));
      this.edit.onclick = () => edit(this);
      this.reset.onclick = () => reset(this);
      this.code = this.published;
      if (kept(this) !== this.published) {
        this.write(kept(this));
        this.pre.textContent = this.code + "\n";
      }
    }

    write(code) {
      this.code = code;
      this.mark.hidden = code === this.published;
      this.reset.hidden = this.mark.hidden && !this.changed;
    }

    tell(text, problem) {
      this.say.replaceChildren(text);
      this.clock.textContent = "";
      this.say.classList.toggle("live-problem", Boolean(problem));
      if (problem?.cannot)
        for (const link of document.querySelectorAll('.launch-row a[href^="http"]'))
          this.say.append(" ", Object.assign(element("a", "", link.textContent), { href: link.href }));
    }

    /** state: "" (at rest), "waiting", or "running". */
    become(state) {
      this.state = state;
      this.run.textContent = state ? "Stop" : "Run";
      this.run.setAttribute("aria-label", state ? "Stop this cell" : "Run this cell");
    }
  }

  function start(cell) {
    if (cell.state) return;
    const busy = cells.find((other) => other.state);
    cell.become("waiting");
    cell.tell(busy ? "waiting for the cell that is running" : "");
    queue = queue.then(() => cell.state && work(cell));
  }

  function stop(cell) {
    if (cell.state === "running") return session?.end("Stopped. Its variables are gone: the next Run starts afresh.");
    cell.become("");
    cell.tell("not run");
  }

  async function work(cell) {
    const began = Date.now();
    const clock = setInterval(() => (cell.clock.textContent = ` ${Math.round((Date.now() - began) / 1000)} s`), 1000);
    let at = cell;
    try {
      await load("python.js");
      if (cell.state !== "waiting") return; // stopped meanwhile
      if (u.python.why()) throw Object.assign(new Error(u.python.why()), { cannot: true });
      cell.become("running");
      if (!session || session.ended) {
        session = u.python.start();
        for (const other of cells) other.ran = null;
      }
      const fresh = cells.filter((other) => other.ran === other.code).map((other) => other.number);
      const plan = await session.ask(
        { op: "plan", codes: cells.map((other) => other.code), target: cell.number, fresh },
        (kind, text) => kind === "status" && cell.tell(text),
      );
      for (const number of plan) {
        at = cells[number];
        const before = plan.length - 1;
        const head = at === cell ? "" : `running ${before === 1 ? "a cell" : before + " cells"} before this one: `;
        if (!(await runOne(at, (text) => cell.tell(head + text)))) {
          if (at === cell) return cell.tell("ended with an error", {});
          at.tell("ended with an error", {});
          at.bar.closest("details")?.setAttribute("open", "");
          return cell.tell("not run: a cell before it ended with an error", {});
        }
      }
      cell.tell(`done in ${((Date.now() - cell.since) / 1000).toFixed(1)} s`);
    } catch (problem) {
      for (const other of cells) {
        other.ran = null; // the worker has gone
        other.output.fresh = false;
      }
      cell.tell(problem.message, problem);
    } finally {
      clearInterval(clock);
      cell.become("");
      if (document.activeElement === document.body) cell.run.focus({ preventScroll: true });
    }
  }

  async function runOne(cell, tell) {
    const { code, output } = cell;
    cell.ran = null;
    cell.changed = true;
    cell.reset.hidden = false;
    cell.since = Date.now();
    output.begin();
    const good = await session.ask({ op: "run", name: `cell ${cell.number + 1}`, code }, (kind, text) => {
      if (kind === "status") tell(text || "running…");
      else output.put(kind, text);
    });
    output.end();
    if (good) cell.ran = code;
    return good;
  }

  async function edit(cell) {
    if (cell.editor) return close(cell);
    try {
      await load("editor.js");
    } catch (problem) {
      return cell.tell(problem.message, {});
    }
    if (cell.editor) return;
    const change = (code) => {
      cell.write(code);
      cell.pre.textContent = code + "\n"; // what the copy button takes
      keep(cell);
    };
    const label = "Python code. Escape and then Tab leave the editor, Control-Enter runs it.";
    const holder = element("div", "live-editor");
    holder.addEventListener("keydown", (event) => event.stopPropagation()); // "/" would open the page's search
    cell.pre.after(holder);
    cell.editor = u.editor.open(holder, cell.code, { change, run: () => start(cell), label });
    cell.pre.hidden = true;
    cell.edit.textContent = "Done";
    cell.edit.setAttribute("aria-label", "Done: close the editor");
    cell.editor.focus();
  }

  function close(cell) {
    const holder = cell.editor.dom.parentElement;
    cell.editor.destroy();
    holder.remove();
    cell.editor = null;
    cell.pre.hidden = false;
    if (cell.code !== cell.published) cell.pre.replaceChildren(u.editor.paint(cell.code + "\n"));
    else cell.pre.replaceChildren(...cell.markup);
    cell.edit.textContent = "Edit";
    cell.edit.setAttribute("aria-label", "Edit this cell");
  }

  function reset(cell) {
    if (cell.state) return cell.tell("stop it first");
    cell.changed = false;
    cell.write(cell.published);
    if (cell.editor) close(cell);
    else cell.pre.replaceChildren(...cell.markup);
    keep(cell);
    cell.output.reset();
    cell.tell("as published");
    cell.run.focus({ preventScroll: true });
  }

  const cells = [...document.querySelectorAll(".live-bar")].map((bar, number) => new Cell(bar, number));
  // Not on the root: a class there makes browsers compute the style of the whole page again, 40 ms on this one.
  for (const bar of document.querySelectorAll(".live-bar")) bar.classList.add("live-ready");
})();
