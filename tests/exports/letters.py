"""The 146 letters beyond ASCII's reach that Vietnamese needs: twelve vowels by six tones and đ, in both cases."""

from __future__ import annotations

from unicodedata import normalize

TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
SMALL = [normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES] + ["đ"]
LETTERS = [*SMALL, *(letter.upper() for letter in SMALL)]
