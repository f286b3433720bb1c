"""Every sentence of an import: where something stands, why it was not taken, what a question had to leave behind."""

from __future__ import annotations

from quiz.errors import N_

PLACES = {
    "line": N_("dòng {line}"),
    "lines": N_("dòng {line} (câu “{name}”)"),
    "row": N_("trang “{sheet}”, dòng {line}"),
    "item": N_("mục “{name}”"),
    "paragraph": N_("đoạn {line}"),
    "numbered": N_("câu {number} (đoạn {line})"),
    "table_row": N_("bảng thứ {table}, hàng {line}"),
    "whole_file": N_("cả tệp"),
}

FILES = {
    "empty": N_("Tệp trống. Hãy chọn lại tệp."),
    "too_large": N_("Tệp lớn hơn {most} MB. Hãy bỏ hình ảnh hoặc chia nhỏ tệp."),
    "too_many": N_("Tệp có hơn {most} câu hỏi. Hãy chia nhỏ tệp."),
    "too_many_lines": N_("Tệp có hơn {most} dòng. Hãy chia nhỏ tệp."),
    "no_questions": N_("Không tìm thấy câu hỏi nào trong tệp."),
    "unknown": N_(
        "Không nhận ra định dạng của tệp. Các định dạng nhận được: GIFT, Aiken, Moodle XML, gói QTI 2.1, 2.2 và 3.0, "
        "Excel (.xlsx), CSV, Word (.docx)."
    ),
    "foreign": N_("Không nhận tệp {kind}. Hãy lưu lại thành {wanted}."),
    "wrong_extension": N_("Tên tệp có đuôi “{extension}” nhưng nội dung là {kind}. Hãy đổi đúng đuôi tệp rồi nạp lại."),
    "password": N_("Tệp đặt mật khẩu nên không đọc được. Hãy bỏ mật khẩu rồi lưu lại."),
    "macros": N_("Tệp có macro nên không được nhận. Hãy lưu lại thành tệp không có macro (.xlsx hoặc .docx)."),
    "not_utf8": N_(
        "Tệp không lưu bằng bảng mã UTF-8 (có thể là Windows-1252, Windows-1258 hoặc TCVN3). Hãy mở bằng Notepad, chọn "
        "“Lưu thành” với bảng mã UTF-8, hoặc chọn “CSV UTF-8” trong Excel, rồi nạp lại."
    ),
    "encoding": N_("Tệp tự khai bảng mã “{name}”. Hãy lưu lại bằng bảng mã UTF-8."),
    "nul": N_("Tệp có ký tự NUL nên không phải văn bản, hoặc là UTF-16 thiếu dấu đầu tệp. Hãy lưu lại bằng UTF-8."),
    "doctype": N_("Tệp XML có khai báo DOCTYPE hoặc thực thể (entity) nên không được nhận. Hãy bỏ phần khai báo đó."),
    "xml_broken": N_("Tệp XML hỏng ở dòng {line}{member}. Hãy xuất lại tệp từ phần mềm đã tạo ra nó."),
    "xml_complex": N_("Tệp XML có quá nhiều thành phần{member}. Hãy chia nhỏ tệp."),
    "no_table": N_(
        "Không trang nào có dòng tiêu đề trong 10 dòng đầu. Cần các cột “Câu hỏi”, “A”, “B”, “C”, “D”, “Đáp án”."
    ),
    "package_part": N_("Đây chỉ là một phần của gói QTI. Hãy nạp cả gói (.zip), hoặc từng câu hỏi (assessmentItem)."),
    "csv_broken": N_("Từ sau dòng {line} có dấu ngoặc kép không khép đúng. Hãy lưu lại tệp thành .xlsx."),
    "zip_broken": N_("Tệp nén hỏng hoặc được đóng gói khác thường. Hãy tạo hoặc lưu lại tệp."),
    "zip_bomb": N_("Tệp phình quá lớn khi mở ra nên không được nhận. Hãy chia nhỏ tệp."),
    "zip_members": N_("Tệp nén có {count} thành phần, tối đa {most}. Hãy chia nhỏ tệp."),
    "too_heavy": N_("Đọc tệp này mất quá nhiều bộ nhớ hoặc thời gian nên đã dừng. Hãy bỏ hình ảnh hoặc chia nhỏ tệp."),
    "unreadable": N_(
        "Phần mềm gặp lỗi khi đọc tệp này. Hãy lưu lại tệp ở định dạng khác (.xlsx, GIFT, Moodle XML) rồi nạp lại, "
        "và báo người quản trị."
    ),
    "zip_nested": N_("Trong tệp có tệp nén khác (“{name}”) nên không được nhận. Hãy giải nén và chỉ giữ phần cần nạp."),
}

