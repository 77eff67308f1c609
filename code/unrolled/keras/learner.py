"""What `training.fit` trains when the network is a Keras model."""

import keras
import numpy as np


class Learner:
    """A compiled Keras model in the form `training.fit` asks for: the slide's own loop, one `train_on_batch` a step.

    model: a compiled `keras.Model` that takes (B, T, D) and gives logits (B, V). Batches arrive time first, as
    everywhere in the book, and are turned.
    """

    def __init__(self, model: keras.Model):
        self.model = model

    def logits(self, xs):
        """xs (T, B, D) -> (B, V), a NumPy array."""
        return keras.ops.convert_to_numpy(self.model.predict_on_batch(xs.swapaxes(0, 1)))

    def update(self, xs, labels):
        """One step of the optimizer on one batch; returns the loss before it."""
        return float(self.model.train_on_batch(xs.swapaxes(0, 1), labels))

    def _variables(self):
        return self.model.weights + self.model.optimizer.variables

    def state(self):
        """Weights and the optimizer's memory as a dict of arrays."""
        return {f"{number:03d}": np.asarray(v) for number, v in enumerate(self._variables())}

    def restore(self, saved):
        """Take up what `state` returned."""
        for number, variable in enumerate(self._variables()):
            variable.assign(saved[f"{number:03d}"])
