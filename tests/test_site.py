"""The built site in a real browser, and the extensions that make it."""

import json
import re
import subprocess
from itertools import groupby
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from bs4 import NavigableString, Tag

import formulas
import framework_tabs
import inline_svg
import launch
import repairs
from built_site import ALL_OF_IT, BOOK, CHAPTERS, PAGES, RECURRENT, ROOT, soup, violations, visit

# --- every page ---------------------------------------------------------------------------------------------------


# For axe-core, whose time grows faster than the number of elements. Formulas and drawings keep their words and roles;
# the colours in them are measured by test_palette.py. Of code one span of each kind stays; the others become text.
THINNED = """() => {
  for (const glyphs of document.querySelectorAll(".katex-html")) glyphs.remove();
  for (const formula of document.querySelectorAll("math")) formula.replaceChildren(formula.textContent);
  for (const drawing of document.querySelectorAll("svg")) drawing.replaceChildren(...drawing.querySelectorAll("title"));
  const kinds = new Set();
  for (const span of document.querySelectorAll("pre span")) {
    const kind = [span.className, span.parentElement.className, Boolean(span.closest(".cell_output"))].join("|");
    if (kinds.has(kind)) span.replaceWith(...span.childNodes);
    kinds.add(kind);
  }
}"""
# Notes what each text looks like in the theme of the moment: its colour, size and weight, and the grounds it stands on.
LOOKS = """() => {
  const own = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  const ground = (e) => { const s = getComputedStyle(e); return s.backgroundColor + s.backgroundImage + s.opacity; };
  const grounds = (e) => (e ? grounds(e.parentElement) + (ground(e) === "rgba(0, 0, 0, 0)none1" ? "" : ground(e)) : "");
  window.looks ??= new Map();
  for (const e of document.querySelectorAll("body *")) {
    if (!own(e) || !e.checkVisibility()) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(e);
    looks.set(e, [looks.get(e), color, fontSize, fontWeight, grounds(e)].join());
  }
}"""
# Leaves one text of each look: what looked the same in every theme has the same contrast.
ONE_OF_EACH = """() => {
  const kinds = new Map([...looks].map(([e, look]) => [look, e])), kept = new Set(kinds.values());
  for (const e of kept) if (e.parentElement !== document.body) kept.add(e.parentElement);
  for (const e of document.querySelectorAll("body *")) if (!kept.has(e) && !e.matches("script, style")) e.remove();
  return kinds.size;
}"""


def axe_faults(page, theme, **options):
    """What axe-core complains of. A table's header that holds a formula alone is not empty: a formula is a text."""
    return [
        f"{theme} {rule}: {words}: {node['html'][:120]}"
        for rule, words, node in violations(page, **options)
        if rule != "empty-table-header" or "katex" not in page.locator(node["target"][0]).inner_html()
    ]


@pytest.mark.parametrize("page", PAGES)
def test_page_is_quiet_and_accessible(browser, address, page):
    """No console error, no foreign request, nothing for axe-core to complain of; the contrast in light and dark."""
    with visit(browser, f"{address}/{page}.html", color_scheme="light", reduced_motion="reduce") as seen:
        seen.page.add_style_tag(content=ALL_OF_IT)
        seen.settle()
        seen.page.evaluate(THINNED)
        faults = axe_faults(seen.page, "light", rules={"color-contrast": {"enabled": False}})
        for theme in ("light", "dark"):
            seen.page.emulate_media(color_scheme=theme)
            seen.page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
            seen.page.evaluate(LOOKS)
        assert seen.page.evaluate(ONE_OF_EACH) > 5
        for theme in ("dark", "light"):
            seen.page.emulate_media(color_scheme=theme)
            seen.page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
            faults += axe_faults(seen.page, theme, runOnly=["color-contrast"])
        assert not faults, "\n".join(faults)
        assert not seen.complaints
        assert not seen.foreign


def test_the_readers_theme_is_there_from_the_start(browser, address):
    """Before any script of the page has run: the dark does not begin with a white flash."""
    for theme in ("light", "dark"):
        with visit(browser, "about:blank", color_scheme=theme) as seen:
            seen.page.route("**/*.js*", lambda route: route.abort("aborted"))
            seen.page.goto(f"{address}/{RECURRENT}.html")
            assert seen.page.evaluate("document.documentElement.dataset.theme") == theme


@pytest.mark.parametrize("page", PAGES)
def test_fits_a_phone(browser, address, page):
    with visit(browser, f"{address}/{page}.html", viewport={"width": 390, "height": 844}) as seen:
        wide = seen.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, f"the page is {wide} px wide"


