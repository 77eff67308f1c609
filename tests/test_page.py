"""A page's weight, its stillness, and its use by keyboard, on paper, without JavaScript, in forced colours.

Lighthouse is slow and wants a quiet machine: benchmarks/page.py runs it, and benchmarks/report.py says what is beyond
its limits. What can be measured in a second is measured here.
"""

import pytest

from built_site import ALL_OF_IT, CHAPTERS, RECURRENT, SITE, soup, visit
from github_pages import served

BYTES_ALLOWED = 250_000
SHIFT_ALLOWED = 0.02
PHONE = {"viewport": {"width": 412, "height": 823}, "is_mobile": True, "has_touch": True}
MEASURED = ["index", *CHAPTERS]


@pytest.fixture(scope="session")
def pages(site):
    """The address of the site served compressed, as GitHub Pages does."""
    with served(site) as address:
        yield address


# --- weight and stillness -------------------------------------------------------------------------------------------


READ = """async () => {  // to the end of the page, screen by screen
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const end = () => scrollY + innerHeight + 2 > document.documentElement.scrollHeight;
  for (let screens = 0; screens < 300 && !end(); screens++) {
    scrollBy({ top: 700, behavior: "instant" });
    await frame();
  }
  if (!end()) throw Error("the page has no end");
}"""


@pytest.mark.parametrize("page", MEASURED)
def test_little_is_transferred_and_nothing_moves(browser, pages, page):
    """Before any click, on a phone, read to the end: bytes as transferred, layout shifts."""
    watch = """
        window.shifts = [];
        new PerformanceObserver((list) => list.getEntries().forEach((e) => e.hadRecentInput || shifts.push(e.value)))
          .observe({ type: "layout-shift", buffered: true });
    """
    with visit(browser, "about:blank", **PHONE) as seen:
        network = seen.page.context.new_cdp_session(seen.page)
        network.send("Network.enable")
        transferred = []
        network.on("Network.loadingFinished", lambda event: transferred.append(event["encodedDataLength"]))
        seen.page.add_init_script(watch)
        seen.page.goto(f"{pages}/{page}.html", wait_until="networkidle")
        seen.page.evaluate(READ)
        seen.settle()
        assert sum(transferred) > 10_000  # it was measured
        assert sum(transferred) <= BYTES_ALLOWED
        assert sum(seen.page.evaluate("shifts")) < SHIFT_ALLOWED
        assert not seen.complaints
        assert not seen.foreign


@pytest.mark.parametrize("page", MEASURED)
def test_no_script_holds_up_the_page(site, page):
    for script in soup(site, page).find_all("script", src=True):
        assert script.has_attr("defer") or script.has_attr("async") or script.get("type") == "module", script["src"]


@pytest.mark.parametrize("page", ["index", "notation", *CHAPTERS])
def test_every_character_of_a_formula_has_its_font(browser, pages, page):
    """The fonts are cut down to what formulas use: none may be drawn in a font that stands in for KaTeX's."""
    mark = """() => { const kinds = new Map();  // one place for each character in each font
      for (const e of document.querySelectorAll('.katex-html *, .u-hero text, .u-hero tspan')) {
        const s = getComputedStyle(e), font = [s.fontFamily, s.fontWeight, s.fontStyle].join();
        const texts = [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data);
        const own = texts.join('').replace(/[\\s\u200b]/g, '');
        if (own) kinds.set(font + own, e);
      }
      [...kinds.values()].forEach((e, i) => { e.dataset.glyph = i; });
      return kinds.size; }"""
    with visit(browser, f"{pages}/{page}.html") as seen:
        seen.page.add_style_tag(content=ALL_OF_IT)
        places = seen.page.evaluate(mark)
        cdp = seen.page.context.new_cdp_session(seen.page)
        cdp.send("DOM.enable")
        cdp.send("CSS.enable")
        root = cdp.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
        used = {}
        for node in cdp.send("DOM.querySelectorAll", {"nodeId": root, "selector": "[data-glyph]"})["nodeIds"]:
            for font in cdp.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]:
                used.setdefault(font["familyName"], node)
        strange = {
            name: cdp.send("DOM.getOuterHTML", {"nodeId": node}) for name, node in used.items() if "KaTeX" not in name
        }
    assert bool(places) == bool(used) == bool(soup(SITE, page).select_one(".katex-html, .u-hero text"))
    assert not strange


