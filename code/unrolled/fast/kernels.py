"""What happens to the gates of one step, entry by entry, compiled by numba: the pointwise half of `fast`.

Each cell has a forward and a backward kernel. They work in place on the arrays of a whole sequence, at step t, with
the book's letters: a_* become the gates in `a`, d_* are gradients. The other half of a step, its matrix product,
is done by BLAS outside. numba is optional; without it there is no `fast`.
"""

import math

import numpy as np
from numba import njit, types
from numba.extending import overload

# Not among them: "no NaN, no infinity". A NaN in a weight must come out as NaN.
OPTIONS = {"fastmath": {"reassoc", "contract", "arcp", "nsz"}, "error_model": "numpy"}


def compiled(function):
    """The function, compiled at its first call; kept on disk, or in memory where no folder can be written."""
    try:
        return njit(cache=True, **OPTIONS)(function)
    except RuntimeError:  # neither the package's folder nor the user's
        return njit(**OPTIONS)(function)


ZERO, HALF, ONE = np.float32(0), np.float32(0.5), np.float32(1)  # a plain 0 would turn float32 into float64
# tanh(x) = x P(x²) / Q(x²) in float32, as Eigen and TensorFlow compute it: a few operations that a processor does for
# eight numbers at once. Largest error 4e-7. Beyond LIMIT it rises no more.
LIMIT = np.float32(7.90531110763549805)
P = tuple(np.float32(p) for p in (-2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11,
    5.12229709037114e-08, 1.48572235717979e-05, 6.37261928875436e-04, 4.89352455891786e-03))  # fmt: skip
Q = tuple(np.float32(q) for q in (1.19825839466702e-06, 1.18534705686654e-04, 2.26843463243900e-03,
    4.89352518554385e-03))  # fmt: skip


def tanh(a):
    """tanh, by the fraction above in float32 and by the C library in float64."""


@overload(tanh)
def _tanh(a):
    if a != types.float32:
        return lambda a: math.tanh(a)

    def fraction(a):
        below = LIMIT if a > LIMIT else a  # a NaN passes both
        x = -LIMIT if below < -LIMIT else below
        s = x * x
        p = (((((P[0] * s + P[1]) * s + P[2]) * s + P[3]) * s + P[4]) * s + P[5]) * s + P[6]
        return x * p / (((Q[0] * s + Q[1]) * s + Q[2]) * s + Q[3])

    return fraction


@njit
def sigmoid(a):
    return HALF + HALF * tanh(HALF * a)


@compiled
def rnn_tanh(a, past, h, t):
    _, B, H = h.shape
    for b in range(B):
        a_, past_, h_ = a[t, b], past[b], h[t + 1, b]
        for j in range(H):
            h_[j] = tanh(a_[j] + past_[j])


@compiled
def rnn_tanh_grad(h, d_y, d_past, d_a, t):
    _, B, H = h.shape
    for b in range(B):
        h_, d_y_, d_past_, d_a_ = h[t + 1, b], d_y[t, b], d_past[b], d_a[t, b]
        for j in range(H):
            d_a_[j] = (d_y_[j] + d_past_[j]) * (ONE - h_[j] * h_[j])


@compiled
def rnn_relu(a, past, h, t):
    _, B, H = h.shape
    for b in range(B):
        a_, past_, h_ = a[t, b], past[b], h[t + 1, b]
        for j in range(H):
            s = a_[j] + past_[j]
            h_[j] = ZERO if s < 0 else s  # NaN stays NaN


@compiled
def rnn_relu_grad(h, d_y, d_past, d_a, t):
    _, B, H = h.shape
    for b in range(B):
        h_, d_y_, d_past_, d_a_ = h[t + 1, b], d_y[t, b], d_past[b], d_a[t, b]
        for j in range(H):
            d_h = d_y_[j] + d_past_[j]
            d_a_[j] = d_h if h_[j] > 0 else d_h * ZERO


@compiled
def rnn_linear(a, past, h, t):
    _, B, H = h.shape
    for b in range(B):
        a_, past_, h_ = a[t, b], past[b], h[t + 1, b]
        for j in range(H):
            h_[j] = a_[j] + past_[j]