def test_no_dead_link(site):
    """Every internal link, image, style sheet, script and font exists, and so does every anchor."""
    paths = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    pages = {path: soup(site, path.relative_to(site).with_suffix("").as_posix()) for path in paths}
    assert len(pages) >= len(PAGES)
    anchors = {path: {tag["id"] for tag in page.find_all(id=True)} for path, page in pages.items()}
    dead = []
    for path, page in pages.items():
        tags = page.find_all(["a", "link", "script", "img", "source", "iframe"])
        for link in filter(None, (tag.get("href") or tag.get("src") for tag in tags)):
            if urlsplit(link).scheme or link.startswith("//"):
                continue
            target, anchor = urldefrag(link)
            file = (path.parent / unquote(urlsplit(target).path)).resolve() if target else path
            if not file.is_file() or (anchor and file in anchors and unquote(anchor) not in anchors[file]):
                dead.append(f"{path.relative_to(site)}: {link}")
    for css in site.rglob("*.css"):
        for link in re.findall(r"url\(\s*['\"]?([^'\")]+)", css.read_text(encoding="utf-8", errors="replace")):
            file = css.parent / urlsplit(link).path
            if not link.startswith(("data:", "#", "http")) and not file.exists():
                dead.append(f"{css.relative_to(site)}: {link}")
    assert not dead, "\n".join(dead)


@pytest.mark.parametrize("page", PAGES)
def test_every_picture_has_a_text(site, page):
    content = soup(site, page).find("main")
    pictures = content.select("article img, .figure-svg svg, .u-hero svg")
    for picture in pictures:
        text = picture.get("alt") if picture.name == "img" else picture.get("aria-label")
        assert text and len(text) > 15, str(picture)[:200]
        assert picture.name == "img" or picture["role"] == "img"


def text_outside(element, left_out):
    """The text of an element without what stands in tags or classes of the given names."""
    for child in element.children:
        if type(child) is NavigableString:  # no script, no comment
            yield child
        elif isinstance(child, Tag) and left_out.isdisjoint([child.name, *child.get("class", [])]):
            yield from text_outside(child, left_out)


@pytest.mark.parametrize("page", PAGES)
def test_no_markup_is_left_in_the_text(site, page):
    text = "".join(text_outside(soup(site, page).find("main"), {"pre", "code", "math", "annotation", "katex"}))
    assert not re.search(r"\|\s*[-–—:]{2,}|:::|\{\w+\}`|\{\{|\*\*\w|```", text)


@pytest.mark.parametrize("page", PAGES)
def test_formulas_are_rendered(site, page):
    content = soup(site, page).find("main")
    for formula in content.select(".math"):
        assert formula.select_one(".katex-mathml math"), f"no MathML: {formula}"
    text = "".join(text_outside(content, {"pre", "code", "math", "script", "style"}))
    assert not re.search(r"\$[^$\n]+\$|\\\(|\\\[|\{(cite|term|ref)\}`", text), "raw markup in the text"


def test_formulas_stand_at_the_left(browser, address):
    with visit(browser, f"{address}/notation.html") as seen:
        text, formula = (seen.page.locator(css).first.bounding_box() for css in ("article p", "div.math .katex-html"))
        assert 0 < formula["x"] - text["x"] < 40


def test_ids_are_unique(site):
    for page in PAGES:
        ids = [tag["id"] for tag in soup(site, page).find_all(id=True)]
        assert sorted(ids) == sorted(set(ids)), page


def test_works_from_a_folder(browser, site):
    with visit(browser, (site / f"{RECURRENT}.html").as_uri()) as seen:
        ground = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
        seen.page.locator(".theme-switch-button").first.click()
        assert seen.page.evaluate("document.fonts.check('16px KaTeX_Main')")
        assert ground and not seen.complaints and not seen.foreign


def test_theme_switch_reaches_figures_and_formulas(browser, address):
    colours = """() => [...document.querySelectorAll('.figure-svg [style*="--q-"], .katex [class*="q-"]')]
                 .map(e => { const s = getComputedStyle(e); return [s.stroke, s.fill, s.color].join() })"""
    with visit(browser, f"{address}/{RECURRENT}.html", color_scheme="light") as seen:
        before = seen.page.evaluate(colours)
        for _ in range(3):  # light, dark, the system's
            seen.page.locator(".theme-switch-button").first.click()
            if seen.page.evaluate("document.documentElement.dataset.theme") == "dark":
                break
        after = seen.page.evaluate(colours)
    assert len(before) > 20
    assert all(one != other for one, other in zip(before, after, strict=True))


