"""How many took part, as the announcement and the report on participation say it: people and attempts never mixed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from quiz.exports.letters import Values
from quiz.scoring.participation import Basis, Turnout
from quiz.scoring.shares import shares
from quiz.services.letter_ends import LEAST_BASE, End, ends
from quiz.services.letter_facts import LetterFacts, change, cut, rate
from quiz.services.published import Publication, PublishedAgency, PublishedDivision, PublishedKind
from quiz.vietnamese import exact_percent, number, percent

Row = dict[str, str]
BANDS: tuple[tuple[str, Callable[[Fraction], bool]], ...] = (
    ("Điểm tối đa", lambda share: share == 1),
    ("Từ 75% đến dưới 100% điểm tối đa", lambda share: Fraction(3, 4) <= share < 1),
    ("Từ 50% đến dưới 75% điểm tối đa", lambda share: Fraction(1, 2) <= share < Fraction(3, 4)),
    ("Từ 25% đến dưới 50% điểm tối đa", lambda share: Fraction(1, 4) <= share < Fraction(1, 2)),
    ("Trên 0 đến dưới 25% điểm tối đa", lambda share: 0 < share < Fraction(1, 4)),
    ("0 điểm", lambda share: share == 0),
)


def announcement(facts: LetterFacts) -> Values:
    """The week in figures, against the week before; lists that an older publication does not hold stay empty."""
    publication = facts.publication
    high, low = ends(publication.agencies)
    return {
        "so_nguoi": number(publication.people),
        "so_luot": number(publication.attempts),
        "dung_het": number(publication.all_right),
        "ty_le_dung_het": _all_right(publication),
        "cac_bang": [_division(one) for one in publication.divisions if one.name],
        "theo_khoi": _spread(publication.kinds),
        "tong_ty_trong": percent(Fraction(publication.people > 0)),
        "tuan_truoc": facts.before_name,
        "so_sanh": _comparison(publication, facts.before) if facts.before else [],
        "pho_diem": [
            {
                "ten": one.name,
                "diem_toi_da": number(one.full),
                "muc": _bands(one),
                "tong": number(one.people),
                "tong_ty_trong": percent(Fraction(1)),
            }
            for one in publication.divisions
            if one.bands
        ],
        "cao_nhat": _named(high),
        "cao_nhat_con_lai": _others(high),
        "thap_nhat": _named(low),
        "thap_nhat_con_lai": _others(low),
        "mau_so_toi_thieu": str(LEAST_BASE),
        **_totals(publication),
    }


def participation(facts: LetterFacts) -> Values:
    """Every agency against its threshold, kind by kind, and those that have not reached it."""
    publication, basis, word = facts.publication, facts.basis, facts.round_word.lower()
    kinds = tuple(dict.fromkeys((agency.kind, agency.kind_words) for agency in publication.agencies))
    short = [agency for agency in publication.agencies if not _held(agency, basis).reaches(agency.limit)]
    return {
        "tinh_theo": {"week": f"từng {word}", "contest": f"cả hội thi (dự thi ít nhất một {word})"}[basis],
        "so_co_quan": number(len(publication.agencies)),
        "so_dat": number(len(publication.agencies) - len(short)),
        "so_chua_dat": number(len(short)),
        "gop_truc_thuoc": publication.units_within,
        "theo_khoi": [_kind(kind, publication.agencies, basis) for kind in publication.kinds],
        "tong": _total_row(publication, basis),
        "cac_khoi": [
            {"khoi": words, "co_quan": list(_agencies(publication.agencies, kind, basis))} for kind, words in kinds
        ],
        "chua_dat": [_short(place, agency, basis) for place, agency in enumerate(short, 1)],
        **_totals(publication),
    }


def _totals(publication: Publication) -> Values:
    total = publication.total
    return {
        "tong_so": number(total.headcount),
        "mien": number(total.exempt),
        "phai_tinh": number(total.base),
        "da_du_thi": number(total.people),
        "ty_le": rate(total),
    }


def _division(one: PublishedDivision) -> Row:
    return {
        "ten": one.name,
        "so_nguoi": number(one.people),
        "so_luot": number(one.attempts),
        "dung_het": number(one.all_right),
    }


def _all_right(publication: Publication) -> str:
    """Their share in all people; the same as in the table of scores where that shows the same people."""
    (first, *others) = publication.divisions
    if not others and first.bands[:1] == ((first.full, first.all_right),):
        return _bands(first)[0]["ty_trong"]
    return percent(shares([publication.all_right, publication.people - publication.all_right])[0])


def _spread(kinds: Sequence[PublishedKind]) -> list[Row]:
    people, attempts = shares([one.ranked for one in kinds]), shares([one.attempts for one in kinds])
    return [
        {
            "khoi": one.words,
            "so_nguoi": number(one.ranked),
            "ty_trong_nguoi": percent(people[place]),
            "so_luot": number(one.attempts),
            "ty_trong_luot": percent(attempts[place]),
        }
        for place, one in enumerate(kinds)
    ]


def _comparison(now: Publication, before: Publication) -> list[Row]:
    counts = (
        ("Số người dự thi", now.people, before.people),
        ("Số lượt thi", now.attempts, before.attempts),
        ("Số người trả lời đúng tất cả các câu", now.all_right, before.all_right),
    )
    rows = [
        {"chi_tieu": what, "tuan_truoc": number(old), "tuan_nay": number(new), "thay_doi": change(new, old)}
        for what, new, old in counts
    ]
    new, old = now.total, before.total
    points = cut(new) - cut(old)
    words = f"{'tăng' if points > 0 else 'giảm'} {percent(abs(points))[:-1]} điểm %" if points else "không đổi"
    shown = {"chi_tieu": "Tỷ lệ tham gia", "tuan_truoc": rate(old), "tuan_nay": rate(new), "thay_doi": words}
    return [*rows, shown]


def _bands(one: PublishedDivision) -> list[Row]:
    people = [sum(count for score, count in one.bands if holds(Fraction(score, one.full or 1))) for _, holds in BANDS]
    return [
        {"ten": words, "so_nguoi": number(count), "ty_trong": percent(share)}
        for (words, _), count, share in zip(BANDS, people, shares(people), strict=True)
    ]


def _named(end: End) -> list[Row]:
    return [{"hang": str(place), **_agency(agency)} for place, agency in end.named]


def _others(end: End) -> str:
    return f"{number(end.others)} cơ quan, đơn vị cùng đạt {percent(end.others_rate)}" if end.others else ""


def _agency(agency: PublishedAgency) -> Row:
    return {
        "ten": agency.name,
        "khoi": agency.kind_words,
        "phai_tinh": number(agency.week.base),
        "du_thi": number(agency.week.people),
        "ty_le": rate(agency.week),
    }


def _kind(kind: PublishedKind, agencies: Sequence[PublishedAgency], basis: Basis) -> Row:
    own = [agency for agency in agencies if agency.kind == kind.kind]
    return {"khoi": kind.words, **_sums(kind.week, kind.contest), **_verdicts(own, basis)}


def _total_row(publication: Publication, basis: Basis) -> Row:
    """All kinds together; without what an older publication does not hold."""
    nobody = Turnout(headcount=0, exempt=0, people=0)
    over = sum((kind.contest for kind in publication.kinds), nobody)
    return {**_sums(publication.total, over), **_verdicts(publication.agencies, basis)}


def _sums(week: Turnout, contest: Turnout) -> Row:
    return {
        "tong_so": number(week.headcount),
        "phai_tinh": number(week.base),
        "du_thi": number(week.people),
        "ty_le": rate(week),
        "phai_tinh_ht": number(contest.base),
        "du_thi_ht": number(contest.people),
        "ty_le_ht": rate(contest),
    }


def _verdicts(agencies: Sequence[PublishedAgency], basis: Basis) -> Row:
    reaching = sum(_held(agency, basis).reaches(agency.limit) for agency in agencies)
    return {
        "so_co_quan": number(len(agencies)),
        "so_dat": number(reaching),
        "so_chua_dat": number(len(agencies) - reaching),
    }


def _agencies(agencies: Sequence[PublishedAgency], kind: str, basis: Basis) -> Iterator[Row]:
    for place, agency in enumerate((one for one in agencies if one.kind == kind), 1):
        missing = _held(agency, basis).missing(agency.limit)
        yield {
            "stt": str(place),
            "ten": agency.name,
            "mien": number(agency.exempt),
            **_sums(agency.week, agency.contest),
            "chi_tieu": exact_percent(agency.limit),
            "ket_qua": f"Thiếu {number(missing)}" if missing else "Đạt",
        }


def _short(place: int, agency: PublishedAgency, basis: Basis) -> Row:
    held = _held(agency, basis)
    return {
        "stt": str(place),
        "ten": agency.name,
        "khoi": agency.kind_words,
        "ty_le": rate(held),
        "chi_tieu": exact_percent(agency.limit),
        "con_thieu": number(held.missing(agency.limit)),
    }


def _held(agency: PublishedAgency, basis: Basis) -> Turnout:
    """The participation by which the rules judge an agency."""
    return agency.week if basis is Basis.WEEK else agency.contest
