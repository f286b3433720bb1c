"""How a rule says no: a code with its facts, and the words that people read."""

from __future__ import annotations


def N_(words: str) -> str:  # noqa: N802 (the name that gettext's tools look for)
    """The words as they are, marked for the catalogue in which the pages look them up."""
    return words


WORDS: dict[str, str] = {
    "contest_missing": N_("Chưa có hội thi nào được nạp vào hệ thống."),
    "week_missing": N_("Không có tuần thi này."),
    "not_yet_open": N_("Tuần {week} chưa mở. Tuần thi mở lúc {opens}."),
    "closed": N_("Tuần {week} đã đóng lúc {closes}. Không thể bắt đầu lượt thi mới."),
    "not_closed": N_("Tuần {week} chưa đóng (đóng lúc {closes}) nên chưa thể chấm và công bố kết quả."),
    "no_bank": N_("Tuần {week} chưa có bộ câu hỏi. Ban Tổ chức cần nạp bộ câu hỏi trước khi mở tuần thi."),
    "barred": N_("Ông/bà thuộc diện không được dự thi theo thể lệ: {role}."),
    "left": N_("Tài khoản này không còn trong danh sách cán bộ, công chức, viên chức dự thi."),
    "already_sat": N_("Ông/bà đã dự thi tuần {week}. Mỗi người chỉ được thi một lần trong tuần."),
    "attempts_used_up": N_("Ông/bà đã dùng hết {limit} lượt thi của tuần {week}."),
    "attempt_missing": N_("Không tìm thấy lượt thi này trong tài khoản của ông/bà."),
    "already_handed_in": N_("Bài thi này đã nộp lúc {handed_in}. Không thể sửa bài đã nộp."),
    "too_late": N_("Đã hết giờ làm bài lúc {deadline}. Những câu đã lưu trước đó vẫn được tính."),
    "older_sheet": N_("Có bản bài làm mới hơn đã được lưu từ một cửa sổ hoặc thiết bị khác."),
    "bad_sheet": N_("Bài làm gửi lên không đúng mẫu: {where}. Hãy tải lại trang; các câu đã lưu vẫn còn."),
    "answers_hidden": N_("Đáp án chỉ được xem sau khi tuần {week} đóng lúc {closes}."),
    "sign_in_failed": N_("Mã cán bộ, thư điện tử hoặc mật khẩu không đúng."),
    "too_many_tries": N_("Đã nhập sai quá nhiều lần. Vui lòng thử lại sau {minutes} phút."),
    "activation_failed": N_("Mã cán bộ hoặc mã kích hoạt không đúng, hoặc mã đã được dùng."),
    "password_short": N_("Mật khẩu cần ít nhất {minimum} ký tự. Có thể dùng một câu ngắn dễ nhớ, có dấu cách."),
    "password_long": N_("Mật khẩu dài tối đa {maximum} ký tự."),
    "password_guessable": N_("Mật khẩu này dễ đoán (trùng tên, mã cán bộ hoặc lặp lại ký tự). Hãy chọn một câu khác."),
    "password_wrong": N_("Mật khẩu hiện tại không đúng."),
    "not_marked": N_("Tuần {week} chưa được chấm."),
    "reason_missing": N_("Cần ghi rõ lý do."),
    "ranking_changed": N_("Bảng xếp hạng tuần {week} đã thay đổi sau khi ông/bà xem. Hãy xem lại trước khi công bố."),
    "publication_missing": N_("Chưa có lần công bố này."),
    "agency_missing": N_("Không có cơ quan, đơn vị này trong phạm vi của ông/bà."),
    "person_missing": N_("Không có người này trong phạm vi của ông/bà."),
    "headcount_wrong": N_(
        "Tổng số cán bộ, công chức, viên chức phải là số nguyên từ {minimum} trở lên "
        "(đang có {minimum} người trong danh sách)."
    ),
    "file_faulty": N_("Tệp có {count} lỗi nên chưa nạp gì vào hệ thống."),
    "week_already_open": N_("Tuần {week} đã mở nên không thể đổi thời gian mở, đóng hoặc bộ câu hỏi của tuần này."),
    "rules_already_apply": N_(
        "Tuần {week} đã mở nên không thể đổi cơ cấu đề, số lượt thi, cách xếp hạng, giải thưởng và chỉ tiêu tham gia."
    ),
    "not_a_demo": N_(
        "Cơ sở dữ liệu này không phải bản minh họa. Dữ liệu minh họa chỉ được nạp vào cơ sở dữ liệu mới, còn trống."
    ),
    "page_expired": N_("Trang đã mở quá lâu nên phiên gửi hết hiệu lực. Hãy tải lại trang và gửi lại."),
    "roster_changed": N_("Danh sách trong hệ thống đã thay đổi sau khi ông/bà xem. Hãy xem lại bản kiểm tra mới."),
    "roster_file_refused": N_("Không nhận được tệp: {reason}."),
    "roster_import_missing": N_("Không có lần nạp danh sách này."),
    "roster_import_moved_on": N_(
        "Lần nạp này không còn ở bước đó (có thể đã được người khác xử lý). Hãy tải lại trang."
    ),
    "reason_long": N_("Lý do dài tối đa {maximum} ký tự."),
    "already_exempt": N_("Người này đang được miễn dự thi."),
    "not_exempt": N_("Người này không thuộc diện đang được miễn dự thi."),
}


class Refused(Exception):
    """A rule says no. `code` is one of WORDS; `facts` fill its sentence and are safe to show."""

    def __init__(self, code: str, **facts: object) -> None:
        if code not in WORDS:
            raise ValueError(f"no words for the refusal {code!r}")
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return WORDS[self.code].format(**self.facts)
