"""The empty workbook that offices fill in: two sheets with the titles that the reader knows, examples and notes."""

from __future__ import annotations

import io

from quiz.services.roster_cells import Column
from quiz.services.roster_compare import ALLOWED, IN_NO_GROUP
from quiz.services.roster_file import EXAMPLE

PEOPLE: tuple[tuple[Column, int, str], ...] = (
    (Column.STAFF_CODE, 16, f"{EXAMPLE} 1"),
    (Column.NAME, 30, "Nguyễn Thị Hương"),
    (Column.EMAIL, 32, "huongnt@haiphong.gov.vn"),
    (Column.POSITION, 24, "Chuyên viên"),
    (Column.AGENCY_CODE, 16, "H24.01"),
    (Column.AGENCY, 34, "Sở Nội vụ"),
    (Column.BARRED, 26, ""),
    (Column.DIVISION, 22, ""),
    (Column.GROUPS, 34, ""),
)
AGENCIES: tuple[tuple[Column, int, str], ...] = (
    (Column.AGENCY_CODE, 16, f"{EXAMPLE} 1"),
    (Column.AGENCY_NAME, 40, "Chi cục Thuế khu vực 1"),
    (Column.KIND, 16, "Trung ương"),
    (Column.PARENT, 24, "H24.01"),
    (Column.HEADCOUNT, 20, "45"),
)
NOTES = (
    "1. Điền vào hai trang “Người dự thi” và “Cơ quan”; có thể chỉ dùng một trang. Không đổi tên các cột.",
    f"2. Các dòng có mã bắt đầu bằng “{EXAMPLE}” là dòng ví dụ; hệ thống bỏ qua, có thể xóa đi.",
    "3. Bắt buộc: “Mã cán bộ”, “Họ và tên”, “Mã cơ quan” với người; “Mã cơ quan”, “Tên cơ quan” với cơ quan.",
    "4. Các cột đã đặt kiểu Văn bản (Text) để Excel giữ số 0 ở đầu mã và không đổi mã thành số hoặc ngày.",
    "5. Người của cơ quan có trong tệp mà không được ghi tên sẽ rời danh sách dự thi. "
    "Cơ quan không có trong tệp thì giữ nguyên.",
    "6. “Thư điện tử” và “Chức vụ” để trống nghĩa là không có. Bỏ hẳn cột thì hệ thống giữ nội dung đang có.",
    f"7. “Không được dự thi”: ghi tên diện theo thể lệ (ví dụ Ban Giám khảo); để trống là không thay đổi; "
    f"ghi “{ALLOWED}” để bỏ khỏi diện này.",
    f"8. “Bảng thi”, “Nhóm bắt buộc”: ghi tên hoặc mã theo thể lệ, nhiều nhóm cách nhau bằng dấu chấm phẩy; để trống "
    f"là không thay đổi; ghi “{IN_NO_GROUP}” ở “Nhóm bắt buộc” để bỏ khỏi mọi nhóm. Người mới chưa ghi bảng thì thuộc "
    "bảng đầu tiên.",
    "9. “Khối”: Tỉnh (Thành phố) hoặc Trung ương. “Tổng số CBCCVC”: số người theo biên chế; để trống thì đếm theo danh "
    "sách.",
    "10. Sau khi tải lên, hệ thống cho xem trước ai được thêm, ai thay đổi, ai rời và từng dòng lỗi; chưa thay đổi gì "
    "cho tới khi bấm xác nhận.",
)


def template() -> bytes:
    """The workbook as .xlsx; every cell of a column is text, so that Excel changes no code."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        text = book.add_format({"num_format": "@"})
        title = book.add_format({"bold": True, "bg_color": "#F3E3C3", "border": 1, "text_wrap": True, "valign": "top"})
        example = book.add_format({"num_format": "@", "italic": True, "font_color": "#777777"})
        for name, columns in (("Người dự thi", PEOPLE), ("Cơ quan", AGENCIES)):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for place, (column, width, sample) in enumerate(columns):
                sheet.set_column(place, place, width, text)
                sheet.write_string(0, place, column, title)
                sheet.write_string(1, place, sample, example)
        notes = book.add_worksheet("Hướng dẫn")
        notes.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
        for row, words in enumerate(NOTES):
            notes.write_string(row, 0, words)
    return out.getvalue()
