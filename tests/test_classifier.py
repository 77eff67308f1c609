"""The classifier's gradient. That it learns is shown in test_digits.py and test_training.py."""

import numpy as np

from unrolled import RNN, gradcheck, readout
from unrolled.networks.classifier import SequenceClassifier


def test_the_classifiers_gradients_agree_with_finite_differences():
    rng = np.random.default_rng(0)
    cell = RNN("relu")
    learner = SequenceClassifier(cell, cell.init(rng, 3, 4) | readout.init(rng, 4, 5))
    xs, labels = rng.normal(size=(6, 2, 3)), np.array([4, 1])
    _, grads = learner.gradients(xs, labels)
    gradcheck.check(lambda: learner.gradients(xs, labels)[0], learner.params, grads, rtol=1e-5)
