"""Living pictures: each is a small Python class and one JavaScript module that computes the same numbers.

On a page of the book they run without a kernel. In JupyterLab, Colab and Binder the same object talks to Python:
move a slider and `picture.w_R` follows; set `picture.w_R = 1.5` and the picture follows.
"""

from unrolled.widgets.character_model import CharacterModel
from unrolled.widgets.clipping import Clipping
from unrolled.widgets.draw_digit import DrawDigit
from unrolled.widgets.fixed_window import FixedWindow
from unrolled.widgets.folded_graph import FoldedGraph
from unrolled.widgets.forecast import Forecast
from unrolled.widgets.gradient_distance import GradientDistance
from unrolled.widgets.lstm_cell import LSTMCell
from unrolled.widgets.network import UnrolledNetwork
from unrolled.widgets.neuron import RecurrentNeuron
from unrolled.widgets.paths_back import PathsBack
from unrolled.widgets.reading_gates import ReadingGates
from unrolled.widgets.shapes import Shapes
from unrolled.widgets.unrolled_graph import UnrolledGraph

__all__ = [
    "CharacterModel",
    "Clipping",
    "DrawDigit",
    "FixedWindow",
    "FoldedGraph",
    "Forecast",
    "GradientDistance",
    "LSTMCell",
    "PathsBack",
    "ReadingGates",
    "RecurrentNeuron",
    "Shapes",
    "UnrolledGraph",
    "UnrolledNetwork",
]
