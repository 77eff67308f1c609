"""`unroll` and `bptt` again, the same numbers faster: NumPy's matrix products and kernels that numba compiles."""

from unrolled.fast.engine import NUMPY, Library, Run, bptt, supports, unroll

__all__ = ["NUMPY", "Library", "Run", "bptt", "supports", "unroll"]
