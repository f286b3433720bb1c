"""The list of the workbench: drafts in place of what the bank says, pages, neighbours, and what the figures tell."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from quiz.questions.wording import Wording
from quiz.services import question_work, transaction
from quiz.services.question_work_drafts import Kind, State
from quiz.services.question_work_list import Filters, Validity, neighbours, page, quality
from tests import makers
from tests.services import question_scene as scene


def test_a_draft_stands_where_its_question_does_and_new_ones_come_last(session: Session) -> None:
    three = scene.lay_out()
    scene.edit(three.author, "T-002", text="Đã sửa thành câu khác?")
    new = scene.write_new(three.author)
    items = page(session, scene.current(), Filters()).items
    assert [item.wording.id for item in items] == [*(f"T-{number:03d}" for number in range(1, 13)), new]
    assert (items[1].wording.text, items[1].kind, items[1].state) == (
        *("Đã sửa thành câu khác?", Kind.CHANGE, State.DRAFT),
    )
    assert [item.is_in_bank for item in (items[1], items[-1])] == [True, False]
    assert neighbours(session, scene.current(), "T-012") == ("T-011", new)
    assert neighbours(session, scene.current(), "T-001") == ("", "T-002")


def test_words_are_found_in_any_order_without_marks_and_in_what_the_draft_says(session: Session) -> None:
    three = scene.lay_out()
    scene.edit(three.author, "T-002", text="Thủ tục đăng ký đất đai?")
    found = page(session, scene.current(), Filters(words="DAT dai  thu tuc"))
    assert [item.wording.id for item in found.items] == ["T-002"]


def test_fifty_questions_make_a_page_and_the_last_page_is_the_end(session: Session) -> None:
    scene.lay_out(makers.bank_text(60))
    last = page(session, scene.current(), Filters(), 99)
    assert (len(last.items), last.total, last.number, last.pages) == (10, 60, 2, 2)


@pytest.mark.parametrize(
    ("last_day", "day", "found"),
    [
        ("2024-10-10", date(2024, 10, 10), {Validity.TRUE, Validity.EXPIRING}),
        ("2024-10-10", date(2024, 10, 11), {Validity.EXPIRED, Validity.EXPIRING}),
        ("2024-10-18", date(2024, 10, 11), {Validity.TRUE}),  # to the last day of the contest
        ("", date(2024, 10, 11), {Validity.TRUE}),
        ("không phải ngày", date(2024, 10, 11), {Validity.TRUE}),
    ],
)
def test_a_question_is_true_expired_or_expiring(
    session: Session, last_day: str, day: date, found: set[Validity]
) -> None:
    three = scene.lay_out()
    with transaction(three.author) as writing:
        text = Wording(text="Câu có hạn?", topic="chung", valid_from="2020-01-01", valid_until=last_day)
        question_work.write_new(writing, "", text, three.author, scene.NOW)
    has = {
        validity
        for validity in Validity
        if page(session, scene.current(), Filters(words="co han", validity=validity, day=day)).items
    }
    assert has == found


def test_the_figures_tell_when_keys_give_themselves_away(session: Session) -> None:
    scene.lay_out()
    uneven = quality(scene.current().bank)
    assert (uneven.is_key_uneven, uneven.does_length_tell) == (True, False)
    assert uneven.coverage["chung", "1"] == 4
    assert uneven.balance.longest_share == Fraction(0)
