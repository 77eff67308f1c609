// Brings the widgets of a page to life without a kernel: reads the states that Jupyter stored in the notebook, gives
// each anywidget a model, and renders it in the place of its static drawing when the reader comes near.
(() => {
  const unrolled = (window.unrolled ??= {});
  const folder = new URL(".", document.currentScript.src).href;
  const stored = JSON.parse(document.querySelector("script.u-models").textContent);
  unrolled.modules ??= {};
  unrolled.models = {};
  unrolled.files = {};

  const scripts = {};
  function load(file) {
    scripts[file] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script"); // not import(): a page opened from a folder may not import
      script.src = new URL(file, folder).href;
      script.async = false; // they run in the order in which they are asked for
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${file} could not be loaded`));
      document.head.append(script);
    });
    return scripts[file];
  }

  // Progress: one entry of this browser's storage. Its name starts with the course's, because all sites of one
  // github.io account share their storage.
  const KEY = "unrolled:progress";
  const heard = new Set();
  const progress = {
    read() {
      let text = null;
      try {
        text = localStorage.getItem(KEY);
        return JSON.parse(text ?? "{}") ?? {};
      } catch {
        if (text !== null) localStorage.setItem(`${KEY}:damaged`, text);
        return {};
      }
    },
    write(value) {
      try {
        localStorage.setItem(KEY, JSON.stringify(value));
      } catch {
        return "This browser keeps no data for this page, so your progress is gone when you leave it.";
      }
      for (const listener of heard) listener();
      return "";
    },
    onchange: (listener) => heard.add(listener),
  };
  addEventListener("storage", (event) => {
    if (event.key === KEY || event.key === null) for (const listener of heard) listener();
  });

  const python = {
    async check(...question) {
      await load("../python.js");
      const verdict = await unrolled.python.check(...question);
      if (!verdict.unavailable) return verdict;
      throw new Error(
        `${verdict.unavailable} Colab and Binder can check it; their links stand under the chapter's title.`,
      );
    },
  };

  /** The part of anywidget's model that a picture uses. */
  class Model {
    constructor(id, { state, files }) {
      this.state = state;
      this.files = files; // what is too heavy for the page: loaded when the widget asks for it
      this.listeners = {};
      this.page = { progress, python, add: (picture) => unrolled.around.add(id, this, picture) };
      this.widget_manager = { get_model: async (id) => model(id.replace("IPY_MODEL_", "")) };
    }

    get(name) {
      return this.state[name];
    }

    set(name, value) {
      if (JSON.stringify(this.state[name]) === JSON.stringify(value)) return;
      this.state[name] = value;
      for (const event of [`change:${name}`, "change"])
        for (const listener of [...(this.listeners[event] ?? [])]) listener();
    }

    on(event, listener) {
      (this.listeners[event] ??= new Set()).add(listener);
    }

    off(event, listener) {
      this.listeners[event]?.delete(listener);
    }

    async file(name) {
      await load(this.files[name]);
      return unrolled.files[name];
    }

    save_changes() {}

    send() {}
  }

  function model(id) {
    unrolled.models[id] ??= new Model(id, stored[id]);
    return unrolled.models[id];
  }

  const started = new Set();
  async function start(place) {
    if (started.has(place)) return;
    started.add(place);
    const id = place.dataset.model;
    try {
      await Promise.all(stored[id].scripts.map(load));
      let focused = () => undefined;
      const note = () => {
        const { tagName } = document.activeElement;
        const number = [...place.querySelectorAll(tagName)].indexOf(document.activeElement);
        focused = () => place.querySelectorAll(tagName)[number];
      };
      note();
      place.addEventListener("focusin", note); // the reader may go on while a heavy file is on its way
      await unrolled.modules[stored[id].module].default.render({ model: model(id), el: place });
      place.removeEventListener("focusin", note);
      // The living widget takes the focus over from its drawing, unless the reader has left it.
      if (document.activeElement === document.body) focused()?.focus({ preventScroll: true });
      place.classList.add("u-live");
    } catch (error) {
      console.error(error);
      const words =
        "This picture could not start in your browser; what you see does not move. Colab and Binder can run it.";
      place.append(Object.assign(document.createElement("p"), { className: "u-failed", textContent: words }));
    }
  }

  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        start(target);
      }
    },
    { rootMargin: "600px" },
  );
  // A picture with a heavy file waits until it is touched: who only reads past its drawing does not fetch it.
  const TOUCHES = ["pointerover", "pointerdown", "focusin"];
  function startWhenTouched(place) {
    const touched = () => {
      for (const event of TOUCHES) place.removeEventListener(event, touched);
      start(place);
    };
    for (const event of TOUCHES) place.addEventListener(event, touched);
  }

  unrolled.around.name(stored);
  unrolled.around.link(start);
  unrolled.around.markCode();
  for (const place of document.querySelectorAll(".u-widget")) {
    if (Object.keys(stored[place.dataset.model].files ?? {}).length) startWhenTouched(place);
    else near.observe(place);
  }
})();
