"""Questions from and for other programs: one module per format, one value for what was read."""
