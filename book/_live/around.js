// What the page around the living pictures has to do with them: their settings stand in its address, sentences of its
// text move their controls, and a name in its code belongs to the quantity of that name.
(() => {
  const QUANTITIES = new Set(["x", "h", "C", "f", "i", "o", "g", "z", "r", "y"]);
  const keys = {}; // of a model: its name in the address
  const [pictures, heard] = [{}, {}]; // by that name: the picture, and who waits for it
  const around = ((window.unrolled ??= {}).around = {});

  /** Give each picture its name in the address: its class, with a number from the second of its kind on. */
  around.name = (models) => {
    const counted = {};
    const answers = new Set(Object.values(models).map(({ state }) => state.picture?.replace("IPY_MODEL_", "")));
    for (const place of document.querySelectorAll(".u-widget")) {
      const { model } = place.dataset;
      if (answers.has(model)) continue; // an exercise keeps its settings with the answer
      const name = models[model].module;
      counted[name] = (counted[name] ?? 0) + 1;
      keys[model] = counted[name] > 1 ? name + counted[name] : name;
    }
  };

  /** The settings of an address's query, {key: {trait: words}}, and what else stands in it. */
  function parsed(query) {
    const [settings, others] = [{}, []];
    for (const [name, words] of new URLSearchParams(query)) {
      const [key, trait] = name.split(".");
      if (trait && Object.values(keys).includes(key)) (settings[key] ??= {})[trait] = words;
      else others.push([name, words]);
    }
    return { settings, others };
  }

  const coded = (words) => encodeURIComponent(words).replaceAll("%2C", ",");

  /** Write what is set now into the address; its place in the page stays. */
  function keep(key) {
    const { settings, others } = parsed(location.search);
    settings[key] = pictures[key].words();
    const named = ([of, set]) => Object.entries(set).map(([trait, words]) => [`${of}.${trait}`, words]);
    const own = Object.entries(settings).flatMap(named);
    const query = [...others, ...own].map(([name, words]) => `${coded(name)}=${coded(words)}`).join("&");
    const address = `${location.pathname}${query ? `?${query}` : ""}${location.hash}`;
    if (address === location.pathname + location.search + location.hash) return;
    try {
      history.replaceState(history.state, "", address);
    } catch {
      // A page opened from a folder may not change its address, and no page may too often.
    }
  }

  /** A picture has come to life: it takes its settings from the address, and from then on they stand there. */
  around.add = (id, model, picture) => {
    const key = keys[id];
    if (!key || pictures[key]) return;
    pictures[key] = picture;
    const asked = parsed(location.search).settings[key];
    if (asked) picture.set(asked);
    let timer;
    model.on("change", () => {
      clearTimeout(timer);
      timer = setTimeout(keep, 400, key);
    });
    heard[key]?.();
  };

  /** Move the controls that a sentence names, of pictures that may yet have to start. */
  async function drive(query, start) {
    for (const [key, asked] of Object.entries(parsed(query).settings)) {
      const id = Object.keys(keys).find((model) => keys[model] === key);
      const place = document.querySelector(`.u-widget[data-model="${id}"]`);
      const alive = pictures[key] ?? new Promise((resolve) => (heard[key] = resolve));
      start(place);
      await alive;
      pictures[key].set(asked);
      const { top, bottom } = place.getBoundingClientRect();
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const unseen = top > innerHeight - 120 || bottom < 120;
      if (unseen) place.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
    }
  }

  /** Make the sentences that name settings, <span data-drive="RecurrentNeuron w_R=1.5 b=0">, into links. */
  around.link = (start) => {
    for (const words of document.querySelectorAll("[data-drive]")) {
      const [key, ...settings] = words.dataset.drive.split(" ");
      const query = `?${settings.map((setting) => `${key}.${setting}`).join("&")}`;
      const link = Object.assign(document.createElement("a"), { className: "u-drive", href: query });
      link.append(...words.childNodes);
      words.replaceChildren(link);
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return; // in a tab of its own, from the address
        event.preventDefault();
        drive(query, start);
      });
    }
  };

  /** Mark the names in code that are a quantity's; not those that only count, as in `for i in range(3)`. */
  around.markCode = () => {
    for (const code of document.querySelectorAll(".cell_input pre")) {
      const counts = new Set(
        code.textContent
          .match(/\bfor\b[^:\n]*\bin\b/g)
          ?.join(" ")
          .match(/\w+/g),
      );
      for (const name of code.querySelectorAll(".n")) {
        const words = name.textContent === "c" ? "C" : name.textContent;
        if (QUANTITIES.has(words) && !counts.has(name.textContent)) name.dataset.q = words;
      }
    }
  };
})();
