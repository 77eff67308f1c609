"""Whole networks: a cell, a readout, a loss and an optimizer in one object. One module for each way to answer:
`classifier` (once, with a class), `regressor` (once, with a number), `labeller` (at every step), `encoder_decoder`
(with a sequence of its own length)."""
