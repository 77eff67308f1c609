"""Writes the book's palette (`unrolled.palette`) as a style sheet of the site: one source for every colour."""

from pathlib import Path

from unrolled import palette


def add_style_sheet(app):
    folder = Path(app.doctreedir) / "palette"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "palette.css").write_text(palette.css(), encoding="utf-8")
    app.config.html_static_path.append(str(folder))
    app.add_css_file("palette.css", priority=400)


def setup(app):
    app.connect("builder-inited", add_style_sheet)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
