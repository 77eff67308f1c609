"""What the browser gets of a widget: its JavaScript with the modules it shares in front, and its style sheet."""

import re
from pathlib import Path

from unrolled import palette

HERE = Path(__file__).parent
# What several pictures share. A page loads each of the two once, and only if one of its pictures needs it.
SHARED = {
    "kit": [HERE / f"{name}.js" for name in ("drawing", "labels", "controls", "picture")],
    "cells": [HERE / f"{name}.js" for name in ("activations", "products", "initializers", "sequence", "cells")],
}
# In Jupyter the palette follows Jupyter's own switch between light and dark; a page of the book brings its own.
SURFACE = {"light": "#f5f6f8", "dark": "#1d232d"}
IMPORT = re.compile(r'^import \{(?P<names>[^}]*)\} from "\./(?P<file>\w+\.js)";\n', flags=re.M)
DECLARED = re.compile(r"^(?:export )?(?:(?:async )?function|class|const|let) (\w+|[\[{][^=]*[\]}])", flags=re.M)


def parts(*files):
    """The files, and before each those beside it that it imports from, each once: {path: text}."""
    texts = {}

    def add(file):
        if file not in texts:
            text = texts[file] = file.read_text(encoding="utf-8")
            for other in IMPORT.finditer(text):
                add(file.parent / other["file"])
            texts[file] = texts.pop(file)  # behind what it needs

    for file in files:
        add(Path(file))
    return texts


def joined(texts):
    """Modules as one text: imports between them go, and so does `export` but for the default.

    Raises ValueError when two files declare the same name at their top.
    """
    owners = {}
    for file, text in texts.items():
        for name in re.findall(r"\w+(?=[ ]*[,}\]]|$)", "\n".join(DECLARED.findall(text)), flags=re.M):
            if owners.setdefault(name, file) != file:
                raise ValueError(f"{file.name}: {name} is declared at the top of {owners[name].name} too")
    text = IMPORT.sub("", "\n".join(texts.values()))
    return re.sub(r"^export (?=function|async function|class|const)", "", text, flags=re.M)


def module(*files):
    """ES modules joined into one text, which every anywidget host can load.

    files: paths, the widget's own module last. What they import from files beside them comes along.
    """
    return joined(parts(*files))


def shared(name):
    """One of SHARED by itself: a module that exports what its files do."""
    texts = parts(*SHARED[name])
    names = re.findall(r"^export (?:function|const|class) (\w+)", "\n".join(texts.values()), flags=re.M)
    return f"{joined(texts)}\nexport {{ {', '.join(names)} }};\n"


def without_shared(file):
    """A picture's module and what it imports, but for what it shares, which is in the globals `unrolled.kit` and
    `unrolled.cells`; and the names of SHARED that it needs, in their order."""
    texts, taken = parts(file), []
    own = {path: text for path, text in texts.items() if not any(path in files for files in SHARED.values())}
    asked = [found for text in own.values() for found in IMPORT.finditer(text)]
    for name, files in SHARED.items():
        wanted = [found["names"].split(",") for found in asked if HERE / found["file"] in files]
        names = sorted({each.strip() for group in wanted for each in group if each.strip()})
        if names:
            taken.append((name, f"const {{ {', '.join(names)} }} = unrolled.{name};\n"))
    return "".join(line for _, line in taken) + joined(own), [name for name, _ in taken]


def script(cls):
    """The file with the JavaScript of a living picture: it has the name of the Python module that defines the class."""
    return HERE / f"{cls.__module__.rpartition('.')[2]}.js"


def sheets(*files):
    """The style sheets of these modules and of all that they import: those that lie beside one."""
    return [sheet for file in parts(*files) if (sheet := file.with_suffix(".css")).exists()]


def rules(*files):
    """The style sheets `files` as one text."""
    return "\n".join(Path(file).read_text(encoding="utf-8") for file in files)


def lighting():
    """While a quantity is lit (`data-lit`, which picture.js sets) whatever wears its colour or its name stands out."""

    def selector(*kinds):
        lit = (
            f'[data-lit="{name}"] :is(.q-{name}, [data-q="{name}"]){kind}' for name in palette.DASH for kind in kinds
        )
        return ",\n".join(lit)

    halo = "paint-order: stroke; stroke: color-mix(in srgb, currentColor 30%, var(--q-paper)); stroke-width: 5px;"
    ground = "background: color-mix(in srgb, currentColor 16%, transparent); border-radius: 3px;"
    return (
        f"{selector(':is(span, label, button, output)')} {{ {ground} }}\n"
        f"{selector(':is(text)')} {{ {halo} }}\n{selector(':is(.u-wire, .u-belt)')} {{ stroke-width: 4.5; }}\n"
        f"{selector(':is(rect, circle)')} {{ stroke: currentColor; stroke-width: 3; stroke-opacity: 1; }}\n"
    )


def style(*files):
    """The style sheets `files` with the palette in front, for Jupyter."""
    dark = "".join(f"--q-{name}: {shade}; " for name, shade in palette.DARK.items())
    jupyter = (
        f":root {{ --u-surface: {SURFACE['light']}; }}\n"
        f'[data-jp-theme-light="false"], html[theme="dark"] {{ {dark}--u-surface: {SURFACE["dark"]}; }}\n'
    )
    return palette.css() + jupyter + rules(*files)
