"""The tables of a publication as a workbook, asked for by whoever may see results and made in the background."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from quiz.errors import Refused
from quiz.exports.printable import file_name
from quiz.exports.publication_xlsx import Table, workbook
from quiz.services import Actor, Transaction, audit, contests, documents, publication_history, publishing, results
from quiz.services.accounts import Person
from quiz.services.contests import StoredWeek
from quiz.services.documents import File, Kind, Tell, Work
from quiz.services.publication_sheets import Rows, tables
from quiz.services.published import Publication
from quiz.services.publishing import Draft
from quiz.services.result_rows import standings
from quiz.vietnamese import moment

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD_OF_BODY = ("week", "number", "published_at", "reason")
AT_ONCE = 2000
RANKING = (
    *(("Bảng thi", 20), ("Thứ tự", 9), ("Hạng", 8), ("Họ và tên", 32), ("Cơ quan, đơn vị", 46), ("Điểm", 8)),
    *(("Điểm tối đa", 8), ("Thời gian (giây)", 12), ("Số lượt", 9), ("Không được xét giải vì", 34)),
)
NO_RANKING = (
    "Không có trang Xếp hạng: kết quả hiện nay của tuần không còn đúng như lần công bố này, nên danh sách xếp hạng "
    "đầy đủ (không nằm trong số liệu công bố) không thể khớp với lần công bố."
)
RANKING_NOTE = (
    "Trang Xếp hạng không nằm trong số liệu công bố; lập từ bảng xếp hạng hiện nay, đã đối chiếu: số liệu công bố "
    "tính lại từ bảng ấy đúng bằng lần công bố này."
)


def ask(session: Transaction, week: StoredWeek, number: int, person: Person, actor: Actor, now: datetime) -> int:
    """Have the workbook of a publication made; the document's id. Raises Refused(publication_missing)."""
    publication = publication_history.get(session, week.contest, week.week.number, number)
    audit.record(session, audit.Act.ASK_PUBLICATION_TABLES, actor, now, week=publication.week, number=number)
    facts = {"week": week.id, "number": number, "digest": publication.digest}
    return documents.ask(session, Kind.PUBLICATION_TABLES, facts, person.id, now)


def make(session: Transaction, work: Work) -> File:
    """The workbook of the publication that was asked for."""
    week = contests.get_week_by_id(session, int(str(work.facts["week"])))
    number = int(str(work.facts["number"]))
    publication = publication_history.get(session, week.contest, week.week.number, number)
    name = f"{week.name[:1].lower()}{week.name[1:]}"
    made = tables(publication, week.name)
    ranking = _ranking(session, week, publication, work)
    notes = _notes(week, publication, is_ranked=ranking is not None)
    title = f"Kết quả {name}, công bố lần {number}"
    said = f"{title}, {moment(publication.published_at, week.contest.rules.zone)}. Mã SHA-256: {publication.digest}"
    sheets = (*made[:1], *([ranking] if ranking else []), *made[1:], notes)
    content = workbook(sheets, title, said, publication.published_at)
    return File(name=file_name(title, "xlsx"), mimetype=XLSX, content=content)


def _ranking(session: Transaction, week: StoredWeek, publication: Publication, work: Work) -> Table | None:
    """Everybody ranked, if what would be published now is what was published."""
    try:
        draft = publishing.draft(session, week, work.now)
    except Refused:
        return None
    if not is_of(session, week, draft, publication):
        return None
    rows = _ranked(session, week, draft, work.tell)
    return Table(name="Xếp hạng", title=f"Xếp hạng – {week.name}", columns=RANKING, rows=rows)


def is_of(session: Transaction, week: StoredWeek, draft: Draft, publication: Publication) -> bool:
    """Whether the draft holds exactly the figures of that publication."""
    body, _ = publication_history.stored(session, week.contest, publication.week, publication.number)
    published = {name: figure for name, figure in json.loads(body).items() if name not in HEAD_OF_BODY}
    return bool(json.loads(json.dumps(asdict(draft.figures))) == published)


def _ranked(session: Transaction, week: StoredWeek, draft: Draft, tell: Tell) -> Rows:
    rows: Rows = []
    total = sum(one.people for one in draft.figures.divisions)
    for division in week.contest.rules.all_divisions:
        since = 1
        while found := standings(session, week, division, since + AT_ONCE - 1, since):
            tell(len(rows), total)
            people = results.people_by_id(session, week, {one.result.person for one in found})
            for one in found:
                its, person = one.result, people[one.result.person]
                about = (division.name or week.name, one.place, one.rank, person["name"], person["agency"])
                struck = draft.ranking.struck.get(its.person)
                rows.append((*about, its.score, its.full, its.time_ms / 1000, its.attempts, struck))
            since += AT_ONCE
    return rows


def _notes(week: StoredWeek, publication: Publication, *, is_ranked: bool) -> Table:
    rules = week.contest.rules
    rows: Rows = [
        ("Hội thi", rules.title),
        ("Đơn vị tổ chức", rules.organiser),
        (rules.round_word, week.name),
        ("Lần công bố", str(publication.number)),
        ("Thời điểm công bố", moment(publication.published_at, rules.zone)),
        ("Lý do đính chính", publication.reason or None),
        ("Mã SHA-256", publication.digest),
        ("Nguồn số liệu", "Mọi trang lập từ số liệu đã khóa của lần công bố này; tệp JSON công khai có đúng mã trên."),
        ("Xếp hạng", RANKING_NOTE if is_ranked else NO_RANKING),
        (
            "Tỷ lệ",
            "Tỷ lệ tham gia cắt đến phần vạn, không làm tròn lên; cột là các phần của một tổng thì cộng đúng 100%.",
        ),
    ]
    if not any(division.bands for division in publication.divisions):
        rows.append(("Phổ điểm", "Lần công bố này được lập từ bản phần mềm cũ, không lưu phổ điểm."))
    return Table(name="Ghi chú", title="Ghi chú", columns=(("Mục", 24), ("Nội dung", 90)), rows=rows)