@compiled
def rnn_linear_grad(h, d_y, d_past, d_a, t):
    _, B, H = h.shape
    for b in range(B):
        d_y_, d_past_, d_a_ = d_y[t, b], d_past[b], d_a[t, b]
        for j in range(H):
            d_a_[j] = d_y_[j] + d_past_[j]


@compiled
def lstm(a, past, h, c, t):
    _, B, H = h.shape
    for b in range(B):
        a_, past_, before, c_, h_ = a[t, b], past[b], c[t, b], c[t + 1, b], h[t + 1, b]
        i_, f_, g_, o_ = a_[:H], a_[H : 2 * H], a_[2 * H : 3 * H], a_[3 * H :]
        past_i, past_f, past_g, past_o = past_[:H], past_[H : 2 * H], past_[2 * H : 3 * H], past_[3 * H :]
        for j in range(H):
            i = sigmoid(i_[j] + past_i[j])
            f = sigmoid(f_[j] + past_f[j])
            g = tanh(g_[j] + past_g[j])
            o = sigmoid(o_[j] + past_o[j])
            c_j = f * before[j] + i * g
            i_[j], f_[j], g_[j], o_[j], c_[j] = i, f, g, o, c_j
            h_[j] = o * tanh(c_j)


@compiled
def lstm_grad(a, c, d_y, d_past, d_c, d_a, t):
    _, B, H = c.shape
    for b in range(B):
        a_, before, c_ = a[t, b], c[t, b], c[t + 1, b]
        d_y_, d_past_, d_c_, d_a_ = d_y[t, b], d_past[b], d_c[b], d_a[t, b]
        i_, f_, g_, o_ = a_[:H], a_[H : 2 * H], a_[2 * H : 3 * H], a_[3 * H :]
        d_i, d_f, d_g, d_o = d_a_[:H], d_a_[H : 2 * H], d_a_[2 * H : 3 * H], d_a_[3 * H :]
        for j in range(H):
            i, f, g, o, tanh_c = i_[j], f_[j], g_[j], o_[j], tanh(c_[j])
            d_h = d_y_[j] + d_past_[j]
            d_c_j = d_c_[j] + d_h * o * (ONE - tanh_c * tanh_c)
            d_i[j] = d_c_j * g * i * (ONE - i)
            d_f[j] = d_c_j * before[j] * f * (ONE - f)
            d_g[j] = d_c_j * i * (ONE - g * g)
            d_o[j] = d_h * tanh_c * o * (ONE - o)
            d_c_[j] = d_c_j * f


@compiled
def peephole(a, past, h, c, W_ci, W_cf, W_co, t):
    _, B, H = h.shape
    for b in range(B):
        a_, past_, before, c_, h_ = a[t, b], past[b], c[t, b], c[t + 1, b], h[t + 1, b]
        i_, f_, g_, o_ = a_[:H], a_[H : 2 * H], a_[2 * H : 3 * H], a_[3 * H :]
        past_i, past_f, past_g, past_o = past_[:H], past_[H : 2 * H], past_[2 * H : 3 * H], past_[3 * H :]
        for j in range(H):
            i = sigmoid(i_[j] + past_i[j] + before[j] * W_ci[j])
            f = sigmoid(f_[j] + past_f[j] + before[j] * W_cf[j])
            g = tanh(g_[j] + past_g[j])
            c_j = f * before[j] + i * g
            o = sigmoid(o_[j] + past_o[j] + c_j * W_co[j])
            i_[j], f_[j], g_[j], o_[j], c_[j] = i, f, g, o, c_j
            h_[j] = o * tanh(c_j)


