"""The storm of a real week, played with made-up people against one's own server: how much it takes, and whether to go.

`expected`, `figures`, `verdict` and `sheet` only compute; the rest drives a server.
"""
