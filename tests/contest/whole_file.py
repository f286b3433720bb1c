"""A contest file that says everything a contest file can say."""

from __future__ import annotations

WHOLE = """\
contest: day-du-2024
title: Hội thi đầy đủ
organiser: Sở Nội vụ
plan: Kế hoạch số 1/KH-UBND
timezone: Asia/Ho_Chi_Minh
round_word: Đợt
registration: open
hotline: "0225 3821 000"
short_title: Hội thi
hours: {from: "07:30", until: 17:30, days: [mon, tue, wed, thu, fri], except: [2024-10-09]}
practice: {opens: 2024-10-01 08:00, closes: 2024-10-04 17:00, paper: {questions: 5, quotas: []}}
weeks:
  - number: 1
    opens: 2024-10-07 08:00
    closes: 2024-10-11 17:00
    paper: {topics: [mot-cua, sipas], bank: dot-1}
    papers: {can-bo: {minutes: 15}}
  - number: 2
    opens: 2024-10-14 08:00
    closes: 2024-10-20 24:00
    hours: {from: "06:00", until: "22:00"}
paper:
  questions: 10
  minutes: 20
  quotas:
    - {topic: mot-cua, level: 1, count: 2, points: 3}
    - {topic: sipas, count: 4}
  shuffle_questions: false
  shuffle_options: false
  points: 2
  several_keys: false
  needs_all_answers: true
  avoid_seen: true
attempts: {per_week: 4, per_day: 2, per_contest: 6, counts: last, grace_seconds: 10}
ranking:
  - score
  - prediction
  - {time_taken: millisecond}
  - {hand_in_moment: second}
  - fewer_attempts
  - earlier_registration
  - full_marks
  - lot
prediction:
  text: Bao nhiêu người dự thi?
  target: people_all_right
  of: division
  equal_distance: below_first
  whose: last
lot: {event: Giải đặc biệt xổ số miền Bắc ngày thứ Hai sau khi đợt thi đóng}
divisions:
  - code: can-bo
    name: Cán bộ
    paper: {minutes: 10}
    ranking: [all_right, time_taken]
    prizes: []
  - {code: nguoi-dan, name: Người dân}
prizes:
  - {name: Giải Nhất, count: 1, amount: 3000000}
  - {name: Giải Nhì, count: 2, per: week}
  - {name: Giải toàn cuộc, count: 1, per: contest}
one_prize: keep_best
prize_needs: all_right
participation:
  basis: week
  children: apart
  thresholds:
    city: 66.5
    central:
      - {below: 50, percent: 30}
      - {below: 100, percent: 25}
      - {percent: 20}
  kinds:
    city: Cơ quan, đơn vị thuộc tỉnh
    central: Cơ quan ngành dọc
  groups:
    - {code: lanh-dao, name: Lãnh đạo cơ quan, least: 1}
    - {code: mot-cua, name: Công chức một cửa, percent: 100}
barred:
  - {code: ban-to-chuc, name: Thành viên Ban Tổ chức}
  - {code: to-thu-ky, name: Thành viên Tổ Thư ký}
collective:
  weights: {participation: 60, average_score: 30, prizes: 10}
  prize_points: {Giải Nhất: 10, Giải Nhì: 8}
  least_participation: 50
  needs_groups: true
  needs_prize: true
  blocks:
    - name: Khối sở ngành
      kinds: [city]
      prizes:
        - {name: Giải Nhất khối, count: 1, amount: 5000000}
        - {name: Giải Nhì khối, count: 2}
    - name: Khối cơ sở
      agencies: [AD, HB]
      prizes:
        - {name: Giải Nhất khối, count: 1}
appeals: {days_after: 7, last_day: 2025-12-31, answer_within: 3}
personal_data: {legal_basis: Sự đồng ý của người đăng ký, contact: Văn phòng Sở Nội vụ, months: 12}
"""


def changed(*changes: tuple[str, str], text: str = WHOLE) -> str:
    """The file with these changes, each of which must fit exactly one place."""
    for old, new in changes:
        assert text.count(old) == 1, (text.count(old), old)
        text = text.replace(old, new)
    return text


def line_of(part: str, text: str) -> int:
    """The line on which the only such part stands."""
    assert text.count(part) == 1, (text.count(part), part)
    return text[: text.index(part)].count("\n") + 1