QUESTIONS = {
    "true_false": N_("là câu đúng/sai; bộ câu hỏi chỉ nhận câu bốn phương án"),
    "short_answer": N_("là câu trả lời ngắn; bộ câu hỏi chỉ nhận câu bốn phương án"),
    "numerical": N_("là câu trả lời bằng số; bộ câu hỏi chỉ nhận câu bốn phương án"),
    "matching": N_("là câu ghép đôi; bộ câu hỏi chỉ nhận câu bốn phương án"),
    "essay": N_("là câu tự luận; bộ câu hỏi chỉ nhận câu bốn phương án"),
    "description": N_("là đoạn giới thiệu, không có phương án trả lời"),
    "other_type": N_("là loại câu hỏi “{type}”; bộ câu hỏi chỉ nhận câu bốn phương án"),
    "options": N_("có {count} phương án; bộ câu hỏi chỉ nhận câu có đúng bốn phương án"),
    "no_text": N_("không có nội dung câu hỏi"),
    "empty_option": N_("phương án {letter} để trống"),
    "equal_options": N_("phương án {first} và {second} giống nhau"),
    "no_key": N_("không có đáp án đúng"),
    "all_right": N_("cả bốn phương án đều là đáp án đúng"),
    "weights": N_("điểm của các phương án đúng cộng lại là {total}%, phải là 100%"),
    "several_interactions": N_("có {count} phần trả lời; bộ câu hỏi chỉ nhận câu có một phần trả lời"),
    "computed": N_("có nội dung được tính khi làm bài (biến, mẫu hoặc câu thích ứng)"),
    "elsewhere": N_("dựa vào một đoạn tư liệu nằm ở tệp khác"),
    "qti_old": N_("là QTI 1.2; hãy xuất lại bằng QTI 2.1, 2.2 hoặc 3.0, hoặc Moodle XML"),
    "missing_file": N_("có tên trong imsmanifest.xml nhưng không có tệp trong gói"),
    "media": N_("có hình ảnh, âm thanh, video hoặc tệp kèm theo"),
    "formula": N_("có công thức toán học không chuyển thành chữ được"),
    "too_long": N_("có đoạn dài {length} ký tự, tối đa {most}"),
    "spoilt": N_("{complaint}"),
    "braces": N_(
        "dấu ngoặc nhọn không khép đúng; phần trả lời nằm trong {{ }}, dấu ngoặc trong nội dung viết là \\{{ \\}}"
    ),
    "several_answers": N_("có hơn một phần trả lời trong dấu ngoặc nhọn; giữa hai câu phải có một dòng trống"),
    "answer_sign": N_("phần trả lời phải bắt đầu bằng dấu = hoặc ~, không phải “{text}”"),
    "no_question": N_("phương án hoặc đáp án này không thuộc câu hỏi nào"),
    "no_answer_line": N_("thiếu dòng “ANSWER:” nên không biết đáp án"),
    "option_order": N_("phương án {letter} không theo thứ tự A, B, C, D"),
    "key_unknown": N_("đáp án “{key}” không phải phương án nào của câu"),
    "cell_date": N_("có ô mà Excel đã đổi thành ngày hoặc giờ; hãy đặt ô là Văn bản (Text) rồi gõ lại"),
    "cell_error": N_("có ô báo lỗi {text} của Excel"),
    "far_cells": N_("có ô từ cột thứ {most} trở đi nên không đọc các ô đó"),
    "lone_cell": N_("chỉ có một ô chữ (“{text}”) nên không phải câu hỏi"),
    "unread_columns": N_("không đọc các cột: {columns}"),
    "no_header": N_("không có dòng tiêu đề với các cột “Câu hỏi”, “A”, “B”, “C”, “D”, “Đáp án” nên không đọc"),
    "stray_text": N_("“{text}” không thuộc câu hỏi nào"),
    "keys_differ": N_("đáp án ghi ở câu (“{first}”) khác đáp án ở bảng đáp án ({second})"),
    "marks_differ": N_("chữ đậm, gạch chân, màu và tô nền chỉ các phương án khác nhau nên không rõ đáp án"),
    "unused_keys": N_("bảng đáp án có số của những câu không tìm thấy: {numbers}"),
    "wrong_day": N_("“{text}” không phải ngày; hãy ghi ngày/tháng/năm"),
}

LEFT_OUT = {
    "common_feedback": N_("không nhận lời nhận xét chung cho câu trả lời đúng, đúng một phần hoặc sai"),
    "rubric": N_("không nhận phần hướng dẫn kèm theo (rubricBlock)"),
    "penalties": N_("không nhận điểm trừ của phương án sai"),
    "hints": N_("không nhận gợi ý"),
    "hidden": N_("câu này đang ẩn trong phần mềm đã xuất tệp"),
    "tags": N_("không nhận thẻ: {tags}"),
    "level_unknown": N_("không hiểu mức độ “{level}”"),
}

WORDS: dict[str, str] = {**PLACES, **FILES, **QUESTIONS, **LEFT_OUT}
