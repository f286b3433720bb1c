"""The files of a bundle in one ZIP, the same bytes whenever it is packed, and what tells a reader how to begin."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

FIRST_DAY = (1980, 1, 1, 0, 0, 0)

README = """KẾT QUẢ {WEEK} CỦA HỘI THI, ĐỂ AI CŨNG TÍNH LẠI ĐƯỢC
{title}

Gói này có đủ những gì cần để tính lại thứ hạng và giải thưởng của tuần thi: thể lệ, câu hỏi và đáp án, bài làm của mọi
người (không tên, không cơ quan, không giờ bắt đầu), chuỗi niêm phong, các quyết định và kết quả.

Cách 1. Mở tệp kiem-chung.html bằng trình duyệt (không cần mạng), chọn tệp .zip này. Dán mã biên nhận của ông/bà để xem
bài, điểm, thứ hạng và tiêu chí đã phân định.

Cách 2. Trên máy có Python 3.11 trở lên:
    python3 kiem_chung.py {name} --bien-nhan MÃ-BIÊN-NHẬN

Hãy so mã của bản cam kết (đã công bố trước khi mở tuần thi) và mã đầu chuỗi cuối cùng (đã gửi cho đầu mối các cơ quan
khi tuần thi đóng) với mã mà ông/bà, hoặc đầu mối cơ quan ông/bà, đang giữ:
    --cam-ket MÃ     --dau-cuoi MÃ
Không có mã giữ ở nơi khác thì không loại trừ được việc làm lại từ đầu.

In English: everything needed to recompute the ranking and the prizes of this week. Open kiem-chung.html in a browser,
or run kiem_chung.py. The protocol is docs/verification.md of the software.
"""


def packed(files: Mapping[str, bytes]) -> bytes:
    """The ZIP; the order and the dates of its entries never vary."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, files[name])
    return held.getvalue()


def readme(week: str, title: str, name: str) -> bytes:
    """What stands in DOC-TRUOC.txt."""
    return README.format(WEEK=week.upper(), title=title, name=name).encode()
