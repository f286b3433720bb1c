"""Open registration (tự đăng ký dự thi): until when it is open, what its form may hold, and how fields are kept."""

from __future__ import annotations

import hmac
import re
import unicodedata
from datetime import datetime

from quiz.contest.schedule import Contest, Registration
from quiz.errors import Refused
from quiz.vietnamese import clean, closing

LONGEST_NAME = 120
LONGEST_EMAIL = 254
SHORTEST_PASSPHRASE = 8
LONGEST_PASSPHRASE = 200
PROVINCES = range(1, 97)
"""The codes with which a CCCD number begins: 001 Hà Nội … 096 Cà Mau (Thông tư 59/2021/TT-BCA, điều 4)."""

_PHONE = re.compile(r"(?:\+84|0084|84|0)([35789][0-9]{8})")
_ID_NUMBER = re.compile(r"[0-9]{12}|[0-9]{9}")
_EMAIL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_BETWEEN_LETTERS = " '’-."
_BETWEEN_DIGITS = " .-()"


def check_open(contest: Contest, has_passphrase: bool, closes_at: datetime, now: datetime) -> None:
    """One may register at any time before the last week closes, once the organiser has set a passphrase.

    Raises Refused: registration_missing where people come by roster, registration_not_ready, registration_closed.
    """
    if contest.registration is not Registration.OPEN:
        raise Refused("registration_missing")
    if not has_passphrase:
        raise Refused("registration_not_ready")
    if now >= closes_at:
        raise Refused("registration_closed", closes=closing(closes_at, contest.zone))


def passphrase(typed: str) -> str:
    """The passphrase as it is compared: it is read off paper, so case and doubled spaces do not matter."""
    return clean(_seen(typed)).casefold()[:LONGEST_PASSPHRASE]


def name(typed: str) -> str:
    """A full name: letters of any people of Việt Nam, spaces, apostrophes, hyphens. Raises Refused(name_wrong)."""
    text = clean(_seen(typed))
    letters = sum(letter.isalpha() for letter in text)
    is_plain = all(letter.isalpha() or letter in _BETWEEN_LETTERS or unicodedata.combining(letter) for letter in text)
    if letters < 2 or not is_plain or len(text) > LONGEST_NAME:
        raise Refused("name_wrong")
    return text


def phone(typed: str) -> str:
    """A mobile number as ten digits 0xxxxxxxxx, however it was written. Raises Refused(phone_wrong)."""
    found = _PHONE.fullmatch(_without(typed, _BETWEEN_DIGITS))
    if found is None:
        raise Refused("phone_wrong")
    return f"0{found[1]}"


def find_phone(typed: str) -> str:
    """The mobile number that somebody typed to sign in, '' where it is something else."""
    try:
        return phone(typed)
    except Refused:
        return ""


def email(typed: str) -> str:
    """An e-mail address in small letters, '' where none is given. Raises Refused(email_wrong)."""
    text = clean(_seen(typed)).casefold()
    if text and (not _EMAIL.fullmatch(text) or ".." in text or len(text) > LONGEST_EMAIL):
        raise Refused("email_wrong")
    return text


def id_number(typed: str) -> str:
    """The twelve digits of a CCCD, or the nine of an older CMND. Raises Refused(id_number_wrong), which tells none."""
    digits = _without(typed, _BETWEEN_DIGITS)
    is_one = _ID_NUMBER.fullmatch(digits) is not None and len(set(digits)) > 1
    if not is_one or (len(digits) == 12 and int(digits[:3]) not in PROVINCES):
        raise Refused("id_number_wrong")
    return digits


def keyed_hash(number: str, key: bytes) -> str:
    """HMAC-SHA256 of an ID number in hexadecimal: the same for the same number; without the key it can't be guessed."""
    return hmac.new(key, number.encode("ascii"), "sha256").hexdigest()


def last_four(number: str) -> str:
    """What is kept of an ID number to hold against the card when a prize is paid."""
    return number[-4:]


def _seen(text: str) -> str:
    """Without what nobody sees, such as the direction marks that come along with a number copied from a phone."""
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


def _without(text: str, marks: str) -> str:
    return "".join(letter for letter in clean(_seen(text)) if letter not in marks)
