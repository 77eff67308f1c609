"""After the build: KaTeX's fonts with only the characters that the site's formulas use, written into the style sheet.

Six fonts of 5 to 26 kB become a few kB altogether, and come with the style sheet: a formula has its final width when
the page is drawn first, and the line that holds it breaks once. (With fonts of their own requests, lines moved.)
"""

import logging
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import fontTools
from fontTools import subset

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it reports every table it touches

PLAIN = "KaTeX_Main-Regular"
FONT_OF_CLASS = {
    "mathnormal": "KaTeX_Math-Italic",
    "mathbf": "KaTeX_Main-Bold",
    "textbf": "KaTeX_Main-Bold",
    "boldsymbol": "KaTeX_Math-BoldItalic",
    "mathcal": "KaTeX_Caligraphic-Regular",
    "small-op": "KaTeX_Size1-Regular",
    "large-op": "KaTeX_Size2-Regular",
}
# The picture of the first page is written in two of them (unrolled.css).
FIRST_PAGE = {"KaTeX_Main-Bold": "xhy(0123t)", "KaTeX_Math-Italic": "WIRy"}
KNOWN = {PLAIN, *FONT_OF_CLASS.values(), *(f"KaTeX_Size{size}-Regular" for size in (1, 2, 3, 4))}
FACE = re.compile(r"@font-face\s*{[^}]*?url\(fonts/(KaTeX_[\w-]+)\.woff2\)[^}]*}")


class Characters(HTMLParser):
    """Collects which characters the formulas show in which font: `of_font`, a dict of sets."""

    def __init__(self):
        super().__init__()
        self.of_font = {font: set(text) for font, text in FIRST_PAGE.items()}

    def read(self, formula):
        """formula: the HTML of one formula, as KaTeX gives it."""
        self.stack = [PLAIN]
        self.feed(re.sub(r'<span class="katex-mathml">.*?</math></span>', "", formula, flags=re.S))

    def handle_starttag(self, tag, attributes):
        classes = (dict(attributes).get("class") or "").split()
        sized = [f"KaTeX_Size{name[4]}-Regular" for name in classes if "delimsizing" in classes and name[:4] == "size"]
        known = sized or [FONT_OF_CLASS[name] for name in classes if name in FONT_OF_CLASS]
        self.stack.append(known[0] if known else self.stack[-1])

    def handle_endtag(self, tag):
        self.stack.pop()

    def handle_data(self, text):
        self.of_font.setdefault(self.stack[-1], set()).update(text)


def embed(app, exception):
    if exception or not hasattr(app, "katex"):
        return
    sheet = Path(app.outdir) / "_static" / "katex" / "katex.css"
    of_font, kept = app.katex.characters.of_font, Path(app.doctreedir) / "fonts"

    def face(rule):
        font = sheet.parent / "fonts" / f"{rule[1]}.woff2"
        if rule[1] not in KNOWN:
            return rule[0]  # a font that no formula used so far: it stays a file, fetched where it is used
        if rule[1] not in of_font:
            return ""
        data = b64encode(small(font, "".join(sorted(of_font[rule[1]])), kept).read_bytes()).decode()
        return rule[0].replace(f"url(fonts/{font.name})", f"url(data:font/woff2;base64,{data})")

    sheet.write_text(FACE.sub(face, sheet.read_text(encoding="utf-8")), encoding="utf-8")


def small(font, characters, folder):
    """Path of the font with these characters only; made once (a second for all fonts) and kept in the folder."""
    key = sha256(b"%s %s %s" % (font.read_bytes(), characters.encode(), fontTools.version.encode())).hexdigest()
    kept = folder / f"{font.stem}-{key[:16]}.woff2"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        options = subset.Options(flavor="woff2", hinting=False, layout_features=["*"], notdef_outline=True)
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=characters)
        outlines = subset.load_font(str(font), options)
        subsetter.subset(outlines)
        partial = kept.with_suffix(".partial")
        subset.save_font(outlines, str(partial), options)
        partial.replace(kept)
    return kept


def setup(app):
    app.connect("build-finished", embed, priority=850)  # the formulas are drawn; bundle.py comes next
    return {"parallel_read_safe": True, "parallel_write_safe": True}
