"""Puts a cell's SVG output into the page itself instead of an <img>, so that it follows light and dark.

`unrolled.figures` draws with CSS variables such as `var(--q-h, #0063a8)`; only an inline SVG can see the page's
values. Ids are made unique in the page, because two figures may use the same clip path names.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform


def inline(svg, prefix):
    """The `<svg>` element of a document, its ids (and the references to them) starting with the prefix."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}\1"', svg)
    svg = re.sub(r'(href=")#', rf"\1#{prefix}", svg)
    return re.sub(r"url\(#", f"url(#{prefix}", svg)


class InlineSVG(SphinxTransform):
    default_priority = 5  # before Sphinx collects images

    def apply(self):
        bundles = self.document.findall(lambda node: getattr(node, "get", {}.get)("mime_type") == "image/svg+xml")
        for number, bundle in enumerate(bundles, start=1):
            for image in list(bundle.findall(nodes.image)):
                _, path = self.env.relfn2path(image["uri"])
                svg = inline(Path(path).read_text(encoding="utf-8"), f"figure-{number}-")
                image.replace_self(nodes.raw("", f'<div class="figure-svg">{svg}</div>', format="html"))


def setup(app):
    app.add_transform(InlineSVG)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
