// What the theme leaves to Bootstrap's script (81 kB) or to nobody: the menus in a chapter's header, focus that comes
// back, formulas that scroll by keyboard.

(() => {
  const OPENERS = ".search-button__button, .primary-toggle, .secondary-toggle, .theme-switch-button";
  const SCROLLING = "pre, div.math, .cell_output > .output, .tableout, .pst-scrollable-table-container"
    .split(", ")
    .map((css) => `.bd-article ${css}`)
    .join();

  // --- menus: a click or Enter opens, the arrows walk, Escape and a click elsewhere close ---

  const menus = [...document.querySelectorAll('[data-bs-toggle="dropdown"]')].map((button) => {
    const menu = button.nextElementSibling;
    menu.dataset.bsPopper = "static"; // the style sheet's sign for "placed without script"
    const show = (shown) => {
      menu.classList.toggle("show", shown);
      button.classList.toggle("show", shown);
      button.setAttribute("aria-expanded", shown);
    };
    button.addEventListener("click", () => show(!menu.classList.contains("show")));
    button.parentElement.addEventListener("keydown", (event) => {
      const items = [...menu.querySelectorAll(".dropdown-item")];
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        show(true);
        const at = items.indexOf(document.activeElement);
        items[at < 0 && step < 0 ? items.length - 1 : (at + step + items.length) % items.length].focus();
        event.preventDefault();
      } else if (event.key === "Escape" && menu.classList.contains("show")) {
        show(false);
        button.focus();
      }
    });
    button.parentElement.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !button.parentElement.contains(event.relatedTarget)) show(false);
    });
    return { button, show };
  });
  document.addEventListener("click", (event) => {
    for (const { button, show } of menus) if (!button.parentElement.contains(event.target)) show(false);
  });

  // --- focus: the theme takes it away from a button that was pressed; it belongs there when the dialog has closed ---

  let opener = null;
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest?.(OPENERS);
      if (!button) return;
      opener = button;
      const byKeyboard = event.detail === 0;
      setTimeout(() => byKeyboard && !document.querySelector("dialog[open]") && button.focus());
    },
    true,
  );
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("close", () => opener?.focus());
  }

  // --- the button for light and dark says which of them it is ---

  const root = document.documentElement;
  const sayMode = () => {
    for (const button of document.querySelectorAll(".theme-switch-button"))
      button.setAttribute(
        "aria-label",
        `Colours: ${{ auto: "as the system" }[root.dataset.mode] ?? root.dataset.mode}`,
      );
  };
  new MutationObserver(sayMode).observe(root, { attributeFilter: ["data-mode"] });
  sayMode();

  // --- what is wider than the column can be scrolled by keyboard. (The theme's own way measured every box at the
  // start, seen or not; see bundle.py.) ---

  const watch = new ResizeObserver((entries) => {
    const wide = entries.map(
      ({ target: box }) => box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1,
    );
    entries.forEach(({ target }, i) => {
      if (wide[i]) target.tabIndex = 0;
      else if (target !== document.activeElement) target.removeAttribute("tabindex"); // it would lose the focus
    });
  });
  const watched = new Set();
  const watchAll = () => {
    for (const box of document.querySelectorAll(SCROLLING))
      if (!watched.has(box)) watched.add(box) && watch.observe(box);
  };
  watchAll();
  document.fonts.ready.then(() => watched.forEach((box) => (watch.unobserve(box), watch.observe(box)))); // formulas grow
  let later;
  new MutationObserver(() => {
    clearTimeout(later);
    later = setTimeout(watchAll, 300); // outputs of cells that were run
  }).observe(document.getElementById("main-content"), { subtree: true, childList: true });

  // --- a link to a heading lands there: what lay unseen above it gets its real height on the way ---

  // Until it has stood still for 30 frames, or the reader moves on. Frames, because a slow machine takes longer.
  let landing = new AbortController();
  const land = () => {
    landing.abort();
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    landing = new AbortController();
    const { signal } = landing;
    for (const moves of ["wheel", "touchstart", "pointerdown", "keydown"])
      addEventListener(moves, () => landing.abort(), { signal, passive: true });
    let [place, still] = [Number.NaN, 0];
    const step = () => {
      if (signal.aborted) return;
      target.scrollIntoView({ behavior: "instant" });
      const { top } = target.getBoundingClientRect();
      still = Math.abs(top - place) < 1 ? still + 1 : 0;
      place = top;
      if (still < 30) requestAnimationFrame(step);
      else landing.abort();
    };
    requestAnimationFrame(step);
  };
  addEventListener("hashchange", land);
  land();
})();