def test_paper(browser, address):
    """In print: the text and all tabs, no menus, the light shades even for a reader in the dark."""
    with visit(browser, f"{address}/{tabbed()[0]}.html", color_scheme="dark") as seen:
        seen.page.emulate_media(media="print")
        for hidden in (".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer", ".launch-row", ".copybtn"):
            assert not seen.page.locator(hidden).first.is_visible(), hidden
        contents = seen.page.locator(".framework-tabs .sd-tab-content")
        assert all(contents.nth(number).is_visible() for number in range(contents.count()))
        assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        keyword = seen.page.locator(".highlight .kn, .highlight .k").first
        assert sum(map(int, re.findall(r"\d+", keyword.evaluate("e => getComputedStyle(e).color"))[:3])) < 400


# --- framework tabs -------------------------------------------------------------------------------------------------


def frameworks(chapter):
    """The tab groups that a chapter's tags ask for, such as [['numpy', 'pytorch'], …]."""
    cells = json.loads((BOOK / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    names = [
        next((tag for tag in cell["metadata"].get("tags", []) if tag in framework_tabs.LABELS), None)
        for cell in cells
        if "remove-cell" not in cell["metadata"].get("tags", [])
    ]
    groups = []
    for tagged, run in groupby(names, key=bool):
        group = []
        for name in run if tagged else ():
            if name in group:
                groups.append(group)
                group = []
            group.append(name)
        groups.append(group)
    return [group for group in groups if len(group) > 1]


def tabbed():
    return [chapter for chapter in CHAPTERS if frameworks(chapter)]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_tabs_are_what_the_tags_say(site, chapter):
    groups = soup(site, chapter).select(".framework-tabs")
    shown = [[label["data-sync-id"] for label in group.select("label")] for group in groups]
    assert shown == frameworks(chapter)


def shown_tabs(page):
    return page.evaluate(
        """() => [...document.querySelectorAll('.framework-tabs')].map(group =>
             group.querySelector('input:checked + label').dataset.syncId)"""
    )


def test_tabs_stay_in_step(browser, address):
    assert tabbed(), "no chapter has framework tabs"
    with visit(browser, f"{address}/{tabbed()[0]}.html") as seen:
        page = seen.page
        first = page.locator(".framework-tabs").first
        assert set(shown_tabs(page)) == {"numpy"}
        first.get_by_text("PyTorch", exact=True).click()
        assert set(shown_tabs(page)) == {"pytorch"}
        assert first.locator(".sd-tab-content").nth(1).is_visible()
        assert not first.locator(".sd-tab-content").nth(0).is_visible()
        page.keyboard.press("ArrowRight")  # the keyboard goes on from there
        assert set(shown_tabs(page)) == {frameworks(tabbed()[0])[0][2]}
        page.keyboard.press("ArrowLeft")
        assert page.evaluate("localStorage.getItem('unrolled-tab-framework')") == "pytorch"
        page.goto(f"{address}/{tabbed()[-1]}.html")
        assert set(shown_tabs(page)) == {"pytorch"}


def test_tabs_without_javascript(browser, address):
    with visit(browser, f"{address}/{tabbed()[0]}.html", java_script_enabled=False) as seen:
        group = seen.page.locator(".framework-tabs").first
        group.get_by_text("PyTorch", exact=True).click()
        assert group.locator(".sd-tab-content").nth(1).is_visible()


# --- what search engines and previews are told --------------------------------------------------------------------


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ("genindex", "search")])  # nobody shares these
def test_a_preview_says_what_the_page_is_about(site, page):
    head = soup(site, page).head
    told = {tag.get("property") or tag.get("name"): tag["content"] for tag in head.select("meta[property], meta[name]")}
    home = launch.site(*launch.repository(BOOK / "_config.yml", ROOT)[:2])
    assert len(head.select('meta[name="description"]')) == 1
    assert 40 < len(told["description"]) <= 163
    assert told["og:description"] == told["description"]
    assert told["og:title"] in head.title.text
    assert told["og:url"] == head.select_one('link[rel="canonical"]')["href"] == f"{home}{page}.html"
    assert told["og:image"].startswith(f"{home}_static/")
    assert (site / told["og:image"].removeprefix(home)).is_file()
    assert f"<loc>{home}{page}.html</loc>" in (site / "sitemap.xml").read_text()


def test_the_sites_address_is_the_repositorys():
    assert launch.site("Ada", "fork") == "https://ada.github.io/fork/"
    assert launch.site("Ada", "ada.github.io") == "https://ada.github.io/", "the one repository without a folder"


# --- repairs --------------------------------------------------------------------------------------------------------


def test_each_repair_is_still_needed(site):
    """The faults that the last build met; one that nobody writes any more needs no repair."""
    met = json.loads((site.parent / "repairs.json").read_text())
    for repair in repairs.REPAIRS:
        assert met.get(repair.fault), f"this repair can go: {repair.fault!r} is written no more ({repair.whose})"
    for name in (repairs.BANNER.pattern, repairs.CORNER):
        assert met.get(name), f"this repair can go: {name!r} is written no more"


