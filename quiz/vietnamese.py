"""Vietnamese order, spelling and figures: how names sort and how numbers, rates and times are written."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta, tzinfo
from fractions import Fraction
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES = {"\u0306": "breve", "\u0302": "circumflex", "\u031b": "horn"}
_SHAPED = {
    ("a", "breve"): "ă", ("a", "circumflex"): "â", ("e", "circumflex"): "ê",
    ("o", "circumflex"): "ô", ("o", "horn"): "ơ", ("u", "horn"): "ư",
}  # fmt: skip


def clean(text: str) -> str:
    """The text in Unicode NFC (TCVN 6909:2001), without NUL, outer and doubled spaces."""
    return " ".join(unicodedata.normalize("NFC", text.replace("\0", "")).split())


def sort_key(text: str) -> str:
    """A string whose byte order is the dictionary order of Vietnamese.

    Letters decide first (a ă â b c d đ …), then tones in the order ngang, huyền, hỏi, ngã, sắc, nặng, word by word.
    """
    words = (_word_key(word) for word in clean(text).casefold().split())
    return " ".join(words)


def name_key(full_name: str) -> str:
    """The order of a list of people: by given name (the last word), then by the whole name."""
    given = clean(full_name).rpartition(" ")[2]
    return f"{sort_key(given)}|{sort_key(full_name)}"


def without_marks(text: str) -> str:
    """Letters without tones and shapes, in small letters, for searching: 'Đặng Thị Ổn' → 'dang thi on'."""
    plain = unicodedata.normalize("NFD", clean(text).casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("đ", "d")


def number(value: int) -> str:
    """A whole number with dots between thousands: 1234567 → '1.234.567'."""
    return f"{value:,}".replace(",", ".")


def percent(rate: Fraction, digits: int = 2) -> str:
    """A rate in percent with a decimal comma, cut and never rounded up, so that 69.996 % does not read as 70 %."""
    scaled = rate * 100 * 10**digits
    whole, part = divmod(scaled.numerator // scaled.denominator, 10**digits)
    return f"{number(whole)},{part:0{digits}d}%" if digits else f"{number(whole)}%"


def share(value: float, digits: int = 2) -> str:
    """A measured share in percent, cut as `percent` is, with a minus sign below nought: -0.0312 → '−3,12%'."""
    shown = percent(Fraction(abs(value)).limit_denominator(10**9), digits)
    return f"−{shown}" if value < 0 else shown


def decimal(value: float, digits: int = 2) -> str:
    """A measured figure with dots between thousands and a decimal comma: 1234.5 → '1.234,50'."""
    whole, _, rest = f"{abs(value):,.{digits}f}".partition(".")
    shown = whole.replace(",", ".") + (f",{rest}" if rest else "")
    return f"−{shown}" if value < 0 and shown.strip("0.,") else shown


def exact_percent(share: Fraction) -> str:
    """A share that people wrote, with the decimals it needs, at most six: '70%', '66,5%'."""
    return percent(share, next((digits for digits in range(6) if (share * 100 * 10**digits).denominator == 1), 6))


def grouped(code: str) -> str:
    """A code in groups of four, as people read it aloud and type it: 'QK3M 7P2X'."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))


def duration(length: timedelta) -> str:
    """Whole seconds in words: '5 phút 03 giây', '47 giây'. Parts of a second are cut."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} giờ {minutes:02d} phút {seconds:02d} giây"
    return f"{minutes} phút {seconds:02d} giây" if minutes else f"{seconds} giây"


def moment(at: datetime, zone: tzinfo = HANOI) -> str:
    """A moment as officials write it: '8 giờ 05 phút, thứ Hai ngày 07/10/2024'."""
    local = at.astimezone(zone)
    return f"{local.hour} giờ {local.minute:02d} phút, {weekday(local)} ngày {local:%d/%m/%Y}"


def closing(at: datetime, zone: tzinfo = HANOI) -> str:
    """A closing moment as officials write it: midnight belongs to the day that ends, '24 giờ 00 phút, thứ Sáu …'."""
    local = at.astimezone(zone)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return moment(at, zone)
    ended = local - timedelta(days=1)
    return f"24 giờ 00 phút, {weekday(ended)} ngày {ended:%d/%m/%Y}"


def weekday(local: date) -> str:
    """The name of the day: 'thứ Hai' … 'Chủ nhật'."""
    return WEEKDAYS[local.weekday()]


def _word_key(word: str) -> str:
    letters, tone = [], 0
    for char in word:
        base, mark = _letter(char)
        letters.append(f"{_LETTERS.index(base) + 10:02d}" if base in _LETTERS else f"00{base}")
        tone = mark or tone
    return "".join(letters) + f".{tone}"


def _letter(char: str) -> tuple[str, int]:
    base, *marks = list(unicodedata.normalize("NFD", char))
    tone = next((_TONES[mark] for mark in marks if mark in _TONES), 0)
    shape = next((_SHAPES[mark] for mark in marks if mark in _SHAPES), "")
    return _SHAPED.get((base, shape), base), tone