@compiled
def peephole_grad(a, c, d_y, d_past, d_c, d_a, W_ci, W_cf, W_co, d_W, t):
    """d_W (3, H) adds up the peepholes' gradients, in the order i, f, o."""
    _, B, H = c.shape
    d_W_ci, d_W_cf, d_W_co = d_W[0], d_W[1], d_W[2]
    for b in range(B):
        a_, before, c_ = a[t, b], c[t, b], c[t + 1, b]
        d_y_, d_past_, d_c_, d_a_ = d_y[t, b], d_past[b], d_c[b], d_a[t, b]
        i_, f_, g_, o_ = a_[:H], a_[H : 2 * H], a_[2 * H : 3 * H], a_[3 * H :]
        d_i, d_f, d_g, d_o = d_a_[:H], d_a_[H : 2 * H], d_a_[2 * H : 3 * H], d_a_[3 * H :]
        for j in range(H):
            i, f, g, o, tanh_c = i_[j], f_[j], g_[j], o_[j], tanh(c_[j])
            d_h = d_y_[j] + d_past_[j]
            d_a_o = d_h * tanh_c * o * (ONE - o)
            d_c_j = d_c_[j] + d_h * o * (ONE - tanh_c * tanh_c) + d_a_o * W_co[j]
            d_a_i = d_c_j * g * i * (ONE - i)
            d_a_f = d_c_j * before[j] * f * (ONE - f)
            d_g[j] = d_c_j * i * (ONE - g * g)
            d_i[j], d_f[j], d_o[j] = d_a_i, d_a_f, d_a_o
            d_c_[j] = d_c_j * f + d_a_i * W_ci[j] + d_a_f * W_cf[j]
            d_W_ci[j] += d_a_i * before[j]
            d_W_cf[j] += d_a_f * before[j]
            d_W_co[j] += d_a_o * c_[j]


@compiled
def coupled(a, past, h, c, t):
    _, B, H = h.shape
    for b in range(B):
        a_, past_, before, c_, h_ = a[t, b], past[b], c[t, b], c[t + 1, b], h[t + 1, b]
        f_, g_, o_ = a_[:H], a_[H : 2 * H], a_[2 * H :]
        past_f, past_g, past_o = past_[:H], past_[H : 2 * H], past_[2 * H :]
        for j in range(H):
            f = sigmoid(f_[j] + past_f[j])
            g = tanh(g_[j] + past_g[j])
            o = sigmoid(o_[j] + past_o[j])
            c_j = f * before[j] + (ONE - f) * g
            f_[j], g_[j], o_[j], c_[j] = f, g, o, c_j
            h_[j] = o * tanh(c_j)


@compiled
def coupled_grad(a, c, d_y, d_past, d_c, d_a, t):
    _, B, H = c.shape
    for b in range(B):
        a_, before, c_ = a[t, b], c[t, b], c[t + 1, b]
        d_y_, d_past_, d_c_, d_a_ = d_y[t, b], d_past[b], d_c[b], d_a[t, b]
        f_, g_, o_ = a_[:H], a_[H : 2 * H], a_[2 * H :]
        d_f, d_g, d_o = d_a_[:H], d_a_[H : 2 * H], d_a_[2 * H :]
        for j in range(H):
            f, g, o, tanh_c = f_[j], g_[j], o_[j], tanh(c_[j])
            d_h = d_y_[j] + d_past_[j]
            d_c_j = d_c_[j] + d_h * o * (ONE - tanh_c * tanh_c)
            d_f[j] = d_c_j * (before[j] - g) * f * (ONE - f)
            d_g[j] = d_c_j * (ONE - f) * (ONE - g * g)
            d_o[j] = d_h * tanh_c * o * (ONE - o)
            d_c_[j] = d_c_j * f


@compiled
def gru_gates(a, past, h, r_h, t):
    """z and r, and r * h for the product with W_hn."""
    _, B, H = h.shape
    for b in range(B):
        a_, past_, before, r_h_ = a[t, b], past[b], h[t, b], r_h[t, b]
        z_, r_, past_z, past_r = a_[:H], a_[H : 2 * H], past_[:H], past_[H:]
        for j in range(H):
            r = sigmoid(r_[j] + past_r[j])
            z_[j] = sigmoid(z_[j] + past_z[j])
            r_[j] = r
            r_h_[j] = r * before[j]


