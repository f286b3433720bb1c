"""The questions: what a bank holds and how a paper is drawn from it."""
