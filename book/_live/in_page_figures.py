"""Matplotlib's backend in the page: draws like the notebooks' own, and `plt.show()` shows the figure below the cell."""

import sys

from matplotlib.backend_bases import FigureManagerBase as FigureManager
from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas

__all__ = ["FigureCanvas", "FigureManager", "show"]


def show(*_, **__):
    sys.modules["in_page"].session.show_figures()
