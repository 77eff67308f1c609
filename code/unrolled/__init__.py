"""Recurrent networks and LSTMs from the inside: the code the book reads aloud."""