@compiled
def gru(a, past_n, h, t):
    """n, and the new h."""
    _, B, H = h.shape
    for b in range(B):
        a_, past_, before, h_ = a[t, b], past_n[b], h[t, b], h[t + 1, b]
        z_, n_ = a_[:H], a_[2 * H :]
        for j in range(H):
            z, n = z_[j], tanh(n_[j] + past_[j])
            n_[j] = n
            h_[j] = (ONE - z) * before[j] + z * n


@compiled
def gru_grad(a, h, d_y, d_past, d_a, t):
    """d_a_z and d_a_n; what flows straight back to h stays in d_past."""
    _, B, H = h.shape
    for b in range(B):
        a_, before, d_y_, d_past_, d_a_ = a[t, b], h[t, b], d_y[t, b], d_past[b], d_a[t, b]
        z_, n_, d_z, d_n = a_[:H], a_[2 * H :], d_a_[:H], d_a_[2 * H :]
        for j in range(H):
            z, n = z_[j], n_[j]
            d_h = d_y_[j] + d_past_[j]
            d_z[j] = d_h * (n - before[j]) * z * (ONE - z)
            d_n[j] = d_h * z * (ONE - n * n)
            d_past_[j] = d_h * (ONE - z)


@compiled
def gru_gates_grad(a, h, d_r_h, d_past, d_a, t):
    """d_a_r from the gradient of r * h."""
    _, B, H = h.shape
    for b in range(B):
        a_, before, d_r_h_, d_past_, d_a_ = a[t, b], h[t, b], d_r_h[b], d_past[b], d_a[t, b]
        r_, d_r = a_[H : 2 * H], d_a_[H : 2 * H]
        for j in range(H):
            r = r_[j]
            d_r[j] = d_r_h_[j] * before[j] * r * (ONE - r)
            d_past_[j] += d_r_h_[j] * r


@compiled
def gru_after(a, past, h, v, b_hn, t):
    """reset_after: v = h W_hn + b_hn is kept for the way back."""
    _, B, H = h.shape
    for b in range(B):
        a_, past_, before, h_, v_ = a[t, b], past[b], h[t, b], h[t + 1, b], v[t, b]
        z_, r_, n_ = a_[:H], a_[H : 2 * H], a_[2 * H :]
        past_z, past_r, past_n = past_[:H], past_[H : 2 * H], past_[2 * H :]
        for j in range(H):
            v_j = past_n[j] + b_hn[j]
            z = sigmoid(z_[j] + past_z[j])
            r = sigmoid(r_[j] + past_r[j])
            n = tanh(n_[j] + r * v_j)
            z_[j], r_[j], n_[j], v_[j] = z, r, n, v_j
            h_[j] = (ONE - z) * before[j] + z * n


@compiled
def gru_after_grad(a, h, v, d_y, d_past, d_a, d_h_W, t):
    """As gru_grad and gru_gates_grad in one; d_h_W is the gradient of h W_hh."""
    _, B, H = h.shape
    for b in range(B):
        a_, before, v_ = a[t, b], h[t, b], v[t, b]
        d_y_, d_past_, d_a_, d_W_ = d_y[t, b], d_past[b], d_a[t, b], d_h_W[t, b]
        z_, r_, n_ = a_[:H], a_[H : 2 * H], a_[2 * H :]
        d_z, d_r, d_n = d_a_[:H], d_a_[H : 2 * H], d_a_[2 * H :]
        d_W_n = d_W_[2 * H :]
        for j in range(H):
            z, n = z_[j], n_[j]
            d_h = d_y_[j] + d_past_[j]
            d_z[j] = d_h * (n - before[j]) * z * (ONE - z)
            d_n[j] = d_h * z * (ONE - n * n)
            d_past_[j] = d_h * (ONE - z)
        # Loops of their own: with more arrays in one, the compiler no longer computes eight numbers at once.
        for j in range(H):
            r = r_[j]
            d_r[j] = d_n[j] * v_[j] * r * (ONE - r)
            d_W_n[j] = d_n[j] * r
        for j in range(2 * H):
            d_W_[j] = d_a_[j]
