"""The words of refusals about wrong questions, the workbench and personal data; the others are in `quiz.errors`."""

from __future__ import annotations


def N_(words: str) -> str:  # noqa: N802 (the name that gettext's tools look for)
    """The words as they are, marked for the catalogue in which the pages look them up."""
    return words


QUESTIONS_AND_PERSONAL_DATA = {
    "ruling_practice": N_("{week} không tính kết quả nên không có câu hỏi nào phải xử lý."),
    "ruling_question_missing": N_("Không đề thi nào của {week} có câu hỏi này."),
    "ruling_letters_needless": N_("Hủy câu hỏi hoặc giữ đáp án của bộ câu hỏi thì để trống ô đáp án."),
    "ruling_letters_wrong": N_("Đáp án chỉ gồm các chữ cái {letters}; nhiều đáp án thì cách nhau bằng dấu /."),
    "ruling_one_letter": N_(
        "Người dự thi chỉ chọn được một phương án ở câu này nên mỗi đáp án chỉ gồm một chữ cái. "
        "Nếu nhiều phương án đều đúng, hãy chấp nhận nhiều đáp án, ví dụ A/C."
    ),
    "ruling_one_answer": N_("Đổi đáp án thì ghi đúng một đáp án mới."),
    "ruling_several_answers": N_("Chấp nhận nhiều đáp án thì ghi ít nhất hai đáp án khác nhau, ví dụ A/C."),
    "ruling_same_key": N_("Đây đúng là đáp án của bộ câu hỏi. Hãy ghi đáp án khác."),
    "ruling_already": N_("Câu hỏi này đang được chấm đúng như vậy; không có gì thay đổi."),
    "bank_not_loaded": N_("Chưa nạp bộ câu hỏi {name} nên chưa soạn câu hỏi được."),
    "question_missing": N_("Không có câu hỏi này trong bộ câu hỏi."),
    "draft_missing": N_("Không có bản nháp này."),
    "question_changed": N_("Câu hỏi đã được người khác sửa hoặc xử lý sau khi ông/bà mở. Hãy xem lại."),
    "question_unchanged": N_("Nội dung giống hệt câu đang có trong bộ câu hỏi nên không có gì để lưu."),
    "question_removal": N_("Câu này đang được đề nghị bỏ. Muốn sửa thì bỏ đề nghị đó trước."),
    "question_has_draft": N_("Câu này đang có bản nháp. Hãy xử lý xong hoặc bỏ bản nháp trước."),
    "question_incomplete": N_("Bản nháp còn {count} chỗ phải sửa trước khi thẩm định."),
    "question_base_changed": N_(
        "Câu {question} trong bộ câu hỏi đã khác so với lúc soạn bản nháp. Hãy xem lại và lưu lại bản nháp."
    ),
    "question_other_step": N_("Bản nháp không còn ở bước này (có thể đã được người khác xử lý). Hãy tải lại trang."),
    "question_own_appraisal": N_("Người soạn không tự thẩm định. Cần một người khác thẩm định."),
    "question_own_approval": N_("Người soạn và người thẩm định không được phê duyệt. Cần một người thứ ba."),
    "question_own_return": N_("Người soạn không tự trả lại; hãy sửa hoặc bỏ bản nháp."),
    "nothing_to_apply": N_("Không có bản nháp nào đã phê duyệt để đưa vào bộ câu hỏi."),
    "question_import_missing": N_("Không có lần nhập câu hỏi này."),
    "question_import_moved_on": N_(
        "Lần nhập này không còn ở bước đó (có thể đã được người khác xử lý). Hãy tải lại trang."
    ),
    "question_file_too_large": N_("Tệp lớn hơn {most} MB. Hãy bỏ hình ảnh hoặc chia nhỏ tệp."),
    "question_file_empty": N_("Tệp trống. Hãy chọn lại tệp."),
    "no_question_chosen": N_("Chưa chọn câu hỏi nào."),
    "no_topic_chosen": N_("Cần chọn ít nhất một chủ đề."),
    "request_missing": N_("Không có yêu cầu này."),
    "request_moved_on": N_("Yêu cầu này đã được trả lời hoặc đã rút. Hãy tải lại trang."),
    "request_waiting": N_("Ông/bà đang có một yêu cầu cùng loại chờ trả lời."),
    "request_own": N_("Không ai tự trả lời yêu cầu của chính mình. Cần một người khác."),
    "request_not_extendable": N_("Chỉ yêu cầu xóa dữ liệu được gia hạn, và chỉ một lần."),
    "erasure_needs_two": N_("Người ghi yêu cầu nhận bằng văn bản không tự xóa dữ liệu. Cần một người khác."),
    "erasure_changed": N_("Dữ liệu của người này đã thay đổi sau khi ông/bà xem. Hãy xem lại trước khi xóa."),
    "erasure_done": N_("Dữ liệu của người này đã được xóa."),
    "erasure_holds_role": N_("Người này giữ vai trò quyết định về hội thi, nên chưa xóa được: chữ ký phải còn người."),
    "erasure_week_open": N_("{week} đang mở, nên chưa xóa được người còn trong danh sách dự thi."),
    "erasure_week_unpublished": N_("Người này đã dự thi {week}, kết quả chưa công bố, nên chưa xóa được."),
    "erasure_appeal_open": N_("Người này có phản ánh, khiếu nại chưa được trả lời, nên chưa xóa được."),
    "erasure_prize_unpaid": N_("Người này đạt giải. Hãy xác nhận giải đã trao xong rồi mới xóa."),
    "bank_not_written": N_("Chưa ghi được câu {question} vào tệp của bộ câu hỏi. Chưa có gì thay đổi."),
    "rehearsal_foreign": N_(
        "Chỉ diễn tập với máy chủ trên chính máy này (127.0.0.1, localhost) hoặc ở địa chỉ QUIZ_BASE_URL, "
        "không phải {url}."
    ),
    "rehearsal_not_scratch": N_(
        "Cơ sở dữ liệu này đang có dữ liệu nên không diễn tập trên đó. Bỏ --url để phần mềm tự tạo cơ sở dữ liệu tạm, "
        "hoặc dùng một cơ sở dữ liệu mới, còn trống."
    ),
    "rehearsal_other_server": N_(
        "Máy chủ ở địa chỉ này không dùng cơ sở dữ liệu diễn tập nên chưa gửi gì. Hãy chạy máy chủ web với đúng "
        "QUIZ_DATABASE_URL của lần diễn tập."
    ),
    "rehearsal_no_server": N_("Máy chủ web không trả lời nên chưa diễn tập được: {said}."),
    "rehearsal_no_database": N_(
        "Tài khoản {user} không được tạo cơ sở dữ liệu tạm trên PostgreSQL. Cho phép trong lúc diễn tập: "
        "ALTER ROLE {user} CREATEDB; xong thì ALTER ROLE {user} NOCREATEDB."
    ),
}