def test_what_is_mended_is_nowhere_left(site):
    for page in PAGES:
        html = (site / f"{page}.html").read_text(encoding="utf-8")
        for repair in repairs.REPAIRS:
            assert repair.fault not in html or repair.fault in repair.mended, (page, repair)


# --- launch links ---------------------------------------------------------------------------------------------------

CONFIG = "repository: {url: 'https://github.com/unrolled-book/unrolled', branch: main}"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_launch_links(site, chapter):
    organisation, name, branch = launch.repository(BOOK / "_config.yml", ROOT)
    path = f"book/{chapter}.ipynb"
    assert (ROOT / path).is_file()
    page = soup(site, chapter)
    expected = {
        "Colab": f"https://colab.research.google.com/github/{organisation}/{name}/blob/{branch}/{path}",
        "Binder": f"https://mybinder.org/v2/gh/{organisation}/{name}/{branch}?urlpath=lab/tree/{path}",
    }
    menu = [link["href"] for link in page.select(".dropdown-launch-buttons a")]
    row = {link.text: link["href"] for link in page.select(".launch-row a")}
    assert sorted(menu) == sorted(expected.values())
    assert {text: row[f"Open in {text}"] for text in expected} == expected
    download = (site / chapter).parent / row["Download the notebook"]
    assert download.read_bytes() == (ROOT / path).read_bytes()


@pytest.mark.parametrize(
    ("remote", "found"),
    [
        (None, ("unrolled-book", "unrolled")),
        ("git@github.com:ada/fork.git", ("ada", "fork")),
        ("ssh://git@github.com/ada/fork", ("ada", "fork")),
        ("https://github.com/ada/fork.git", ("ada", "fork")),
        ("https://user:token@github.com/ada/my.fork/", ("ada", "my.fork")),
        ("https://gitlab.com/ada/fork.git", ("unrolled-book", "unrolled")),
        ("/srv/git/unrolled", ("unrolled-book", "unrolled")),
        ("https://example.org/github.com/ada/fork", ("unrolled-book", "unrolled")),
    ],
)
def test_repository_follows_the_remote(tmp_path, remote, found):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    if remote:
        subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", remote], check=True)
    assert launch.repository(CONFIG, tmp_path) == (*found, "main")


def test_repository_must_be_on_github(tmp_path):
    with pytest.raises(ValueError, match="repository"):
        launch.repository("repository: {url: 'https://example.org/x'}", tmp_path)


# --- the extensions, apart from the site ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "coloured"),
    [
        (r"\mathbf{h}^{(t)} = g_h(\mathbf{b}_h)", r"{\htmlClass{q-h}{\mathbf{h}^{(t)}}} = g_h(\mathbf{b}_h)"),
        (r"W_R \mathbf h^{(t-1)}", r"W_R {\htmlClass{q-h}{\mathbf h^{(t-1)}}}"),
        (r"f_t * C_{t-1}", r"{\htmlClass{q-f}{f_t}} * {\htmlClass{q-C}{C_{t-1}}}"),
        (r"i_t * \tilde{C}_t", r"{\htmlClass{q-i}{i_t}} * {\htmlClass{q-g}{\tilde{C}_t}}"),
        (r"\hat{\mathbf y}^{(2)}", r"{\htmlClass{q-y}{\hat{\mathbf y}^{(2)}}}"),
        (r"\partial\mathcal{L}/\partial{C}_2", r"\partial{\htmlClass{q-loss}{\mathcal{L}}}/\partial{C}_2"),
        ("x", r"{\htmlClass{q-x}{x}}"),
        (r"\frac{z_t}{r_{10}}", r"\frac{{\htmlClass{q-z}{z_t}}}{{\htmlClass{q-r}{r_{10}}}}"),
    ],
)
def test_quantities_wear_their_colour(latex, coloured):
    assert formulas.colour(latex) == coloured


@pytest.mark.parametrize(
    "latex", [r"W_{h_t}", r"\text{state h_t}", r"\sum_{i=1}^{t} a_i", r"y = wx + b", r"\mathcal{N}(0, 1)", r"\tanh"]
)
def test_what_is_no_quantity_stays_plain(latex):
    assert formulas.colour(latex) == latex


def test_ids_of_two_figures_do_not_clash():
    svg = '<?xml version="1.0"?><svg><clipPath id="p1"/><use href="#p1" clip-path="url(#p1)"/></svg>'
    assert inline_svg.inline(svg, "a-") == '<svg><clipPath id="a-p1"/><use href="#a-p1" clip-path="url(#a-p1)"/></svg>'
