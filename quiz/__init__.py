"""Weekly knowledge contests whose results anyone can check; empty, so that importing a rule never loads Flask."""
