"""On what basis a contest handles personal data, to whom people turn, and when its own course is over."""

from __future__ import annotations

from dataclasses import dataclass

from quiz.errors import N_
from quiz.personal_data.periods import CONTEST_MONTHS

PERFORMING_THE_PLAN = N_(
    "thực hiện nhiệm vụ của cơ quan nhà nước theo kế hoạch tổ chức hội thi (Điều 19 Luật Bảo vệ dữ liệu cá nhân "
    "số 91/2025/QH15); trường hợp này pháp luật không yêu cầu sự đồng ý của từng người"
)
"""What holds where a contest file names no other basis; the organiser's lawyers have to confirm it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDataRules:
    """What a contest file says of personal data: the legal basis and whom to ask, '' being the usual; the period."""

    legal_basis: str = ""
    contact: str = ""
    months: int = CONTEST_MONTHS