# --- keyboard -------------------------------------------------------------------------------------------------------

STOP = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const label = e.matches('.sd-tab-set > input') ? getComputedStyle(e.nextElementSibling) : style;
  if (e === document.body) return null;
  window.stops ??= []; const before = stops.indexOf(e); stops.push(e);
  const seen = e.matches('.sd-tab-set > input') ? e.nextElementSibling.getBoundingClientRect() : box;
  const regions = ['#pst-skip-link', '.bd-sidebar-primary', '.bd-header-article', 'article', '.bd-article-container'];
  const region = regions.findIndex((css) => e.closest(css));
  return { name: e.outerHTML.slice(0, 120), again: before >= 0, editor: e.matches("textarea.u-code"),
           outlined: label.outlineStyle !== 'none' && parseFloat(label.outlineWidth) >= 2,
           inView: seen.width > 0 && seen.bottom > 0 && seen.top < innerHeight && seen.right > 0,
           region: region < 0 ? regions.length : region }; }"""


@pytest.mark.parametrize("page", CHAPTERS)
def test_tab_leads_through_the_page(browser, address, page):
    """Every stop is seen, the order is that of the page, and the way leads out at the end."""
    with visit(browser, f"{address}/{page}.html") as seen:
        stops, stop = [], None
        seen.page.add_style_tag(
            content=f"{ALL_OF_IT} .katex-html, .figure-svg {{ visibility: hidden }}"
        )  # less to paint
        for _ in range(600):
            if stop and stop["editor"]:
                seen.page.keyboard.press("Escape")  # Tab indents there; the editor's note says how to leave
            seen.page.keyboard.down("Tab")  # and held, as a reader in a hurry does
            if not stops:
                seen.settle()  # the skip link slides in
            stop = seen.page.evaluate(STOP)
            if stop is None or stop["again"]:
                break
            stops.append(stop)
        assert stop is None or "pst-skip-link" in stop["name"] or "#main-content" in stop["name"], f"trapped at {stop}"
        assert [stop["name"] for stop in stops if not stop["outlined"]] == []
        assert [stop["name"] for stop in stops if not stop["inView"]] == []
        regions = [stop["region"] for stop in stops]
        assert regions == sorted(regions)
        assert set(regions) >= {0, 1, 2, 3}


def test_skip_link_leads_to_the_text(browser, address):
    with visit(browser, f"{address}/{RECURRENT}.html") as seen:
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.press("Enter")
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize(
    ("width", "opener", "dialog"),
    [
        (1300, ".search-button-field", "#pst-search-dialog"),
        (390, ".search-button__button:not(.search-button-field)", "#pst-search-dialog"),
        (390, ".primary-toggle", "#pst-primary-sidebar-modal"),
        (390, ".secondary-toggle", "#pst-secondary-sidebar-modal"),
    ],
)
def test_dialogs_open_close_and_give_the_focus_back(browser, address, width, opener, dialog):
    with visit(browser, f"{address}/{RECURRENT}.html", viewport={"width": width, "height": 844}) as seen:
        seen.page.locator(opener).focus()
        seen.page.keyboard.press("Enter")
        seen.page.locator(dialog).wait_for(state="visible")
        assert seen.page.locator(dialog).get_attribute("aria-label")
        assert seen.page.evaluate("document.activeElement.closest('dialog') !== null")
        seen.page.keyboard.press("Escape")
        seen.page.locator(dialog).wait_for(state="hidden")
        assert seen.page.evaluate("css => document.activeElement.matches(css)", opener)
        assert not seen.complaints


def test_menus_by_keyboard(browser, address):
    with visit(browser, f"{address}/{RECURRENT}.html") as seen:
        button = seen.page.locator(".dropdown-launch-buttons button")
        menu = seen.page.locator(".dropdown-launch-buttons .dropdown-menu")
        button.focus()
        seen.page.keyboard.press("Enter")
        assert menu.is_visible()
        assert button.get_attribute("aria-expanded") == "true"
        seen.page.keyboard.press("ArrowDown")
        assert "Binder" in seen.page.evaluate("document.activeElement.textContent")
        seen.page.keyboard.press("ArrowDown")
        assert "Colab" in seen.page.evaluate("document.activeElement.textContent")
        seen.page.keyboard.press("Escape")
        assert not menu.is_visible()
        assert seen.page.evaluate("document.activeElement.matches('.dropdown-launch-buttons button')")
        button.click()
        assert menu.is_visible()
        seen.page.mouse.click(640, 700)
        assert not menu.is_visible()


def test_search_finds_from_a_chapter(browser, address):
    with visit(browser, f"{address}/{RECURRENT}.html") as seen:
        seen.page.keyboard.press("Control+k")
        seen.page.keyboard.type("gradient")
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url("**/search.html?q=gradient")
        found = seen.page.locator("#search-results li a")
        found.first.wait_for()
        assert found.count() > 1
        assert not seen.complaints


# --- without JavaScript, on paper, in other people's colours --------------------------------------------------------


@pytest.mark.parametrize("page", CHAPTERS)
def test_without_javascript(browser, address, page):
    """On a phone: the text, the figures, the code and the way to the other chapters; no button that does nothing."""
    with visit(browser, f"{address}/{page}.html", java_script_enabled=False, viewport=PHONE["viewport"]) as seen:
        for css in ("article h1", "article h2", ".figure-svg svg", ".cell_output", ".bd-links a"):
            if soup(SITE, page).select_one(css):
                assert seen.page.locator(css).first.is_visible(), css
        other = seen.page.locator(".bd-links a.internal").last
        box = other.bounding_box()
        assert 0 <= box["x"] < 412
        idle = seen.page.locator("main button:visible, .bd-sidebar-primary button:visible, dialog:visible")
        assert idle.count() == 0, idle.first.inner_html()


@pytest.mark.parametrize("page", CHAPTERS)
def test_paper_loses_nothing(browser, address, page):
    """On A4 nothing is wider than the paper or cut off, nothing is folded away that can be unfolded only by a click."""
    wide = """() => [...document.querySelectorAll('article :is(pre, svg, table, div.math, .cell_output)')]
      .filter((e) => e.getClientRects().length && (e.getBoundingClientRect().right > innerWidth + 1
        || (e.scrollWidth > e.clientWidth + 1 && e.clientWidth && getComputedStyle(e).overflowX !== 'visible')))
      .map((e) => e.outerHTML.slice(0, 120))"""
    with visit(browser, f"{address}/{page}.html", viewport={"width": 680, "height": 960}) as seen:  # A4 without margins
        seen.page.emulate_media(media="print")
        assert seen.page.evaluate(wide) == []
        for menu in (".bd-sidebar-primary", ".bd-header-article", ".launch-row", "#pst-back-to-top", ".copybtn"):
            assert not seen.page.locator(menu).first.is_visible(), menu


def test_forced_colours(browser, address):
    """In high contrast the page keeps its text, the borders of its controls and the focus."""
    with visit(browser, f"{address}/{RECURRENT}.html", forced_colors="active", color_scheme="dark") as seen:
        for icon in (".primary-toggle .fa-bars", ".theme-switch-button"):
            assert seen.page.locator(icon).first.is_visible()
        icon = "getComputedStyle(document.querySelector('.primary-toggle .fa-bars'), '::before').backgroundColor"
        assert seen.page.evaluate(icon) != seen.page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_reduced_motion(browser, address):
    moving = """() => [...document.querySelectorAll('*')].filter((e) => {
      const s = getComputedStyle(e);
      return s.animationName !== 'none' || s.transitionDuration.split(',').some((d) => parseFloat(d) > 0.01);
    }).length"""
    with visit(browser, f"{address}/{RECURRENT}.html", reduced_motion="reduce") as seen:
        assert seen.page.evaluate(moving) == 0


@pytest.mark.parametrize(("width", "which"), [(1300, 0.5), (390, 0.9)])
@pytest.mark.parametrize("page", CHAPTERS)
def test_a_link_to_a_heading_lands_there(browser, address, site, page, width, which):
    """Blocks far from the screen have no layout yet; their real heights must not push the heading away."""
    headings = [h.parent["id"] for h in soup(site, page).select("section[id] > h2")]
    heading = headings[int(which * len(headings))]
    with visit(browser, f"{address}/{page}.html#{heading}", viewport={"width": width, "height": 900}) as seen:
        seen.settle()
        top = seen.page.evaluate("id => document.getElementById(id).getBoundingClientRect().top", heading)
        end = seen.page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 2")
        assert end or -10 < top < 150, (heading, top)
