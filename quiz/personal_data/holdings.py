"""Every kind of personal data that is held: what, why, for how long, who sees it, what erasing somebody does with it.

The only declaration: the public notice, the table of `docs/personal-data.md`, everybody's copy of the own data and the
figures for a breach are made from it, and a test fails for a column that stands neither here nor in `not_personal`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quiz.errors import N_
from quiz.personal_data import periods

TOMBSTONE_NAME = "Người đã xóa thông tin"
REMOVED = "(đã xóa)"
"""What stands where a name and a free text were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One kind of personal data. `columns` are those of each table, parted by spaces; `kept` may hold `figures`."""

    what: str
    why: str
    kept: str
    seen_by: str
    erased: str
    columns: Mapping[str, str]


FOR_THE_CONTEST = N_("đến %(months)s tháng sau khi tuần cuối của hội thi đóng")
WITH_THE_ACCOUNT = N_("khi còn trong danh sách, và %(leavers)s tháng sau khi rời danh sách")
FOR_THE_RECORD = N_("lâu dài, vì kết quả đã công bố phải kiểm tra lại được; sau khi xóa tên chỉ còn một mã")
DELETED = N_("xóa")
STAFF = N_("người ấy, đầu mối cơ quan, Ban Tổ chức, quản trị viên")
ORGANISERS = N_("người ấy, Ban Tổ chức")

HOLDINGS: tuple[Holding, ...] = (
    Holding(
        what=N_("Họ tên, mã cán bộ, chức vụ, cơ quan, bảng thi, thư điện tử (nếu có), ngày vào và rời danh sách"),
        why=N_("để biết ai được dự thi, cho cơ quan nào, và để đăng nhập"),
        kept=WITH_THE_ACCOUNT,
        seen_by=STAFF,
        erased=N_("thay bằng một mã ngẫu nhiên; cơ quan và bảng thi giữ lại để số liệu tham gia không đổi"),
        columns={
            "people": "id staff_code sign_in_key email name name_key position agency_id division listed_at left_at"
        },
    ),
    Holding(
        what=N_("Mật khẩu và mã kích hoạt, chỉ ở dạng băm một chiều"),
        why=N_("để chỉ đúng người mới đăng nhập được"),
        kept=WITH_THE_ACCOUNT,
        seen_by=N_("không ai"),
        erased=DELETED,
        columns={"people": "password_hash activation_hash session_epoch"},
    ),
    Holding(
        what=N_("Thời gian thuộc từng cơ quan; nhóm bắt buộc dự thi"),
        why=N_("để tính đúng tỷ lệ tham gia của cơ quan vào lúc dự thi"),
        kept=FOR_THE_RECORD,
        seen_by=STAFF,
        erased=N_("giữ lại dưới mã, để số liệu tham gia không đổi"),
        columns={"memberships": "id person_id agency_id since until", "person_groups": "person_id group_code"},
    ),
    Holding(
        what=N_("Nhóm không được dự thi; vai trò trong hội thi"),
        why=N_("để áp dụng thể lệ và phân quyền"),
        kept=WITH_THE_ACCOUNT,
        seen_by=STAFF,
        erased=DELETED,
        columns={
            "barred_people": "contest_id person_id group_code",
            "role_grants": "person_id role",
        },
    ),
    Holding(
        what=N_("Miễn dự thi, thêm giờ làm bài, điều chuyển, kèm lý do"),
        why=N_("để không ai bị tính thiếu hoặc thiệt giờ; lý do có thể nói đến sức khỏe"),
        kept=FOR_THE_CONTEST,
        seen_by=STAFF,
        erased=N_("xóa lý do và việc điều chuyển; thời hạn và số quyết định giữ lại dưới mã"),
        columns={
            "exemptions": "id person_id reason since until entered_at ended_at",
            "allowances": "contest_id person_id minutes id decision_number reason",
            "roster_moves": "id person_id from_agency_id to_agency_id moves_at reason dropped_at done_at",
        },
    ),
    Holding(
        what=N_("Người tự đăng ký: số điện thoại, bốn số cuối và mã băm có khóa của số căn cước"),
        why=N_("để mỗi người chỉ dự thi một lần, để xác minh và liên hệ người đạt giải"),
        kept=FOR_THE_CONTEST,
        seen_by=ORGANISERS,
        erased=DELETED,
        columns={"registrations": "person_id contest_id phone id_hash id_last_four registered_at"},
    ),
    Holding(
        what=N_("Lần nhập sai mật khẩu: địa chỉ mạng và mã băm của tên đăng nhập"),
        why=N_("để chặn dò mật khẩu"),
        kept=N_("%(failures)s giờ"),
        seen_by=N_("không ai"),
        erased=DELETED,
        columns={"sign_in_failures": "id account_hash address at"},
    ),
    Holding(
        what=N_("Lượt thi: mã, giờ bắt đầu và nộp, câu trả lời, số dự đoán, điểm"),
        why=N_("để chấm thi, xếp hạng và để ai cũng kiểm tra lại được kết quả"),
        kept=FOR_THE_RECORD,
        seen_by=N_(
            "người ấy, Ban Tổ chức, người giám sát; người ngoài thấy bài làm theo mã, không thấy tên, trừ mã của "
            "người đạt giải"
        ),
        erased=N_("giữ lại dưới mã"),
        columns={
            "attempts": (
                "code week_id person_id number questions started_at deadline_at accept_until seq answers saved_at "
                "handed_in_at ended_by division entry_id agency registered_at seen prediction returned_ms annulled_by "
                "score is_valid"
            ),
            "sealed_records": "attempt_code week_id batch seal record",
        },
    ),
    Holding(
        what=N_("Thứ hạng và tiêu chí quyết định thứ hạng; bản xem trước ai đạt giải khi xử lý câu hỏi sai"),
        why=N_("để xét giải"),
        kept=FOR_THE_RECORD,
        seen_by=N_("người ấy, Ban Tổ chức, người giám sát"),
        erased=N_("giữ lại dưới mã"),
        columns={
            "standings": (
                "week_id division place rank person_id attempt_code decided_by attempts full_marks prediction"
            ),
            "rulings": "preview",
        },
    ),
    Holding(
        what=N_("Thiết bị lúc bắt đầu và nộp bài: mã băm của một số ngẫu nhiên trong trình duyệt"),
        why=N_("để rà soát kết quả trước khi công bố; không ghi gì khác về thiết bị"),
        kept=N_("%(devices)s ngày sau khi tuần thi đóng"),
        seen_by=N_("Ban Tổ chức, người giám sát"),
        erased=DELETED,
        columns={"attempt_devices": "attempt_code device"},
    ),
    Holding(
        what=N_("Dấu hiệu bất thường của lượt thi; việc loại khỏi xét giải, kèm lý do và bằng chứng"),
        why=N_("để xét giải đúng người"),
        kept=FOR_THE_CONTEST,
        seen_by=N_("Ban Tổ chức, người giám sát"),
        erased=N_("xóa lý do và bằng chứng; việc bị loại giữ lại dưới mã"),
        columns={
            "signals": "week_id marked_at body",
            "strikes": "id week_id person_id whole_contest reason evidence struck_at undone_at undo_reason",
        },
    ),
    Holding(
        what=N_("Phản ánh, khiếu nại đã gửi"),
        why=N_("để trả lời; sổ công khai chỉ có nội dung viết lại, không có tên"),
        kept=FOR_THE_CONTEST,
        seen_by=ORGANISERS,
        erased=N_("xóa nội dung đã viết"),
        columns={
            "appeals": "id week_id person_id attempt_code about bank question_id text sent_at state withdrawn_at entry"
        },
    ),
    Holding(
        what=N_("Kết quả đã công bố: họ tên, cơ quan, giải, hạng của người đạt giải"),
        why=N_("để công khai kết quả thi; giải thưởng là tiền nhà nước"),
        kept=N_("lâu dài, không sửa, không xóa"),
        seen_by=N_("mọi người"),
        erased=N_("giữ nguyên; người yêu cầu xóa được báo trước điều này"),
        columns={"publications": "body", "publication_files": "content"},
    ),
    Holding(
        what=N_("Giấy chứng nhận tham gia: họ tên, cơ quan, các tuần đã dự thi"),
        why=N_("để người nhận giấy kiểm tra được"),
        kept=WITH_THE_ACCOUNT,
        seen_by=N_("người ấy, và ai có mã trên giấy"),
        erased=N_("xóa; mã trên giấy từ đó không kiểm tra được nữa"),
        columns={"certificates": "code contest_id person_id name agency weeks issued_at"},
    ),
    Holding(
        what=N_("Tài liệu đã yêu cầu lập"),
        why=N_("để người yêu cầu tải về"),
        kept=N_("tệp %(files)s ngày, việc yêu cầu %(documents)s ngày"),
        seen_by=N_("người ấy"),
        erased=DELETED,
        columns={
            "documents": (
                "id kind facts key asked_by asked_at state tries leased_until done total filename mimetype content "
                "digest finished_at"
            )
        },
    ),
    Holding(
        what=N_("Thư điện tử: gửi ai, lúc nào, về việc gì; ai từ chối nhận; địa chỉ không nhận được thư"),
        why=N_("để nhắc dự thi, báo kết quả và không gửi thư hai lần"),
        kept=N_("nội dung xóa khi gửi xong; còn lại %(letters)s ngày"),
        seen_by=N_("Ban Tổ chức, quản trị viên"),
        erased=DELETED,
        columns={
            "letters": (
                "id dedupe_key kind person_id address subject text html unsubscribe_url message_id written_at "
                "expires_at state tries next_try_at tried_at sent_at last_error"
            ),
            "refused_addresses": "address refusals last_error refused_at blocked_at",
            "unsubscribed": "person_id kind since",
        },
    ),
    Holding(
        what=N_("Tệp danh sách đã tải lên và bản so sánh với danh sách đang có"),
        why=N_("để cập nhật danh sách dự thi"),
        kept=N_("tệp xóa khi nạp xong; bản so sánh %(rosters)s ngày"),
        seen_by=N_("Ban Tổ chức, quản trị viên"),
        erased=N_("xóa các bản so sánh có mã của người ấy"),
        columns={"roster_imports": "id filename content uploaded_at state done total report finished_at"},
    ),
    Holding(
        what=N_("Hai mã được gộp vì là một người; người chịu tác động của một quyết định về sự cố"),
        why=N_("để mỗi người chỉ được tính một lần và không ai thiệt vì sự cố"),
        kept=FOR_THE_RECORD,
        seen_by=N_("Ban Tổ chức, quản trị viên"),
        erased=N_("xóa lý do; mã cũ cũng bị thay"),
        columns={"merges": "given_up_id kept_id weeks reason merged_at", "incidents": "people"},
    ),
    Holding(
        what=N_("Yêu cầu về dữ liệu cá nhân và việc xóa"),
        why=N_("để trả lời đúng hạn và chứng minh đã trả lời"),
        kept=N_("%(requests)s tháng sau khi trả lời; việc đã xóa ai, lúc nào thì lâu dài, không có tên"),
        seen_by=ORGANISERS,
        erased=N_("xóa nội dung đã viết"),
        columns={
            "data_requests": "id person_id kind text asked_at state acknowledged_at extended_for answer answered_at",
            "erasures": "person_id erased_at",
        },
    ),
    Holding(
        what=N_("Nhật ký: ai trong Ban Tổ chức làm gì, với ai, lúc nào, vì sao"),
        why=N_("để giám sát việc tổ chức hội thi"),
        kept=FOR_THE_RECORD,
        seen_by=N_("người giám sát, quản trị viên"),
        erased=N_("mã và tên của người ấy trong nhật ký được xóa; dấu nối của nhật ký không đứt"),
        columns={"audit_entries": "id at actor_id who act facts reason words"},
    ),
    Holding(
        what=N_("Ai đã ký, duyệt, soạn, tải lên, xác nhận khi làm nhiệm vụ tổ chức hội thi"),
        why=N_("để biết người chịu trách nhiệm"),
        kept=FOR_THE_RECORD,
        seen_by=N_("Ban Tổ chức, người giám sát"),
        erased=N_("giữ lại dưới mã; không xóa người đang giữ vai trò quyết định"),
        columns={
            "allowances": "proposed_by proposed_at approved_by approved_at withdrawn_at",
            "appeal_answers": "answered_by answered_at",
            "commitment_requests": "asked_by asked_at",
            "commitments": "made_by",
            "confirmations": "confirmed_by confirmed_at",
            "data_requests": "recorded_by acknowledged_by answered_by",
            "erasures": "erased_by",
            "exemptions": "entered_by ended_by",
            "key_openings": "proposed_by proposed_at approved_by approved_at withdrawn_at",
            "letter_fields": "facts",
            "lot_values": "proposed_by proposed_at approved_by approved_at withdrawn_at",
            "incidents": "proposed_by proposed_at approved_by approved_at withdrawn_at",
            "merges": "merged_by",
            "office_templates": "uploaded_by uploaded_at",
            "publications": "published_by published_at",
            "question_drafts": "author_id edited_at appraised_by appraised_at approved_by approved_at",
            "question_history": "person_id at act note",
            "question_imports": "uploaded_by uploaded_at",
            "reminders": "asked_by asked_at",
            "roster_imports": "uploaded_by",
            "roster_moves": "proposed_by proposed_at accepted_by accepted_at",
            "rulings": "proposed_by proposed_at approved_by approved_at withdrawn_at",
            "strikes": "struck_by undone_by",
        },
    ),
)


def figures(months: int = periods.CONTEST_MONTHS) -> dict[str, int]:
    """The figures of `kept`, for a contest that keeps what only it needed for so many months."""
    return {
        "months": months,
        "leavers": periods.LEAVERS.days * 12 // 365,
        "failures": int(periods.SIGN_IN_FAILURES.total_seconds()) // 3600,
        "devices": periods.DEVICES.days,
        "letters": periods.LETTERS.days,
        "files": periods.DOCUMENT_FILES.days,
        "documents": periods.DOCUMENTS.days,
        "rosters": periods.ROSTER_FILES.days,
        "requests": periods.REQUESTS.days * 12 // 365,
    }
