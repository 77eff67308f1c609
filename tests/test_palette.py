"""The palette can be read: contrast on every ground, and apart for readers who see colours differently."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from colorspacious import cspace_convert, deltaE

from unrolled import palette

SHADES = {"light": palette.LIGHT, "dark": palette.DARK}
CSS = (Path(__file__).parents[1] / "book" / "_static" / "unrolled.css").read_text(encoding="utf-8")
SURFACE = dict(zip(SHADES, re.findall(r"--u-surface: (#\w+)", CSS), strict=False))  # the ground of code
NO_MARKS = {"paper", "grid"}
SEEN_TOGETHER = [
    ("x", "h", "y", "loss", "gradient"),
    ("x", "h", "C", "f", "i", "o", "g", "gradient"),
    ("x", "h", "z", "r"),
]
PAIRS = sorted({tuple(sorted(pair)) for group in SEEN_TOGETHER for pair in combinations(group, 2)})


def rgb(shade):
    return np.array([int(shade[at : at + 2], 16) / 255 for at in (1, 3, 5)])


def contrast(one, other):
    """The contrast ratio of WCAG 2, from 1 to 21."""

    def luminance(shade):
        c = rgb(shade)
        return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def seen_with(shade, deficiency):
    """The colour as seen with a complete colour vision deficiency (Machado et al. 2009)."""
    space = {"name": "sRGB1+CVD", "cvd_type": deficiency, "severity": 100}
    return np.clip(cspace_convert(rgb(shade), space, "sRGB1"), 0, 1)


@pytest.mark.parametrize("theme", SHADES)
@pytest.mark.parametrize("name", sorted(set(palette.LIGHT) - NO_MARKS))
def test_contrast(theme, name):
    """4.5:1, the bound for text, on the page and on the ground of code."""
    for ground in (SHADES[theme]["paper"], SURFACE[theme]):
        assert contrast(SHADES[theme][name], ground) >= 4.5


@pytest.mark.parametrize("theme", SHADES)
@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_told_apart(theme, pair):
    """At least 15 apart in CAM02-UCS (1 is just noticeable), and 8 under each complete deficiency."""
    one, other = (SHADES[theme][name] for name in pair)
    assert deltaE(rgb(one), rgb(other), input_space="sRGB1") >= 15
    for deficiency in ("protanomaly", "deuteranomaly", "tritanomaly"):
        apart = deltaE(seen_with(one, deficiency), seen_with(other, deficiency), input_space="sRGB1")
        assert apart >= 8, f"{deficiency}: {apart:.1f}"


def test_the_measures_notice_a_bad_pair():
    """Two blues that most readers tell apart, and readers with deuteranomaly do not; and a grey too pale for text."""
    one, other = "#6fb9f2", "#a9aaf8"
    assert deltaE(rgb(one), rgb(other), input_space="sRGB1") > 14
    assert deltaE(seen_with(one, "deuteranomaly"), seen_with(other, "deuteranomaly"), input_space="sRGB1") < 2
    assert contrast("#999999", "#ffffff") < 4.5
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("group", SEEN_TOGETHER, ids="-".join)
def test_line_styles_differ(group):
    styles = [palette.DASH[name] for name in group]
    assert len(set(styles)) == len(styles)


def test_css_holds_every_shade():
    css = palette.css()
    for shades in SHADES.values():
        for name, shade in shades.items():
            assert f"--q-{name}: {shade};" in css
    assert css.count("{") == css.count("}")
