"""What the fields of a contest file are called where something is wrong with them, and which part of it they are in."""

from __future__ import annotations

from quiz.questions.file_forms import Naming, text_at
from quiz.yaml_text import Loc, Reading

ROUND_WORDS = ("Tuần", "Đợt", "Kỳ", "Vòng", "Tháng")

NOT_TEXT = (
    *("number", "opens", "closes", "from", "until", "except"),
    *("questions", "minutes", "level", "count", "points", "shuffle_questions", "shuffle_options"),
    *("several_keys", "needs_all_answers", "avoid_seen"),
    *("per_week", "per_day", "per_contest", "grace_seconds", "amount", "one_prize"),
    *("city", "central", "below", "percent", "least", "least_participation", "needs_groups", "needs_prize"),
    *("participation", "average_score", "prizes", "entries"),
    *("appeals", "days_after", "last_day", "answer_within"),
    *("personal_data", "months"),
)
FIELDS = {
    "contest": "mã hội thi",
    "title": "tên hội thi",
    "organiser": "đơn vị tổ chức",
    "plan": "kế hoạch",
    "timezone": "múi giờ",
    "registration": "cách đăng ký",
    "hotline": "đường dây nóng",
    "short_title": "tên ngắn",
    "round_word": "cách gọi mỗi tuần thi",
    "hours": "giờ mở trong ngày",
    "from": "giờ mở",
    "until": "giờ đóng",
    "spans": "các khoảng giờ trong ngày",
    "days": "các ngày trong tuần",
    "except": "ngày nghỉ",
    "weeks": "các tuần thi",
    "practice": "đợt thi thử",
    "number": "số thứ tự",
    "opens": "lúc mở",
    "closes": "lúc đóng",
    "paper": "đề thi",
    "papers": "đề thi riêng của từng bảng",
    "questions": "số câu hỏi",
    "minutes": "số phút làm bài",
    "quotas": "cơ cấu đề",
    "topic": "chủ đề",
    "level": "mức độ",
    "count": "số lượng",
    "points": "số điểm mỗi câu",
    "shuffle_questions": "đảo câu hỏi",
    "shuffle_options": "đảo phương án",
    "bank": "tên bộ câu hỏi",
    "topics": "các chủ đề được rút",
    "several_keys": "dùng câu có nhiều đáp án đúng",
    "needs_all_answers": "phải trả lời hết",
    "avoid_seen": "tránh câu đã gặp",
    "attempts": "lượt thi",
    "per_week": "số lượt mỗi tuần",
    "per_day": "số lượt mỗi ngày",
    "per_contest": "số lượt cả hội thi",
    "counts": "lượt được tính",
    "grace_seconds": "số giây chờ đường truyền",
    "ranking": "cách xếp hạng",
    "prediction": "câu dự đoán",
    "text": "nội dung câu dự đoán",
    "target": "điều phải dự đoán",
    "of": "phạm vi đếm",
    "equal_distance": "khi lệch bằng nhau",
    "whose": "lượt lấy dự đoán",
    "lot": "bốc thăm",
    "event": "sự kiện công khai để bốc thăm",
    "divisions": "các bảng thi",
    "prizes": "giải thưởng",
    "name": "tên",
    "amount": "số tiền",
    "per": "trao theo tuần hay cả hội thi",
    "one_prize": "mỗi người một giải",
    "prize_needs": "điều kiện nhận giải",
    "participation": "tỷ lệ tham gia",
    "basis": "cách tính tỷ lệ",
    "children": "cơ quan trực thuộc",
    "thresholds": "các ngưỡng",
    "city": "cơ quan thuộc tỉnh, thành phố",
    "central": "cơ quan Trung ương",
    "below": "dưới bao nhiêu người",
    "percent": "số phần trăm",
    "groups": "các nhóm bắt buộc",
    "least": "số người ít nhất",
    "barred": "người không được dự thi",
    "code": "mã",
    "collective": "giải tập thể",
    "order": "thứ tự tiêu chí",
    "weights": "trọng số",
    "average_score": "điểm trung bình",
    "entries": "số lượt dự thi",
    "prize_points": "điểm quy đổi giải",
    "least_participation": "tỷ lệ tham gia tối thiểu",
    "needs_groups": "đủ các nhóm bắt buộc",
    "needs_prize": "phải có giải cá nhân",
    "blocks": "các khối",
    "kinds": "loại cơ quan",
    "agencies": "mã các cơ quan",
    "appeals": "phản ánh, khiếu nại",
    "days_after": "số ngày nhận phản ánh sau công bố",
    "last_day": "ngày cuối nhận phản ánh",
    "answer_within": "số ngày để trả lời phản ánh",
    "keys": "niêm phong đáp án",
    "opened_by": "ai mở đáp án",
    "commitment": "bản cam kết",
    "hours_before": "số giờ trước khi mở",
    "personal_data": "dữ liệu cá nhân",
    "legal_basis": "cơ sở pháp lý",
    "contact": "nơi tiếp nhận yêu cầu",
    "months": "số tháng lưu",
}


def naming(reading: Reading) -> Naming:
    """How places of this contest file read in a sentence."""
    return Naming(FIELDS, lambda loc: _owner(reading, loc))


def _owner(reading: Reading, loc: Loc) -> str:
    """'tuần 2: ' for anything inside the second week, 'bảng thi can-bo: ' inside that division, '' elsewhere."""
    match loc:
        case ("weeks", int(place), "papers", str(division), _, *_):
            return f"{round_word(reading)} {place + 1}, bảng thi {division}: "
        case ("weeks", int(place), _, *_):
            return f"{round_word(reading)} {place + 1}: "
        case ("practice", _, *_):
            return "đợt thi thử: "
        case ("divisions", int(place), "prizes", int(prize), _, *_):
            return f"{_division(reading, place)}, giải {prize + 1}: "
        case ("divisions", int(place), _, *_):
            return f"{_division(reading, place)}: "
        case ("collective", "blocks", int(place), "prizes", int(prize), _, *_):
            return f"khối {place + 1}, giải {prize + 1}: "
        case ("collective", "blocks", int(place), _, *_):
            return f"khối {place + 1}: "
        case ("prizes", int(place), _, *_):
            return f"giải {place + 1}: "
    return ""


def round_word(reading: Reading) -> str:
    """What the file calls its weeks, in small letters."""
    word = text_at(reading, ("round_word",))
    return (word if word in ROUND_WORDS else ROUND_WORDS[0]).lower()


def _division(reading: Reading, place: int) -> str:
    return f"bảng thi {text_at(reading, ('divisions', place, 'code')) or f'thứ {place + 1}'}"
