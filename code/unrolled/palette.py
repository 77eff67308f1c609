"""One colour per quantity, for the whole book: CSS, Matplotlib and widgets all read this file.

Each quantity has two shades, for the light and the dark ground: at least 4.5:1 against the ground
(`tests/test_palette.py` measures it), and a line style of its own, so that colour is never the only sign.
"""

LIGHT = {
    "x": "#566070",         # input
    "h": "#0063a8",         # hidden state
    "C": "#96590a",         # cell state
    "f": "#b53d07",         # forget gate
    "i": "#007350",         # input gate
    "o": "#8b3a80",         # output gate
    "g": "#6d6700",         # candidate, the slides' C-tilde
    "z": "#00707d",         # update gate (GRU)
    "r": "#80493a",         # reset gate (GRU)
    "y": "#4a4bb3",         # output
    "loss": "#ad1040",
    "gradient": "#a012a0",
    "ink": "#1d2330",       # text and axes
    "muted": "#5f6775",     # secondary text
    "grid": "#d9dde4",
    "paper": "#ffffff",
}  # fmt: skip

DARK = {
    "x": "#aeb9c9",
    "h": "#6fb9f2",
    "C": "#f0b244",
    "f": "#ff9161",
    "i": "#45c99c",
    "o": "#e29ed5",
    "g": "#ddd34e",
    "z": "#4acbd9",
    "r": "#dba893",
    "y": "#a9aaf8",
    "loss": "#ff84a3",
    "gradient": "#f28df2",
    "ink": "#e7eaf0",
    "muted": "#a2abb9",
    "grid": "#39404d",
    "paper": "#14181f",
}

DASH = {
    "x": "-", "h": "-", "C": "--", "f": ":", "i": "-.", "o": (0, (5, 1, 1, 1, 1, 1)), "g": (0, (1, 1)),
    "z": "-.", "r": ":", "y": "--", "loss": "-", "gradient": (0, (4, 1)),
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
