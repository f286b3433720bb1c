"""Time and taking part: weeks, who may start, until when."""
