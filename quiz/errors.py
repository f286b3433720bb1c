"""How a rule says no: a code with its facts, and the words that people read."""

from __future__ import annotations

from quiz.refusal_words import N_ as N_
from quiz.refusal_words import QUESTIONS_AND_PERSONAL_DATA

WORDS: dict[str, str] = {
    "contest_missing": N_("Chưa có hội thi nào được nạp vào hệ thống."),
    "week_missing": N_("Không có tuần thi này."),
    "not_yet_open": N_("{week} chưa mở; mở lúc {opens}."),
    "closed": N_("{week} đã đóng lúc {closes}. Không thể bắt đầu lượt thi mới."),
    "paused": N_("{week} đang tạm nghỉ; mở lại lúc {reopens}."),
    "not_closed": N_("{week} chưa đóng (đóng lúc {closes}) nên chưa thể chấm và công bố kết quả."),
    "marking_changed": N_("{week} có thay đổi trong lúc chấm nên chưa ghi gì. Hệ thống sẽ chấm lại từ đầu."),
    "heads_missing": N_(
        "Cơ sở dữ liệu cũ hơn những gì đã công bố, thiếu {batches} lô niêm phong và {acts} hành động trong nhật ký. "
        "Chưa niêm phong, chấm, công bố cho đến khi phục hồi bản mới hơn, hoặc Ban Tổ chức quyết định chấp nhận phần "
        "bị mất (lệnh flask heads trên máy chủ)."
    ),
    "storage_damaged": N_("Tệp cơ sở dữ liệu bị hỏng nên chưa chấm: {fault}. Hãy phục hồi từ bản sao lưu gần nhất."),
    "record_damaged": N_(
        "{week}: lượt thi {attempt} không còn khớp dấu niêm phong nên chưa chấm: dữ liệu đã bị hỏng hoặc bị sửa. Hãy "
        "so với bản sao lưu gần nhất."
    ),
    "batch_damaged": N_(
        "{week}: lô niêm phong số {number} không còn khớp mã đầu chuỗi nên chưa chấm: dữ liệu đã bị hỏng hoặc bị sửa. "
        "Hãy so với bản sao lưu gần nhất."
    ),
    "keys_sealed": N_(
        "Đáp án đang niêm phong: chỉ mở sau khi vòng thi dùng bộ câu hỏi này kết thúc. Xin trở lại sau khi đáp án được "
        "mở."
    ),
    "seal_key_missing": N_(
        "Không đọc được tệp khóa niêm phong {file} nên chưa niêm phong, chưa mở được đáp án. Không có gì bị mất: hãy "
        "chép lại tệp khóa từ bản sao lưu; nếu không còn, dùng lệnh flask bank open với tệp bộ câu hỏi gốc."
    ),
    "seal_key_wrong": N_(
        "Khóa trong tệp {file} không mở được đáp án đã niêm phong. Không có gì bị mất: hãy thêm khóa cũ từ bản sao lưu "
        "vào tệp, mỗi khóa một dòng; nếu không còn, dùng lệnh flask bank open với tệp bộ câu hỏi gốc."
    ),
    "opening_not_needed": N_("Đáp án của {week} tự mở khi đóng theo thể lệ, không cần quyết định."),
    "keys_open_already": N_("Đáp án của {week} không còn niêm phong."),
    "lot_by_seed": N_("Thể lệ không bốc thăm {week} theo sự kiện công khai nên không có giá trị nào phải nhập."),
    "lot_before_final_head": N_(
        "Dấu chốt cuối cùng của {week} chưa được ghi nên chưa bốc thăm. Xin thử lại sau ít phút."
    ),
    "lot_value_missing": N_("Hãy nhập giá trị bốc thăm."),
    "lot_value_long": N_("Giá trị bốc thăm dài quá {maximum} ký tự."),
    "lot_value_unreadable": N_("Giá trị bốc thăm có ký tự không in ra được. Hãy gõ lại bằng tay."),
    "lot_value_same": N_("Đây đúng là giá trị đang dùng để bốc thăm; không có gì thay đổi."),
    "seal_file_unknown": N_("Tệp này không trùng từng byte với bộ câu hỏi nào đang niêm phong."),
    "no_bank": N_("{week} chưa có bộ câu hỏi. Ban Tổ chức cần nạp bộ câu hỏi trước giờ mở."),
    "no_commitment": N_(
        "Ban Tổ chức chưa công bố bản cam kết của {week} nên chưa ai bắt đầu làm bài được. Hệ thống đang lập bản cam "
        "kết; xin thử lại sau ít phút."
    ),
    "no_room": N_(
        "Ổ đĩa của máy chủ sắp đầy nên tạm thời chưa nhận lượt thi mới. Lượt thi này chưa bắt đầu, chưa tính vào số "
        "lượt được thi. Bài đang làm vẫn lưu và nộp bình thường. Xin thử lại sau ít phút hoặc báo Ban Tổ chức."
    ),
    "commitment_missing": N_("{week} chưa có bản cam kết này."),
    "commitment_settled": N_("Bản cam kết của {week} đã có hiệu lực hoặc tuần thi đã kết thúc nên không lập bản khác."),
    "commitment_current": N_(
        "Bản cam kết mới nhất của {week} vẫn đúng với những gì sẽ chốt nên không cần lập bản khác."
    ),
    "commitment_changed": N_("Có thay đổi trong lúc lập bản cam kết của {week} nên chưa ghi gì. Hãy lập lại."),
    "bank_unknown": N_("Không đề thi nào của hội thi dùng bộ câu hỏi “{name}”. Các bộ câu hỏi của hội thi: {names}."),
    "barred": N_("Ông/bà thuộc diện không được dự thi theo thể lệ: {role}."),
    "left": N_("Tài khoản này không còn trong danh sách cán bộ, công chức, viên chức dự thi."),
    "already_sat": N_("Ông/bà đã dự thi {week}. Mỗi người chỉ được thi một lần."),
    "attempts_used_up": N_("Ông/bà đã dùng hết {limit} lượt thi của {week}."),
    "attempts_used_up_today": N_("Ông/bà đã dùng hết {limit} lượt thi của hôm nay. Mời ông/bà thi tiếp vào ngày khác."),
    "attempts_used_up_contest": N_("Ông/bà đã dùng hết {limit} lượt thi của cả hội thi."),
    "attempt_missing": N_("Không tìm thấy lượt thi này trong tài khoản của ông/bà."),
    "already_handed_in": N_("Bài thi này đã nộp lúc {handed_in}. Không thể sửa bài đã nộp."),
    "too_late": N_("Đã hết giờ làm bài lúc {deadline}. Những câu đã lưu trước đó vẫn được tính."),
    "older_sheet": N_("Có bản bài làm mới hơn đã được lưu từ một cửa sổ hoặc thiết bị khác."),
    "attempt_annulled": N_("Lượt thi này đã được để sang một bên theo quyết định về sự cố và không tính cho ông/bà."),
    "bad_prediction": N_("Số dự đoán phải là số nguyên từ 0 đến {highest}, viết bằng chữ số."),
    "simulation_stuck": N_("Chưa diễn thử được: {problems}."),
    "bad_sheet": N_("Bài làm gửi lên không đúng mẫu: {where}. Hãy tải lại trang; các câu đã lưu vẫn còn."),
    "answers_hidden": N_("Đáp án chỉ được xem sau khi {week} đóng lúc {closes}."),
    "sign_in_failed": N_("Mã cán bộ, thư điện tử hoặc mật khẩu không đúng."),
    "busy": N_("Đang có rất nhiều người đăng nhập cùng lúc. Vui lòng chờ vài giây rồi bấm lại."),
    "too_many_tries": N_("Đã nhập sai quá nhiều lần. Vui lòng thử lại sau {minutes} phút."),
    "activation_failed": N_("Mã cán bộ hoặc mã kích hoạt không đúng, hoặc mã đã được dùng."),
    "password_short": N_("Mật khẩu cần ít nhất {minimum} ký tự. Có thể dùng một câu ngắn dễ nhớ, có dấu cách."),
    "password_long": N_("Mật khẩu dài tối đa {maximum} ký tự."),
    "password_guessable": N_("Mật khẩu này dễ đoán (trùng tên, mã cán bộ hoặc lặp lại ký tự). Hãy chọn một câu khác."),
    "password_wrong": N_("Mật khẩu hiện tại không đúng."),
    "not_marked": N_("{week} chưa được chấm."),
    "reason_missing": N_("Cần ghi rõ lý do."),
    "ranking_changed": N_("Bảng xếp hạng {week} đã thay đổi sau khi ông/bà xem. Hãy xem lại trước khi công bố."),
    "publication_missing": N_("Chưa có lần công bố này."),
    "records_unsealed": N_("{week} chưa có mã đầu chuỗi cuối cùng nên chưa mở niêm phong được."),
    "bundle_not_made": N_("Gói kết quả của lần công bố này chưa có: hãy xem trang kiểm chứng để biết khi nào có."),
    "picture_not_drawn": N_("Ảnh của lần công bố này đang được vẽ, thường xong trong một phút. Hãy tải lại trang."),
    "agency_missing": N_("Không có cơ quan, đơn vị này trong phạm vi của ông/bà."),
    "person_missing": N_("Không có người này trong phạm vi của ông/bà."),
    "headcount_wrong": N_(
        "Tổng số cán bộ, công chức, viên chức phải là số nguyên từ {minimum} trở lên "
        "(đang có {minimum} người trong danh sách)."
    ),
    "headcount_changed": N_("Số liệu của cơ quan đã thay đổi sau khi ông/bà xem. Hãy xem lại trước khi xác nhận."),
    "no_week_to_come": N_("Không còn tuần thi nào sắp mở nên không có số liệu để xác nhận."),
    "headcount_full": N_(
        "Kể cả người sắp chuyển đến, danh sách đã đủ {total} người như tổng số khai báo của {agency}. "
        "Hãy sửa tổng số trước rồi thêm người."
    ),
    "staff_code_wrong": N_("Mã cán bộ gồm chữ cái La-tinh và chữ số, tối đa 40 ký tự, không phải địa chỉ thư."),
    "staff_code_taken": N_("Mã cán bộ này là của {name}, {agency}. Hãy kiểm tra lại mã, hoặc điều chuyển người đó."),
    "staff_code_elsewhere": N_(
        "Mã cán bộ này đã có trong danh sách ở cơ quan khác. Hãy đề nghị cơ quan đó chuyển người sang, "
        "hoặc liên hệ Ban Tổ chức."
    ),
    "email_taken": N_("Thư điện tử này là của {name}, {agency}. Hãy ghi địa chỉ khác, hoặc để trống."),
    "email_elsewhere": N_("Thư điện tử này đã có trong danh sách ở cơ quan khác. Hãy liên hệ Ban Tổ chức."),
    "position_wrong": N_("Chức vụ dài tối đa 120 ký tự và không có ký tự lạ."),
    "person_holds_role": N_(
        "Người này đang giữ vai trò quản lý trong phần mềm nên chỉ Ban Tổ chức sửa, chuyển hoặc cho thôi được."
    ),
    "listed_meanwhile": N_("Mã cán bộ hoặc thư điện tử này vừa được người khác ghi. Hãy kiểm tra và ghi lại."),
    "move_missing": N_("Không có đề nghị điều chuyển này trong phạm vi của ông/bà."),
    "move_moved_on": N_("Đề nghị điều chuyển này đã được xử lý trước đó. Hãy tải lại trang."),
    "move_nowhere": N_("Người này đang ở chính cơ quan đó. Hãy chọn cơ quan khác."),
    "move_waiting": N_("Người này đã có một đề nghị điều chuyển hoặc thôi việc chưa xong. Hãy rút đề nghị đó trước."),
    "file_faulty": N_("Tệp có {count} lỗi nên chưa nạp gì vào hệ thống."),
    "week_already_open": N_("{week} đã mở nên không thể đổi thời gian mở, đóng và bộ câu hỏi được nữa."),
    "rules_already_apply": N_(
        "{week} đã mở nên không thể đổi cơ cấu đề, số lượt thi, cách xếp hạng, giải thưởng và chỉ tiêu tham gia."
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
    "registration_missing": N_("Hội thi này không tự đăng ký: người dự thi có sẵn trong danh sách của cơ quan."),
    "registration_not_ready": N_("Ban Tổ chức chưa mở đăng ký dự thi. Hãy quay lại sau."),
    "registration_closed": N_("Đã hết hạn đăng ký dự thi lúc {closes}."),
    "passphrase_wrong": N_("Mã tham gia không đúng. Mã ghi trong văn bản hướng dẫn của Ban Tổ chức."),
    "passphrase_short": N_("Mã tham gia cần ít nhất {minimum} ký tự."),
    "name_wrong": N_("Hãy ghi họ và tên bằng chữ, như trên căn cước."),
    "phone_wrong": N_("Số điện thoại di động gồm 10 chữ số, ví dụ 0912 345 678."),
    "email_wrong": N_("Đây không phải địa chỉ thư điện tử. Hãy sửa, hoặc để trống."),
    "id_number_wrong": N_("Số căn cước gồm 12 chữ số (chứng minh nhân dân cũ: 9 chữ số). Hãy kiểm tra lại từng số."),
    "already_registered": N_(
        "Số căn cước, số điện thoại hoặc thư điện tử này đã đăng ký. Hãy đăng nhập, hoặc liên hệ Ban Tổ chức."
    ),
    "too_many_registrations": N_(
        "Trong một giờ qua đã có quá nhiều lượt đăng ký từ mạng này. Vui lòng thử lại sau {minutes} phút."
    ),
    "already_exempt": N_("Người này đã được miễn từ ngày {first} đến hết ngày {last}. Hãy chọn ngày khác."),
    "already_exempt_for_good": N_(
        "Người này đã được miễn từ ngày {first}, không ghi ngày cuối. Muốn ghi lần khác thì thôi miễn lần đó trước."
    ),
    "exemption_missing": N_("Không có lần miễn dự thi này."),
    "exemption_over": N_("Lần miễn dự thi này đã hết trước đó. Hãy tải lại trang."),
    "day_wrong": N_("Ngày này không hợp lệ. Hãy ghi đủ ngày, tháng, năm."),
    "day_frozen": N_(
        "{week} đã mở lúc {opened} và số liệu của tuần đã chốt, nên không ghi được từ ngày này. "
        "Ngày sớm nhất là {earliest}."
    ),
    "days_reversed": N_("Ngày cuối phải từ ngày đầu trở đi."),
    "decision_missing": N_("Không có quyết định này."),
    "decision_number_missing": N_("Cần ghi số quyết định."),
    "decision_number_long": N_("Số quyết định dài tối đa {maximum} ký tự."),
    "decision_moved_on": N_("Quyết định này đã được duyệt hoặc đã rút trước đó. Hãy tải lại trang."),
    "decision_needs_two": N_("Người đề xuất không được tự duyệt. Cần một thành viên khác của Ban Tổ chức duyệt."),
    "work_moved_on": N_("Việc này vừa xong, hoặc đã có người dừng hay cho làm lại. Hãy tải lại trang."),
    "decision_changed": N_("Phạm vi tác động đã thay đổi sau khi ông/bà xem. Hãy xem lại trước khi duyệt."),
    "minutes_wrong": N_("Số phút cộng thêm phải từ {least} đến {most}."),
    "staff_code_unknown": N_("Không có ai trong danh sách dự thi mang mã cán bộ này."),
    "person_sitting": N_("Người này đang làm bài. Chỉ duyệt cộng thêm giờ trước khi bắt đầu lượt thi."),
    "incident_interval_wrong": N_("Lúc kết thúc sự cố phải sau lúc bắt đầu."),
    "incident_not_over": N_("Sự cố chưa kết thúc thì chưa tính được. Hãy đề xuất sau khi sự cố đã kết thúc."),
    "incident_outside_week": N_("Sự cố phải nằm trong thời gian của {week} (từ {opens} đến {closes})."),
    "incident_nobody_named": N_(
        "Cần đánh dấu ít nhất một cơ quan, đơn vị hoặc ghi ít nhất một mã cán bộ, hoặc chọn tất cả."
    ),
    "incident_named_and_all": N_("Đã chọn tất cả nhưng lại nêu tên cơ quan hoặc người. Hãy chọn một trong hai."),
    "people_unknown": N_("Không có ai mang mã cán bộ ở những dòng sau: {lines}."),
    "people_too_many": N_("Danh sách có hơn {most} người. Hãy chọn theo cơ quan, đơn vị hoặc bảng thi."),
    "division_missing": N_("Hội thi không có bảng thi này."),
    "practice_has_no_limit": N_("{week} không giới hạn số lượt nên không cần cho thi lại: cứ bắt đầu lượt mới."),
    "not_own_proposal": N_("Chỉ người đề xuất mới sửa được đề xuất."),
    "nothing_to_revoke": N_(
        "Thời gian cộng thêm này không có hiệu lực: quyết định chưa được duyệt, đã thu hồi hoặc đã được thay bằng "
        "quyết định khác. Hãy xem lại danh sách quyết định."
    ),
    "mail_off": N_("Phần mềm chưa được cấu hình để gửi thư điện tử. Hãy liên hệ người quản trị máy chủ."),
    "reminder_not_now": N_("Chỉ gửi được thư nhắc khi tuần thi đang mở."),
    "reminder_text_missing": N_("Cần ghi nội dung thư nhắc."),
    "reminder_text_long": N_("Nội dung thư nhắc dài tối đa {maximum} ký tự."),
    "reminded_today": N_("Hôm nay đã gửi thư nhắc cho cơ quan này. Mỗi ngày chỉ gửi một lần."),
    "unsubscribe_link_wrong": N_("Đường dẫn này không đúng. Hãy mở lại từ thư đã nhận."),
    "address_refused": N_(
        "Địa chỉ {address} đang bị ngừng gửi vì thư trước bị trả lại. Hãy cho gửi lại tới địa chỉ này trước."
    ),
    "letter_missing": N_("Không có thư hoặc địa chỉ này."),
    "letter_moved_on": N_("Thư này đã được gửi lại trước đó hoặc đã quá hạn gửi. Hãy tải lại trang."),
    "incident_touches_nobody": N_("Không có lượt thi nào trong khoảng thời gian và phạm vi đã chọn."),
    "extension_too_short": N_("Giờ đóng mới phải sau hiện tại và sau giờ đóng đang áp dụng ({closes})."),
    "extension_too_long": N_("Giờ đóng mới không được quá giờ mở của {week} ({opens})."),
    "time_given_twice": N_("Thời gian này đã được trả lại theo quyết định số {number}."),
    "already_published": N_("Kết quả {week} đã công bố nên không thể thay đổi thời gian hoặc lượt thi nữa."),
    "analysis_missing": N_("Các câu hỏi của {week} đang được phân tích. Hãy thử lại sau ít phút."),
    "merge_with_itself": N_("Đây là chính mã cán bộ đang xem. Hãy nhập mã còn lại của người này."),
    "merge_person_left": N_("Mã {person} không còn trong danh sách nên không gộp được nữa."),
    "merge_holds_role": N_("Mã {person} đang giữ vai trò quản lý trong phần mềm. Hãy thu hồi vai trò trước khi gộp."),
    "merge_both_sat": N_(
        "Cả hai mã đều đã vào thi {weeks} nên không gộp được. Nếu đúng là một người thi hai lần, hãy xem xét loại kết "
        "quả ở trang rà soát bảng xếp hạng của tuần đó."
    ),
    "merge_sitting": N_("Mã {person} đang làm bài. Hãy gộp sau khi người này nộp bài."),
    "merge_changed": N_("Thông tin của một trong hai mã vừa thay đổi. Hãy xem lại trước khi gộp."),
    "reset_holds_role": N_(
        "Mã {person} giữ vai trò quyết định về hội thi nên chỉ người vận hành máy chủ mới cấp lại mã kích hoạt được."
    ),
    "staff_code_given_up": N_("Mã {given_up} đã được gộp vào mã {kept}. Hãy dùng mã {kept}."),
    "document_missing": N_("Không có tài liệu này trong danh sách của ông/bà."),
    "document_not_made": N_("Tài liệu này chưa có tệp, hoặc tệp không còn được lưu. Hãy yêu cầu lại."),
    "document_moved_on": N_("Tài liệu này đã làm xong hoặc đã hủy trước đó. Hãy tải lại trang."),
    "certificate_not_earned": N_(
        "Giấy chứng nhận tham gia được cấp khi một tuần thi mà ông/bà có lượt thi được tính đã đóng."
    ),
    "certificate_missing": N_("Không có giấy chứng nhận nào mang mã này. Hãy kiểm tra lại từng ký tự."),
    "appeals_off": N_("Hội thi này không nhận phản ánh, khiếu nại trên hệ thống. Hãy liên hệ Ban Tổ chức."),
    "appeal_practice": N_("{week} không tính kết quả nên không nhận phản ánh, khiếu nại."),
    "appeal_not_published": N_("Kết quả {week} chưa công bố. Chỉ gửi được phản ánh về kết quả sau khi công bố."),
    "appeal_too_late": N_("Đã hết thời hạn gửi phản ánh, khiếu nại về {week}: {ends}."),
    "appeal_question_missing": N_("Đề thi này không có câu hỏi ấy."),
    "appeal_waiting": N_("Ông/bà đã gửi phản ánh về nội dung này và đang chờ trả lời."),
    "appeals_too_many": N_("Mỗi người gửi tối đa {maximum} phản ánh về một tuần thi. Ông/bà đã gửi đủ."),
    "appeal_missing": N_("Không có phản ánh này."),
    "appeal_moved_on": N_("Phản ánh này đã được trả lời hoặc đã rút trước đó. Hãy tải lại trang."),
    "appeal_names_somebody": N_("Nội dung công khai không được nêu người phản ánh, nhưng có ghi “{found}”."),
    "appeals_none_chosen": N_("Hãy đánh dấu ít nhất một phản ánh đang chờ về nội dung này."),
    "text_missing": N_("Cần ghi nội dung."),
    "text_long": N_("Nội dung dài tối đa {maximum} ký tự."),
    "practice_not_ranked": N_("{week} không xếp hạng và không có giải nên không có kết quả nào để loại."),
    "not_ranked": N_("Người này không có tên trong bảng xếp hạng {week}."),
    "already_struck": N_("Kết quả của {name} đã bị loại khỏi xét giải trước đó. Hãy tải lại trang."),
    "evidence_missing": N_("Cần ghi căn cứ: đã đối chiếu những gì, với ai, kết quả ra sao."),
    "evidence_long": N_("Căn cứ dài tối đa {maximum} ký tự."),
    "strike_changed": N_("Người được giải đã thay đổi sau khi ông/bà xem. Hãy xem lại trước khi xác nhận."),
    "strike_missing": N_("Không có lần loại kết quả này."),
    "strike_undone": N_("Việc loại kết quả này đã được bỏ trước đó. Hãy tải lại trang."),
    "nothing_to_report": N_("Chưa có tuần thi nào có số liệu để báo cáo."),
    "template_no_docx": N_("Đây không phải văn bản Word (.docx) nguyên vẹn. Hãy mở bằng Word và lưu lại dạng .docx."),
    "template_large": N_("Mẫu văn bản lớn hơn {most} MB. Hãy bỏ bớt hình ảnh."),
    "template_macros": N_("Mẫu văn bản có chứa macro. Hãy lưu lại dạng .docx, không có macro."),
    "template_embedded": N_("Mẫu văn bản có nhúng đối tượng hoặc tệp khác ({name}). Hãy xóa đối tượng đó."),
    "template_external": N_("Mẫu văn bản có liên kết ra ngoài ({target}). Hãy bỏ liên kết đó."),
    "template_field": N_("Mẫu văn bản có trường tự động {name}, không dùng được vì lấy nội dung từ nơi khác."),
    "template_unknown_names": N_("Mẫu văn bản có tên không dùng được: {names}. Hãy sửa theo bảng các tên dùng được."),
    "template_broken": N_(
        "Chỗ điền tự động viết chưa đúng ({fault}). Hãy kiểm tra các chỗ trong ngoặc nhọn: đủ cặp, không bị ngắt."
    ),
    "template_unsafe": N_("Mẫu văn bản có lệnh không được phép. Chỉ dùng các tên trong bảng, không gọi lệnh khác."),
    "template_heavy": N_("Mẫu văn bản lặp quá nhiều nên không lập được trong thời gian cho phép."),
    "template_missing": N_("Không có mẫu văn bản này."),
    "template_same": N_("Tệp này giống hệt mẫu đang dùng nên không có gì thay đổi."),
    "letters_none_chosen": N_("Hãy đánh dấu ít nhất một văn bản."),
    **QUESTIONS_AND_PERSONAL_DATA,
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
