"""Pictures of the built pages, to look at: in light, in dark, on a phone, and on paper as a PDF.

    python tests/screenshots.py [PAGE ...]

PAGE: such as index or chapters/02_recurrent_neuron; all pages where none is named. They lie in book/_build/screenshots.
"""

import sys

from playwright.sync_api import sync_playwright

import chromium
from built_site import ALL_OF_IT, BOOK, PAGES, QUIET, SITE, build, visit

FOLDER = BOOK / "_build" / "screenshots"
WAYS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "390": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
}


def take(browser, page):
    FOLDER.mkdir(exist_ok=True)
    for way, options in WAYS.items():
        name = f"{page.replace('/', '-')}-{way}"
        with visit(browser, (SITE / f"{page}.html").as_uri(), **options) as seen:
            seen.page.add_style_tag(content=ALL_OF_IT)
            seen.settle()
            seen.page.screenshot(path=FOLDER / f"{name}.png", full_page=True)
            if way == "light":
                seen.page.pdf(path=FOLDER / f"{page.replace('/', '-')}.pdf", format="A4")


def main(pages):
    if unknown := [page for page in pages if page not in PAGES]:
        sys.exit(f"No such page: {', '.join(unknown)}. Pages: {', '.join(PAGES)}")
    build()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=QUIET)
        for page in pages or PAGES:
            take(browser, page)
            print(page)
        browser.close()
    print(f"They lie in {FOLDER}")


if __name__ == "__main__":
    main(sys.argv[1:])
