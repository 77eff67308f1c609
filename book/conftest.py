"""How nbval compares a notebook with its stored outputs, and the budget of time and memory it must keep.

Text is compared by value. A figure is compared by its words (`figures.show` stores them beside the SVG): that it is
there and says the same. Progress and warnings on stderr are neither stored nor compared. Widgets have random ids.
The budget is the last item of each notebook, `NN_slug.ipynb::budget`: no other cell and no other notebook can suffer
from it. Time is the kernel's CPU time: what other processes do while it waits is not counted.
"""

import sys
from pathlib import Path

import pytest
from nbval.plugin import IPyNbFile

sys.path.insert(0, str(Path(__file__).parent / "_ext"))
from notebooks import ENVIRONMENT, SECONDS_ALLOWED, VIEW, cpu_seconds, megabytes, megabytes_allowed

CPU_SECONDS = 2 * SECONDS_ALLOWED  # beside other work, which shares caches and cores, the same cells cost up to twice
PATIENCE = 300  # seconds that nbval waits for an answer; the machine may be busy


class Notebook(IPyNbFile):
    """A notebook whose kernel has the book's environment."""

    def collect(self):
        self.skip_compare += ("image/svg+xml", "stderr", VIEW)
        for item in [*super().collect(), Budget.from_parent(self, name="budget")]:
            item.output_timeout = PATIENCE
            yield item

    def setup(self):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.config.option, "nbval_kernel_startup_timeout", PATIENCE)
            for name, value in ENVIRONMENT.items():
                patch.setenv(name, value)
            super().setup()


class Budget(pytest.Item):
    """What the notebook's kernel has taken, against what it may take."""

    def runtest(self):
        kernel = self.parent.kernel
        if not kernel.is_alive():
            pytest.skip("its kernel has ended: see the cell that failed")
        pid, over = kernel.km.provisioner.pid, []
        if (spent := cpu_seconds(pid)) > CPU_SECONDS:
            over.append(f"{spent:.0f} CPU seconds, {CPU_SECONDS} are allowed")
        if (largest := megabytes(pid)) > (allowed := megabytes_allowed(self.parent.nb)):
            over.append(f"{largest} MB, {allowed} MB are allowed")
        assert not over, f"{self.path.name}: {'; '.join(over)}"

    def repr_failure(self, excinfo):
        return str(excinfo.value) if excinfo.errisinstance(AssertionError) else super().repr_failure(excinfo)

    def reportinfo(self):
        return self.path, None, f"{self.path.name}: budget"


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    found = yield
    return [Notebook.from_parent(parent, path=file_path) if isinstance(one, IPyNbFile) else one for one in found]
