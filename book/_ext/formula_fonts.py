"""After the build: KaTeX's fonts with only the characters that the site's formulas use, a third of their size.

The characters are those of `formulas.py`'s own output, and every letter and digit of plain text, which scripts may
write. Fonts that the style sheet no longer names are left out.
"""

import logging
import re
import string
from hashlib import sha256
from pathlib import Path
from shutil import copyfile

import fontTools
from fontTools import subset

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it reports every table it touches
ALWAYS = string.ascii_letters + string.digits + "()=,.+-−"


def subset_fonts(app, exception):
    if exception or not hasattr(app, "katex"):
        return
    static = Path(app.outdir) / "_static"
    named = set(re.findall(r"katex/fonts/([\w-]+\.woff2)", (static / "book.css").read_text(encoding="utf-8")))
    characters = "".join(sorted(app.katex.characters.union(ALWAYS)))
    for font in sorted((static / "katex" / "fonts").glob("*.woff2")):
        if font.name in named:
            copyfile(small(font, characters, Path(app.doctreedir) / "fonts"), font)
        else:
            font.unlink()


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
    app.connect("build-finished", subset_fonts, priority=950)  # after bundle.py has written the style sheet
    return {"parallel_read_safe": True, "parallel_write_safe": True}
