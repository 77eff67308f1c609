"""What the networks of the book are trained on, one module a family: `digits` (MNIST by rows), `adding`, `streams`
(an answer at every step) and `seq2seq` (a sequence for an answer)."""
