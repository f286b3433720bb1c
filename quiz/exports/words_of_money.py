"""Whole numbers and amounts in Vietnamese words, as decisions spell them out: 'Một triệu đồng'."""

from __future__ import annotations

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
STEPS = ("", " nghìn", " triệu")
AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}
BILLION = 10**9


def in_words(value: int) -> str:
    """A whole number from 0 in words: 21 → 'hai mươi mốt', 1005 → 'một nghìn không trăm linh năm'."""
    if value < 0:
        raise ValueError(f"no words for a number below nought: {value}")
    return _spelt(value, is_first=True) or DIGITS[0]


def money(amount: int) -> str:
    """An amount in VND in words, as a sentence begins: 'Ba triệu đồng'."""
    words = f"{in_words(amount)} đồng"
    return words[0].upper() + words[1:]


def _spelt(value: int, *, is_first: bool) -> str:
    """A number behind others spells out its empty places; nought is nothing."""
    if value >= BILLION:
        high, rest = divmod(value, BILLION)
        return f"{_spelt(high, is_first=is_first)} tỷ {_spelt(rest, is_first=False)}".rstrip()
    groups: list[str] = []
    for step in (2, 1, 0):
        group = value // 1000**step % 1000
        if group:
            groups.append(_group(group, is_first=is_first and not groups) + STEPS[step])
    return " ".join(groups)


def _group(value: int, *, is_first: bool) -> str:
    """Three digits: hundreds are read unless the number begins below them."""
    hundreds, rest = divmod(value, 100)
    words = [f"{DIGITS[hundreds]} trăm"] if hundreds or not is_first else []
    tens, ones = divmod(rest, 10)
    if tens > 1:
        words.append(f"{DIGITS[tens]} mươi")
    elif tens:
        words.append("mười")
    elif ones and words:
        words.append("linh")
    if ones:
        words.append(_ones(ones, tens))
    return " ".join(words)


def _ones(ones: int, tens: int) -> str:
    if tens > 1:
        return AFTER_TENS.get(ones, DIGITS[ones])
    return "lăm" if tens and ones == 5 else DIGITS[ones]
