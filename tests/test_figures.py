"""Figures: the same bytes each time, the palette as CSS variables, words for those who cannot see."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from unrolled import figures
from unrolled.palette import LIGHT


def draw():
    fig, axes = figures.subplots(1, 2)
    axes[0].plot([0, 1, 4], color=LIGHT["h"], label="h⁽ᵗ⁾")
    axes[0].legend()
    axes[0].set_xlabel("step t")
    axes[1].imshow(np.eye(3))
    return figures.svg(fig, 'a "line" & a <matrix>')


def test_the_same_figure_gives_the_same_bytes():
    assert draw() == draw()


def test_colours_are_variables_with_the_light_shade_to_fall_back_on():
    text = draw()
    assert f"var(--q-h, {LIGHT['h']})" in text
    for shade in LIGHT.values():
        assert text.count(shade) == text.count(f", {shade})")


def test_the_svg_is_well_formed_self_contained_and_named():
    text = draw()
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'a "line" & a <matrix>'
    assert "<style" not in text
    assert "<metadata" not in text
    assert "DejaVu" not in text
    assert "h⁽ᵗ⁾" in text
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))


def test_a_figure_without_words_is_refused():
    fig, _ = figures.subplots()
    with pytest.raises(ValueError, match="alt: expected a sentence"):
        figures.show(fig, "  ")
