"""One colour per quantity, for the whole book: CSS, Matplotlib and widgets all read this file.

Each quantity has two shades, for the light and the dark ground, with a contrast of at least 4.5:1. Quantities that
are seen together stay apart in colour blindness, and have different line styles, so that colour is never the only
sign. `tests/test_palette.py` measures all of it.
"""

LIGHT = {
    "x": "#6b7075",         # input
    "h": "#0063a8",         # hidden state
    "C": "#763604",         # cell state
    "f": "#d72121",         # forget gate
    "i": "#006643",         # input gate
    "o": "#972c77",         # output gate
    "g": "#686a0d",         # candidate, the slides' C-tilde
    "z": "#00484d",         # update gate (GRU)
    "r": "#a15c56",         # reset gate (GRU)
    "y": "#5311cd",         # output
    "loss": "#95031f",
    "gradient": "#b905e5",
    "ink": "#1d2330",       # text and axes
    "muted": "#5f6775",     # secondary text
    "grid": "#d9dde4",
    "paper": "#ffffff",
}  # fmt: skip

DARK = {
    "x": "#a6a7ad",
    "h": "#6fb9f2",
    "C": "#a58821",
    "f": "#fd9743",
    "i": "#309f6d",
    "o": "#f8c7f5",
    "g": "#c7e26b",
    "z": "#3beee4",
    "r": "#f3d0b5",
    "y": "#9487e1",
    "loss": "#ea6667",
    "gradient": "#c96aae",
    "ink": "#e7eaf0",
    "muted": "#a2abb9",
    "grid": "#39404d",
    "paper": "#14181f",
}

DASH = {  # as Matplotlib takes it
    "x": ":", "h": "-", "y": "--", "loss": "-.", "gradient": (0, (8, 1.5, 3, 1.5)),
    "C": "--", "f": "-.", "i": (0, (10, 3)), "o": (0, (6, 2, 1, 2, 1, 2)), "g": (0, (3, 1.5)),
    "z": (0, (10, 3)), "r": "-.",
}  # fmt: skip


def css():
    """The style sheet that gives every quantity its colour: `--q-h` as a variable, `.q-h` as a text colour."""

    def variables(shades):
        return "".join(f"  --q-{name}: {shade};\n" for name, shade in shades.items())

    classes = "".join(f".q-{name} {{ color: var(--q-{name}); }}\n" for name in DASH)
    return (
        f":root, html[data-theme=light] {{\n{variables(LIGHT)}}}\n"
        f"html[data-theme=dark] {{\n{variables(DARK)}}}\n"
        f"@media print {{ html[data-theme] {{\n{variables(LIGHT)}}} }}\n{classes}"
    )
