"""Faults brought about on purpose against the product at work, and what must still be true afterwards."""
