"""The first cell of each notebook: in Colab it installs the book's package, anywhere else it does nothing."""

CELL = """\
import sys

if "google.colab" in sys.modules:  # Colab lacks only our package; its NumPy, torch and TensorFlow stay as they are
    from importlib.metadata import distributions

    own = " ".join(f"{d.name}=={d.version}" for d in distributions() if d.name in ("numpy", "torch", "tensorflow"))
    %pip install --quiet "git+https://github.com/ORGANISATION/NAME@BRANCH" {own}"""


def colab_cell(organisation, name, branch):
    """The cell's source for the repository github.com/organisation/name."""
    return CELL.replace("ORGANISATION", organisation).replace("NAME", name).replace("BRANCH", branch)
