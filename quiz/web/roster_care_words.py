"""What the pages of roster care say when something has been done: for which rounds it counts."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from quiz.web.language import round_name


def exempted(rounds: Sequence[str]) -> str:
    """An exemption that leaves the denominators of these rounds, as far as they are known."""
    if not rounds:
        return str(_("Đã ghi miễn dự thi. Không tuần nào mở trong những ngày này nên số liệu không thay đổi."))
    names = ", ".join(map(round_name, rounds))
    return str(_("Đã ghi miễn dự thi. Người này không tính vào mẫu số của: %(rounds)s.", rounds=names))
