"""What a verifier says, in Vietnamese and in English."""

from __future__ import annotations

from collections.abc import Mapping

Words = tuple[str, str]

CHECK_WORDS: Mapping[str, Words] = {
    "files": ("Gói kết quả đầy đủ, nguyên vẹn", "The bundle is complete and intact"),
    "commitment": ("Bản cam kết đúng là của tuần thi này", "The commitment is that of this week"),
    "rules": ("Thể lệ đúng như đã cam kết", "The rules are those promised"),
    "questions": ("Câu hỏi, đáp án đúng như đã cam kết", "Questions and keys are those promised"),
    "seeds": ("Số ngẫu nhiên rút đề, bốc thăm đúng như đã cam kết", "The seeds of papers and lots are those promised"),
    "verifiers": ("Chương trình kiểm chứng đúng như đã cam kết", "The verifiers are those promised"),
    "records": ("Mỗi bài thi có trong đúng một lô niêm phong", "Every record is in exactly one sealed batch"),
    "chain": ("Chuỗi niêm phong liền mạch", "The chain of batches is unbroken"),
    "openings": ("Thời điểm mở ra khớp với bản niêm phong", "Opened moments fit what was sealed"),
    "decisions": ("Mọi quyết định đều có số, có đối tượng", "Every decision has a number and a subject"),
    "attempts": ("Số lượt, thời gian làm bài đúng thể lệ", "Attempts and times keep to the rules"),
    "papers": ("Rút lại được đề của mọi bài", "Every paper can be drawn again"),
    "ranking": ("Chấm lại, xếp hạng lại: đúng như công bố", "Marked and ranked anew: as published"),
    "hidden": ("Không giải nào dựa vào điều chưa công khai", "No prize hangs on anything hidden"),
    "prizes": ("Trao giải lại: đúng như công bố", "Prizes given anew: as published"),
}

STEP_WORDS: Mapping[str, Words] = {
    "score": ("số điểm", "the score"),
    "all_right": ("đúng cả đề", "all right"),
    "time_taken": ("thời gian làm bài", "the time taken"),
    "hand_in_moment": ("thời điểm nộp bài", "the moment of hand-in"),
    "fewer_attempts": ("ít lượt thi hơn", "fewer attempts"),
    "earlier_registration": ("đăng ký sớm hơn", "earlier registration"),
    "full_marks": ("nhiều lượt đúng cả đề hơn", "more attempts with full marks"),
    "prediction": ("dự đoán gần hơn", "the closer prediction"),
    "lot": ("bốc thăm", "the lot"),
}

CANNOT_KNOW: tuple[Words, ...] = (
    (
        "ai thật sự ngồi làm bài, và có ai biết trước đáp án hay không;",
        "who really sat at the keyboard, and whether somebody knew the answers;",
    ),
    (
        "giờ bắt đầu mà máy chủ ghi có đúng không (người thi thấy ngay, phản ánh được; thanh tra mở ra kiểm tra được);",
        "whether the start that the server wrote down is true (the person sees it at once; an inspector can open it);",
    ),
    (
        "danh sách dự thi của các cơ quan có đúng không (cơ quan xác nhận trước khi mở tuần thi);",
        "whether the rosters of the agencies are right (they confirm them before the week opens);",
    ),
    (
        "có bài nào được thêm vào trước khi niêm phong không (người có tên được báo, đầu mối thấy trong danh sách);",
        "whether an entry was added before its batch was sealed (the person is told, the coordinator has a list);",
    ),
    (
        "gói này có phải là gói đã làm lại từ đầu không, nếu ông/bà không có mã cam kết hay mã đầu chuỗi từ nơi khác;",
        "whether all of this was made anew, unless you hold the commitment's digest or a head from elsewhere;",
    ),
    (
        "người được nhiều giải ở nhiều tuần (chỉ thanh tra nối được các tuần), giải cả hội thi, giải tập thể.",
        "prizes of one person over several weeks (only an inspector can join weeks), of the contest, of agencies.",
    ),
)
