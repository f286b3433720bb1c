"""The audit log: each act is declared with its facts, and recorded in the transaction of the change itself."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum

from quiz.errors import N_, Refused
from quiz.models.audit import DbAuditEntry
from quiz.services import Actor, Transaction, audit_links
from quiz.vietnamese import clean

MOST_REASON = 1000


class Act(StrEnum):
    """Something that an organiser, coordinator or admin can do."""

    LOAD_CONTEST = "load_contest"
    LOAD_BANK = "load_bank"
    SEAL_KEYS = "seal_keys"
    OPEN_KEYS = "open_keys"
    ASK_COMMITMENT = "ask_commitment"
    MAKE_COMMITMENT = "make_commitment"
    PROPOSE_OPENING = "propose_opening"
    APPROVE_OPENING = "approve_opening"
    WITHDRAW_OPENING = "withdraw_opening"
    PROPOSE_LOT = "propose_lot"
    APPROVE_LOT = "approve_lot"
    WITHDRAW_LOT = "withdraw_lot"
    IMPORT_ROSTER = "import_roster"
    UPLOAD_ROSTER = "upload_roster"
    DROP_ROSTER = "drop_roster"
    SET_HEADCOUNT = "set_headcount"
    CONFIRM_HEADCOUNT = "confirm_headcount"
    ADD_PERSON = "add_person"
    CORRECT_PERSON = "correct_person"
    PROPOSE_MOVE = "propose_move"
    ACCEPT_MOVE = "accept_move"
    DROP_MOVE = "drop_move"
    RECORD_LEAVING = "record_leaving"
    EXEMPT_PERSON = "exempt_person"
    END_EXEMPTION = "end_exemption"
    GRANT_ROLE = "grant_role"
    MERGE_PEOPLE = "merge_people"
    OPEN_RECORDS = "open_records"
    ISSUE_ACTIVATION_CODES = "issue_activation_codes"
    ISSUE_ACTIVATION_CODE = "issue_activation_code"
    MARK_WEEK = "mark_week"
    STRIKE_RESULT = "strike_result"
    UNDO_STRIKE = "undo_strike"
    PUBLISH_RESULTS = "publish_results"
    CONFIRM_ROSTER = "confirm_roster"
    PROPOSE_ALLOWANCE = "propose_allowance"
    APPROVE_ALLOWANCE = "approve_allowance"
    WITHDRAW_ALLOWANCE = "withdraw_allowance"
    PROPOSE_INCIDENT = "propose_incident"
    CHANGE_INCIDENT = "change_incident"
    APPROVE_INCIDENT = "approve_incident"
    WITHDRAW_INCIDENT = "withdraw_incident"
    SET_PASSPHRASE = "set_passphrase"  # noqa: S105 (the name of an act)
    SEND_REMINDER = "send_reminder"
    SEND_LETTER_AGAIN = "send_letter_again"
    ALLOW_ADDRESS = "allow_address"
    ASK_AGENCY_REPORT = "ask_agency_report"
    ASK_PUBLICATION_TABLES = "ask_publication_tables"
    ASK_LETTERS = "ask_letters"
    CHANGE_TEMPLATE = "change_template"
    RESTORE_TEMPLATE = "restore_template"
    PROPOSE_RULING = "propose_ruling"
    APPROVE_RULING = "approve_ruling"
    WITHDRAW_RULING = "withdraw_ruling"
    STOP_WORK = "stop_work"
    BEGIN_WORK = "begin_work"
    ASK_ITEM_ANALYSIS = "ask_item_analysis"
    ANSWER_APPEAL = "answer_appeal"
    CORRECT_ANSWER = "correct_answer"
    EDIT_QUESTION = "edit_question"
    APPRAISE_QUESTION = "appraise_question"
    APPROVE_QUESTION = "approve_question"
    SEND_BACK_QUESTION = "send_back_question"
    DROP_QUESTION = "drop_question"
    APPLY_QUESTIONS = "apply_questions"
    UPLOAD_QUESTIONS = "upload_questions"
    CHOOSE_QUESTIONS = "choose_questions"
    TAKE_QUESTIONS = "take_questions"
    DROP_QUESTIONS = "drop_questions"
    EXPORT_QUESTIONS = "export_questions"
    RECORD_DATA_REQUEST = "record_data_request"
    ACKNOWLEDGE_DATA_REQUEST = "acknowledge_data_request"
    EXTEND_DATA_REQUEST = "extend_data_request"
    ANSWER_DATA_REQUEST = "answer_data_request"
    ERASE_PERSON = "erase_person"
    DELETE_EXPIRED = "delete_expired"
    ERASE_FACTS = "erase_facts"
    RESTORE_BACKUP = "restore_backup"
    FIND_LOSS = "find_loss"
    ACCEPT_LOSS = "accept_loss"
    FIND_RESTART = "find_restart"
    FIND_CLOCK_SET = "find_clock_set"


_ALLOWANCE = frozenset({"person", "minutes", "decision"})
_MOVE = frozenset({"person", "agency", "receiver", "first_day"})
_QUESTION = frozenset({"question", "bank", "state"})
_ANSWER = frozenset({"entry", "week", "question", "outcome"})
_INCIDENT = frozenset({"week", "kind", "began", "ended", "closes", "agencies", "decision"})
_RULING = frozenset({"week", "bank", "question", "kind", "letters", "decision"})
_LOT = frozenset({"week", "value", "decision"})
_WORK = frozenset({"week", "work"})
_STRIKE = frozenset({"week", "person", "scope"})
_REQUEST = frozenset({"person", "request"})
_LOSS = frozenset({"chain", "reached", "head", "stands"})
_MACHINE = frozenset({"seconds", "attempts"})

WORDS: dict[Act, tuple[str, frozenset[str]]] = {
    Act.LOAD_CONTEST: (N_("Nạp thể lệ hội thi"), frozenset({"contest", "digest"})),
    Act.LOAD_BANK: (N_("Nạp bộ câu hỏi"), frozenset({"contest", "bank", "digest", "questions"})),
    Act.SEAL_KEYS: (N_("Niêm phong đáp án"), frozenset({"week", "digest", "questions"})),
    Act.OPEN_KEYS: (N_("Mở đáp án đã niêm phong"), frozenset({"week", "digest"})),
    Act.ASK_COMMITMENT: (N_("Yêu cầu lập bản cam kết"), frozenset({"week"})),
    Act.MAKE_COMMITMENT: (N_("Lập bản cam kết"), frozenset({"week", "number", "digest"})),
    Act.PROPOSE_OPENING: (N_("Đề xuất mở đáp án"), frozenset({"week", "decision"})),
    Act.APPROVE_OPENING: (N_("Duyệt mở đáp án"), frozenset({"week", "decision"})),
    Act.WITHDRAW_OPENING: (N_("Rút đề xuất mở đáp án"), frozenset({"week", "decision"})),
    Act.PROPOSE_LOT: (N_("Nhập giá trị bốc thăm"), _LOT),
    Act.APPROVE_LOT: (N_("Duyệt giá trị bốc thăm"), _LOT),
    Act.WITHDRAW_LOT: (N_("Rút giá trị bốc thăm"), _LOT),
    Act.IMPORT_ROSTER: (N_("Cập nhật danh sách dự thi"), frozenset({"file", "added", "changed", "leaving"})),
    Act.UPLOAD_ROSTER: (N_("Tải tệp danh sách lên để kiểm tra"), frozenset({"file", "bytes", "digest"})),
    Act.DROP_ROSTER: (N_("Bỏ tệp danh sách đã tải lên"), frozenset({"file"})),
    Act.SET_HEADCOUNT: (N_("Sửa tổng số CBCCVC"), frozenset({"agency", "before", "after"})),
    Act.CONFIRM_HEADCOUNT: (N_("Xác nhận tổng số CBCCVC"), frozenset({"agency", "week", "total", "exempt"})),
    Act.ADD_PERSON: (N_("Thêm người vào danh sách"), frozenset({"person", "agency"})),
    Act.CORRECT_PERSON: (N_("Sửa thông tin một người"), frozenset({"person", "changed"})),
    Act.PROPOSE_MOVE: (N_("Đề nghị điều chuyển"), _MOVE),
    Act.ACCEPT_MOVE: (N_("Nhận người điều chuyển"), _MOVE),
    Act.DROP_MOVE: (N_("Bỏ đề nghị điều chuyển hoặc thôi việc"), _MOVE),
    Act.RECORD_LEAVING: (N_("Ghi thôi việc"), frozenset({"person", "agency", "first_day"})),
    Act.EXEMPT_PERSON: (N_("Miễn dự thi"), frozenset({"person", "first_day", "last_day"})),
    Act.END_EXEMPTION: (N_("Thôi miễn dự thi"), frozenset({"person"})),
    Act.OPEN_RECORDS: (N_("Mở niêm phong bản ghi của một tuần thi"), frozenset({"week"})),
    Act.MERGE_PEOPLE: (N_("Gộp hai mã của một người"), frozenset({"person", "given_up", "week"})),
    Act.GRANT_ROLE: (N_("Trao vai trò"), frozenset({"person", "role"})),
    Act.ISSUE_ACTIVATION_CODES: (N_("In phiếu kích hoạt tài khoản"), frozenset({"agency", "people"})),
    Act.ISSUE_ACTIVATION_CODE: (N_("Cấp mã kích hoạt mới cho một người"), frozenset({"agency", "person"})),
    Act.STRIKE_RESULT: (N_("Loại kết quả khỏi xét giải"), _STRIKE),
    Act.UNDO_STRIKE: (N_("Bỏ việc loại kết quả"), _STRIKE),
    Act.MARK_WEEK: (N_("Chấm và xếp hạng"), frozenset({"week", "attempts", "people"})),
    Act.PUBLISH_RESULTS: (N_("Công bố kết quả"), frozenset({"week", "number", "digest"})),
    Act.CONFIRM_ROSTER: (N_("Xác nhận nạp danh sách"), frozenset({"file", "added", "changed", "leaving"})),
    Act.PROPOSE_ALLOWANCE: (N_("Đề xuất cộng thêm giờ"), _ALLOWANCE),
    Act.APPROVE_ALLOWANCE: (N_("Duyệt cộng thêm giờ"), _ALLOWANCE),
    Act.WITHDRAW_ALLOWANCE: (N_("Rút đề xuất cộng thêm giờ"), _ALLOWANCE),
    Act.PROPOSE_INCIDENT: (N_("Đề xuất xử lý sự cố"), _INCIDENT),
    Act.CHANGE_INCIDENT: (N_("Sửa đề xuất xử lý sự cố"), _INCIDENT),
    Act.APPROVE_INCIDENT: (N_("Duyệt xử lý sự cố"), _INCIDENT | {"attempts", "people"}),
    Act.WITHDRAW_INCIDENT: (N_("Rút đề xuất xử lý sự cố"), _INCIDENT),
    Act.SET_PASSPHRASE: (N_("Đặt mã tham gia"), frozenset({"contest"})),
    Act.SEND_REMINDER: (N_("Gửi thư nhắc người chưa dự thi"), frozenset({"agency", "week", "people"})),
    Act.SEND_LETTER_AGAIN: (N_("Cho gửi lại một lá thư"), frozenset({"person", "letter"})),
    Act.ALLOW_ADDRESS: (N_("Cho gửi thư lại tới một địa chỉ"), frozenset({"address"})),
    Act.ASK_ITEM_ANALYSIS: (N_("Lập bảng phân tích câu hỏi"), frozenset({"week"})),
    Act.ASK_AGENCY_REPORT: (N_("Lập báo cáo tham gia của cơ quan"), frozenset({"agency", "form"})),
    Act.ASK_PUBLICATION_TABLES: (N_("Lập bảng số liệu của một lần công bố"), frozenset({"week", "number"})),
    Act.ASK_LETTERS: (N_("Lập văn bản của Ban Tổ chức"), frozenset({"week", "number", "documents"})),
    Act.CHANGE_TEMPLATE: (N_("Thay mẫu văn bản"), frozenset({"template", "digest"})),
    Act.RESTORE_TEMPLATE: (N_("Trở lại mẫu văn bản gốc"), frozenset({"template"})),
    Act.PROPOSE_RULING: (N_("Đề xuất xử lý câu hỏi có sai sót"), _RULING),
    Act.APPROVE_RULING: (N_("Duyệt xử lý câu hỏi có sai sót"), _RULING),
    Act.WITHDRAW_RULING: (N_("Rút đề xuất xử lý câu hỏi có sai sót"), _RULING),
    Act.STOP_WORK: (N_("Dừng việc hệ thống đang làm"), _WORK),
    Act.BEGIN_WORK: (N_("Cho hệ thống làm lại việc đã dừng"), _WORK),
    Act.EDIT_QUESTION: (N_("Soạn, sửa câu hỏi"), _QUESTION),
    Act.APPRAISE_QUESTION: (N_("Thẩm định câu hỏi"), _QUESTION),
    Act.APPROVE_QUESTION: (N_("Phê duyệt câu hỏi"), _QUESTION),
    Act.SEND_BACK_QUESTION: (N_("Trả lại câu hỏi"), _QUESTION),
    Act.DROP_QUESTION: (N_("Bỏ bản nháp câu hỏi"), _QUESTION),
    Act.ANSWER_APPEAL: (N_("Trả lời phản ánh"), _ANSWER | {"people"}),
    Act.CORRECT_ANSWER: (N_("Sửa câu trả lời phản ánh"), _ANSWER),
    Act.APPLY_QUESTIONS: (N_("Đưa câu hỏi vào bộ"), frozenset({"bank", "digest", "questions"})),
    Act.UPLOAD_QUESTIONS: (N_("Tải tệp câu hỏi lên để xem trước"), frozenset({"bank", "file", "bytes"})),
    Act.CHOOSE_QUESTIONS: (N_("Chọn câu hỏi trong tệp đã tải lên"), frozenset({"bank", "file"})),
    Act.TAKE_QUESTIONS: (N_("Nhận câu hỏi từ tệp làm bản nháp"), frozenset({"bank", "file", "questions"})),
    Act.DROP_QUESTIONS: (N_("Bỏ tệp câu hỏi đã tải lên"), frozenset({"bank", "file"})),
    Act.EXPORT_QUESTIONS: (N_("Xuất câu hỏi ra tệp"), frozenset({"bank", "form", "questions"})),
    Act.RECORD_DATA_REQUEST: (N_("Ghi yêu cầu về dữ liệu cá nhân nhận bằng văn bản"), _REQUEST),
    Act.ACKNOWLEDGE_DATA_REQUEST: (N_("Tiếp nhận yêu cầu về dữ liệu cá nhân"), _REQUEST),
    Act.EXTEND_DATA_REQUEST: (N_("Gia hạn trả lời yêu cầu về dữ liệu cá nhân"), _REQUEST),
    Act.ANSWER_DATA_REQUEST: (N_("Trả lời yêu cầu về dữ liệu cá nhân"), _REQUEST | {"outcome"}),
    Act.ERASE_PERSON: (N_("Xóa dữ liệu cá nhân của một người"), _REQUEST),
    Act.DELETE_EXPIRED: (N_("Xóa dữ liệu hết hạn lưu"), frozenset({"deleted", "people"})),
    Act.ERASE_FACTS: (N_("Xóa dữ liệu cá nhân trong nhật ký"), frozenset({"entries"})),
    Act.RESTORE_BACKUP: (N_("Phục hồi cơ sở dữ liệu từ bản sao lưu"), frozenset({"made", "digest"})),
    Act.FIND_LOSS: (N_("Phát hiện cơ sở dữ liệu cũ hơn những gì đã công bố"), _LOSS),
    Act.ACCEPT_LOSS: (N_("Chấp nhận phần dữ liệu bị mất"), _LOSS | {"decision"}),
    Act.FIND_RESTART: (N_("Phát hiện máy chủ khởi động lại"), _MACHINE),
    Act.FIND_CLOCK_SET: (N_("Phát hiện đồng hồ máy chủ bị chỉnh"), _MACHINE),
}


FACT_WORDS = {
    "added": N_("thêm"),
    "address": N_("địa chỉ thư"),
    "after": N_("mới"),
    "agencies": N_("phạm vi"),
    "agency": N_("cơ quan"),
    "attempts": N_("lượt thi"),
    "bank": N_("bộ câu hỏi"),
    "before": N_("cũ"),
    "began": N_("bắt đầu"),
    "bytes": N_("số byte"),
    "chain": N_("chuỗi"),
    "changed": N_("thay đổi"),
    "closes": N_("giờ đóng mới"),
    "contest": N_("hội thi"),
    "decision": N_("số quyết định"),
    "deleted": N_("số mục"),
    "digest": N_("mã SHA-256"),
    "documents": N_("văn bản"),
    "ended": N_("kết thúc"),
    "entries": N_("các mục"),
    "entry": N_("số trong sổ"),
    "exempt": N_("miễn"),
    "file": N_("tệp"),
    "form": N_("loại tệp"),
    "first_day": N_("từ ngày"),
    "given_up": N_("mã bỏ"),
    "head": N_("mã đầu chuỗi"),
    "kind": N_("cách xử lý"),
    "last_day": N_("đến hết ngày"),
    "leaving": N_("rời danh sách"),
    "letter": N_("thư"),
    "letters": N_("đáp án"),
    "made": N_("lập lúc"),
    "minutes": N_("số phút"),
    "number": N_("lần"),
    "outcome": N_("kết luận"),
    "people": N_("người"),
    "person": N_("cán bộ"),
    "question": N_("câu"),
    "questions": N_("câu hỏi"),
    "reached": N_("đã đến số"),
    "receiver": N_("cơ quan nhận"),
    "request": N_("yêu cầu số"),
    "role": N_("vai trò"),
    "template": N_("mẫu văn bản"),
    "scope": N_("áp dụng cho"),
    "seconds": N_("số giây"),
    "stands": N_("còn đến số"),
    "state": N_("trạng thái"),
    "total": N_("tổng số"),
    "value": N_("giá trị"),
    "week": N_("tuần"),
    "work": N_("việc"),
}
"""The names of facts as an inspector reads them."""


def record(session: Transaction, act: Act, actor: Actor, now: datetime, *, reason: str = "", **facts: object) -> None:
    """Write one act down, with the commit; ValueError where the facts are not exactly those that the act declares."""
    if set(facts) != WORDS[act][1]:
        raise ValueError(f"{act} declares the facts {sorted(WORDS[act][1])}, not {sorted(facts)}")
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    entry = DbAuditEntry(at=now, actor_id=actor.id, who=actor.console, act=act, facts=text, reason=reason)
    audit_links.wait(session, entry)
    session.info["traced"] = True


def checked_reason(reason: str, most: int = MOST_REASON) -> str:
    """Why somebody acts, in at most so many characters; raises Refused: reason_missing, reason_long."""
    words = clean(reason)
    if not words:
        raise Refused("reason_missing")
    if len(words) > most:
        raise Refused("reason_long", maximum=most)
    return words
