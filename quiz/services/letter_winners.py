"""Who wins what, as the decision, its annex and the minutes say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from quiz.exports.letters import Letter, LetterFields, Values, day, number_and_sign
from quiz.exports.words_of_money import in_words, money
from quiz.services.letter_facts import LetterFacts
from quiz.services.published import Publication, PublishedDivision, PublishedOverall, PublishedTie, PublishedWinner
from quiz.vietnamese import number

Rows = list[dict[str, str]]
OVER_CONTEST = "Giải cá nhân cả hội thi"


def winners(facts: LetterFacts, fields: LetterFields) -> Values:
    """Every prize of a publication: people list by list, agencies, the sums, and what is left to people to decide."""
    publication = facts.publication
    people = [winner for _, one in _lists(publication) for winner in one.winners]
    amounts = [winner.amount for winner in people if winner.amount is not None]
    return {
        "so_quyet_dinh": number_and_sign(Letter.DECISION.sign, fields),
        "ngay_quyet_dinh": day(fields.signed_on),
        "so_giai": f"{len(people):02d}",
        "so_giai_chu": in_words(len(people)),
        "co_cau_giai": _structure(people),
        "co_tien": bool(amounts),
        "tong_tien": f"{number(sum(amounts))} đồng",
        "tong_tien_chu": money(sum(amounts)),
        "so_giai_khong_ghi_tien": number(len(people) - len(amounts)) if len(amounts) < len(people) else "",
        "cac_danh_sach": [
            {"ten": name, "giai": _rows(one.winners)} for name, one in _lists(publication) if one.winners
        ],
        "tap_the": _agencies(publication),
        "so_tap_the": f"{len(_agencies(publication)):02d}",
        "chua_phan_dinh": _undecided(publication),
    }


def minutes(facts: LetterFacts, fields: LetterFields) -> Values:
    """What a meeting establishes: the figures, the winners with the reason for each place, and the lot."""
    publication = facts.publication
    return winners(facts, fields) | {
        "so_nguoi": number(publication.people),
        "so_luot": number(publication.attempts),
        "dung_het": number(publication.all_right),
        "cac_bang": [
            {
                "ten": one.name,
                "so_nguoi": number(one.people),
                "so_luot": number(one.attempts),
                "dung_het": number(one.all_right),
                "so_cau": number(one.questions),
                "ket_qua_du_doan": number(one.target) if one.target is not None else "",
            }
            for one in publication.divisions
        ],
        "so_nguoi_bi_loai": number(facts.struck) if facts.struck else "",
        "so_boc_tham": publication.lot.value if publication.lot else publication.lot_seed,
        "boc_tham_theo": publication.lot.event if publication.lot else "",
        "tap_the_bi_loai": [
            {"khoi": block.name, "so_co_quan": number(block.struck)} for block in publication.collective if block.struck
        ],
    }


def _lists(publication: Publication) -> Iterator[tuple[str, PublishedDivision | PublishedOverall]]:
    """The lists of winners with their names; '' where there is only the one of the week."""
    for one in publication.divisions:
        yield one.name, one
    for each in publication.overall:
        yield f"{OVER_CONTEST} – {each.name}" if each.name else OVER_CONTEST, each


def _rows(won: Sequence[PublishedWinner]) -> Rows:
    return [
        {
            "stt": str(place),
            "ho_ten": winner.name,
            "co_quan": winner.agency,
            "giai": winner.prize,
            "tien": number(winner.amount) if winner.amount is not None else "–",
            "hang": str(winner.rank),
            "ly_do": winner.why,
        }
        for place, winner in enumerate(won, 1)
    ]


def _structure(won: Sequence[PublishedWinner]) -> str:
    """'01 Giải Nhất, 02 Giải Nhì', in the order of the lists."""
    return ", ".join(f"{count:02d} {prize}" for prize, count in Counter(winner.prize for winner in won).items())


def _agencies(publication: Publication) -> Rows:
    given = [(block.name, place) for block in publication.collective for place in block.places if place.prize]
    return [
        {
            "stt": str(row),
            "co_quan": place.agency,
            "khoi": block,
            "giai": place.prize,
            "hang": str(place.rank),
            "ly_do": place.why,
        }
        for row, (block, place) in enumerate(given, 1)
    ]


def _undecided(publication: Publication) -> list[str]:
    """What the rules do not decide, each as a sentence without its full stop."""
    individual = [_tie(name, tie) for name, one in _lists(publication) for tie in one.tied]
    collective = [
        f"{block.name}: {', '.join(prizes)} – các cơ quan, đơn vị bằng nhau ở mọi tiêu chí"
        for block in publication.collective
        for prizes in block.tied
    ]
    return individual + collective


def _tie(name: str, tie: PublishedTie) -> str:
    where = f"{name}: " if name else ""
    waits = f", chờ bốc thăm theo {tie.lot_event}" if tie.lot_event else ""
    return f"{where}{', '.join(tie.prizes)} – {number(tie.people)} người bằng nhau ở mọi tiêu chí{waits}"
