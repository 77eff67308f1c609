"""From the hidden state to an answer: y = g_y(W_y h + b_y), loss and gradients. Slides "Recurrent Neuron"."""

import numpy as np

from unrolled.arguments import check_array, check_size
from unrolled.initializers import glorot_uniform


def init(rng, hidden_size, output_size, dtype=np.float64):
    """Draw params of a linear layer: W_hy (H, V) Glorot uniform, b_y (V,) zero."""
    H, V = check_size("hidden_size", hidden_size), check_size("output_size", output_size)
    return {"W_hy": glorot_uniform(rng, H, V).astype(dtype), "b_y": np.zeros(V, dtype)}


def linear(params, h):
    """W_y h + b_y for every row of h (..., H): the logits (..., V)."""
    return h @ params["W_hy"] + params["b_y"]


def linear_grad(params, h, d_logits):
    """The gradients of `linear`: d_params, and d_h of the shape of h."""
    rows, d_rows = h.reshape(-1, h.shape[-1]), d_logits.reshape(-1, d_logits.shape[-1])
    return {"W_hy": rows.T @ d_rows, "b_y": d_rows.sum(axis=0)}, d_logits @ params["W_hy"].T


def softmax(logits):
    """Probabilities that sum to one along the last axis; the largest logit is taken off first, so nothing overflows."""
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy(logits, labels):
    """Mean of -log p(label) in nats, and its gradient d_logits.

    logits: (B, V). labels: (B,) whole numbers from 0 to V - 1.
    Raises ValueError when a label is out of range.
    """
    B, V = check_array("logits", logits, ("B", "V")).shape
    labels = check_labels(labels, B, V)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    loss = -log_p[np.arange(B), labels].mean()
    one_hot = np.eye(V, dtype=logits.dtype)[labels]
    d_logits = (np.exp(log_p) - one_hot) / B
    return float(loss), d_logits


def check_labels(labels, B, V):
    """Return `labels` if they are B whole numbers from 0 to V - 1, else raise ValueError."""
    labels = np.asarray(labels)
    if labels.shape != (B,) or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(f"labels: expected {B} whole numbers, got shape {labels.shape} of {labels.dtype}")
    if labels.min() < 0 or labels.max() >= V:
        raise ValueError(f"labels: expected numbers from 0 to {V - 1}, got {labels.min()} to {labels.max()}")
    return labels


def accuracy(logits, labels):
    """Share of rows whose largest logit is the label."""
    return float((logits.argmax(axis=-1) == labels).mean())
