"""How a step is taken once the gradient is known. Each optimizer changes params in place and keeps its memory in
`state`, a dict of arrays, so that a training run can be saved and go on."""

import numpy as np


class SGD:
    """p <- p - lr * d_p."""

    def __init__(self, params, learning_rate=0.01):
        self.params, self.learning_rate, self.state = params, learning_rate, {}

    def step(self, grads):
        """Change params in place. grads: a dict with the names and shapes of params."""
        for name, p in self.params.items():
            p -= self.learning_rate * grads[name]


class RMSProp:
    """Divide each gradient by the running size of its recent values. Hinton (2012), lecture 6e."""

    def __init__(self, params, learning_rate=0.001, decay=0.99, epsilon=1e-8):
        self.params, self.learning_rate, self.decay, self.epsilon = params, learning_rate, decay, epsilon
        self.state = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads):
        """Change params in place. grads: a dict with the names and shapes of params."""
        for name, p in self.params.items():
            v = self.state[name]
            v += (1 - self.decay) * (grads[name] ** 2 - v)
            p -= self.learning_rate * grads[name] / (np.sqrt(v) + self.epsilon)


class Adam:
    """Running mean over running size, both freed of their start at zero. Kingma & Ba (2015), algorithm 1."""

    def __init__(self, params, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
        self.params, self.learning_rate, self.epsilon = params, learning_rate, epsilon
        self.beta_1, self.beta_2 = beta_1, beta_2
        self.state = {"t": np.zeros((), np.int64)}
        self.state |= {f"m.{name}": np.zeros_like(p) for name, p in params.items()}
        self.state |= {f"v.{name}": np.zeros_like(p) for name, p in params.items()}

    def step(self, grads):
        """Change params in place. grads: a dict with the names and shapes of params."""
        self.state["t"] += 1
        t = int(self.state["t"])
        for name, p in self.params.items():
            m, v = self.state[f"m.{name}"], self.state[f"v.{name}"]
            m += (1 - self.beta_1) * (grads[name] - m)
            v += (1 - self.beta_2) * (grads[name] ** 2 - v)
            m_hat, v_hat = m / (1 - self.beta_1**t), v / (1 - self.beta_2**t)
            p -= self.learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon)


def global_norm(grads):
    """The length of all gradients together, as if they were one long vector."""
    return float(np.sqrt(sum((g.astype(np.float64) ** 2).sum() for g in grads.values())))


def clip_by_norm(grads, max_norm):
    """Shrink all gradients together when their common length exceeds max_norm: same direction, shorter step.

    Returns the gradients and the length before clipping. Pascanu et al. (2013).
    """
    norm = global_norm(grads)
    scale = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return {name: g * g.dtype.type(scale) for name, g in grads.items()}, norm


def clip_by_value(grads, limit):
    """Cut every single entry to [-limit, limit]: the direction changes."""
    return {name: np.clip(g, -limit, limit) for name, g in grads.items()}
