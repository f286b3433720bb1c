"""Writing a bank back: what was asked for stands there, and not a byte of the rest has moved."""

from __future__ import annotations

import difflib
import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from quiz.config import ROOT
from quiz.questions import wording
from quiz.questions.bank_file import parse_bank
from quiz.questions.bank_writer import Change, Put, Remove, rewrite
from quiz.questions.wording import Wording
from tests.makers import bank_text

SOURCE = Path(ROOT, "question_bank.yaml").read_bytes()

COMMENTED = """\
# Bộ câu hỏi của tỉnh
title: Bộ câu hỏi   # tên
topics:
    mot-cua: Một cửa
    papi: "PAPI"
questions:
    # Một cửa
    -   id: MC-001
        topic: mot-cua  # lĩnh vực
        level: "1"
        # nội dung đã thẩm định
        text: >-
            Bộ phận Một cửa
            làm gì?
        options: # bốn phương án
            A: Nhận hồ sơ
            B: 'Trả kết quả'   # giữ nguyên

            C: Thu thuế
            D: Cấp phép
        key: [A]
        explanation: Vì thế  # xem lại
        document: Nghị định số 61/2018/NĐ-CP
        valid_from: 2018-06-21
    # hết phần Một cửa

    # PAPI
    -   {id: PA-001, topic: papi, level: 2, text: PAPI đo gì, options: {A: Một, B: Hai, C: Ba, D: Bốn}, key: B,
         explanation: Vậy, document: Báo cáo, valid_from: 2020-01-01}  # một dòng
# hết tệp
"""


def put(source: bytes, id_: str, **changed: object) -> bytes:
    found = {question.id: question for question in parse_bank(source).questions}[id_]
    return rewrite(source, [Put(replace(wording.of(found), **changed))])


def changed_lines(before: bytes, after: bytes) -> list[str]:
    lines = (text.decode().splitlines() for text in (before, after))
    return [line for line in list(difflib.unified_diff(*lines, n=0))[2:] if line[0] in "+-"]


def wordings(source: bytes) -> dict[str, Wording]:
    return {question.id: wording.of(question) for question in parse_bank(source).questions}


def new(id_: str, topic: str) -> Wording:
    return Wording(
        id=id_,
        topic=topic,
        level="2",
        text=f"Câu hỏi {id_} về một việc khác hẳn? (Chọn tất cả phương án đúng)",
        options=("Có", "Không", "15%", "Tùy: nơi"),
        key="AC",
        explanation="Vì: thế",
        document="Luật",
        valid_from="2024-01-01",
    )


@pytest.mark.parametrize("source", [SOURCE, COMMENTED.encode(), bank_text().encode()])
def test_what_is_put_as_it_is_moves_no_byte(source: bytes) -> None:
    assert rewrite(source, []) == source
    assert rewrite(source, [Put(each) for each in wordings(source).values() if each.id != "PA-001"]) == source


def test_a_changed_field_is_the_only_one_written_anew() -> None:
    after = put(SOURCE, "CT-003", explanation="Sáu nội dung: " + "thể chế và thủ tục " * 8)
    assert [line[:20].split(":")[0] for line in changed_lines(SOURCE, after)] == [
        *("-  explanation", "-    công vụ; tài ch", "-    giai đoạn 2001-"),
        *("+  explanation", "+    thể chế và thủ "),
    ]


def test_comments_stay_where_the_line_stays_and_above_it_where_it_grows() -> None:
    source = COMMENTED.encode()
    options = ("Nhận hồ sơ", "Trả kết quả", "Thu thuế nội địa", "Cấp phép")
    after = put(source, "MC-001", topic="papi", options=options, explanation="dài " * 30, valid_until="2030-12-31")
    assert [line.removeprefix("+       ") for line in changed_lines(source, after) if line[0] == "+"] == [
        " topic: papi # lĩnh vực",
        "     C: Thu thuế nội địa",
        " # xem lại",
        " explanation: " + "dài " * 25 + "dài",
        "   dài dài dài dài",
        " valid_until: 2030-12-31",
    ]


def test_no_comment_is_lost_whatever_is_changed() -> None:
    changes = [Put(new(id_, "mot-cua")) for id_ in ("MC-001", "PA-001")]
    after = rewrite(COMMENTED.encode(), changes).decode()
    before = [line.partition("#")[2].strip() for line in COMMENTED.splitlines() if "#" in line]
    assert [comment for comment in before if f"# {comment}" not in after] == []


def test_a_new_question_comes_after_the_last_of_its_topic_in_the_manner_of_the_file() -> None:
    after = rewrite(SOURCE, [Put(new("MC-999", "mot-cua"))]).decode()
    assert after.count("\n\n- id: ") == SOURCE.decode().count("\n\n- id: ") + 1
    ids = [question.id for question in parse_bank(after.encode()).questions if question.topic == "mot-cua"]
    assert ids[-1] == "MC-999"
    assert (
        """
- id: MC-999
  topic: mot-cua
  level: 2
  text: Câu hỏi MC-999 về một việc khác hẳn? (Chọn tất cả phương án đúng)
  options:
    A: Có
    B: Không
    C: 15%
    D: 'Tùy: nơi'
  key: [A, C]
  explanation: 'Vì: thế'
  document: Luật
  valid_from: 2024-01-01
"""
        in after
    )


def test_a_new_question_keeps_to_the_indentation_of_the_file_and_stands_before_the_next_heading() -> None:
    after = rewrite(COMMENTED.encode(), [Put(new("MC-002", "mot-cua")), Put(new("X-001", "khac"))]).decode()
    assert "2018-06-21\n\n    -   id: MC-002\n        topic: mot-cua\n" in after
    assert "    # hết phần Một cửa\n\n    # PAPI\n" in after
    assert after.endswith("        valid_from: 2024-01-01\n# hết tệp\n")


def test_removing_takes_the_question_and_its_blank_line_only() -> None:
    after = rewrite(SOURCE, [Remove("CT-002"), Remove("CG-009")])
    assert {line[0] for line in changed_lines(SOURCE, after)} == {"-"}
    assert set(wordings(SOURCE)) - set(wordings(after)) == {"CT-002", "CG-009"}
    assert "\n\n\n" not in after.decode()
    assert after[-2:].strip() + b"\n" == after[-2:]


def test_removing_the_only_question_of_a_topic_keeps_the_topic() -> None:
    after = rewrite(COMMENTED.encode(), [Remove("PA-001")])
    assert dict(parse_bank(after).topics) == {"mot-cua": "Một cửa", "papi": "PAPI"}
    assert "# PAPI" in after.decode()


def test_what_is_not_there_cannot_go() -> None:
    with pytest.raises(ValueError, match="X-009"):
        rewrite(SOURCE, [Remove("X-009")])


def test_the_last_change_of_a_question_counts() -> None:
    source = bank_text().encode()
    assert rewrite(source, [Remove("T-001"), Put(wordings(source)["T-001"])]) == source
    assert b"T-001" not in rewrite(source, [Put(wordings(source)["T-001"]), Remove("T-001")])


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("bom", ["\ufeff", ""])
def test_line_ends_and_a_mark_at_the_beginning_stay(newline: str, bom: str) -> None:
    source = (bom + COMMENTED.replace("\n", newline)).encode()
    after = rewrite(
        source,
        [
            Put(replace(new("MC-001", "mot-cua"), text="chữ " * 60 + "(Chọn tất cả phương án đúng)")),
            Put(new("X-001", "papi")),
        ],
    )
    assert after.decode().startswith(bom + "# Bộ")
    assert set(after.decode().split(newline)) & {""} == {""}
    assert after.decode().replace(newline, "").count("\n") == 0
    assert wordings(after)["MC-001"].text == "chữ " * 60 + "(Chọn tất cả phương án đúng)"


def test_a_file_that_ends_without_a_line_end_is_added_to() -> None:
    source = bank_text(2).strip().encode()
    assert list(wordings(rewrite(source, [Put(new("T-003", "chung"))]))) == ["T-001", "T-002", "T-003"]


@pytest.mark.parametrize("changes", [
    [Put(new("T-002", "chung"))],
    [Put(new("T-004", "chung"))],
    [Remove("T-002"), Remove("T-003"), Put(new("T-004", "chung"))],
])  # fmt: skip
def test_a_bank_written_in_brackets_stays_so(changes: list[Change]) -> None:
    source = json.dumps(yaml.safe_load(bank_text(3)) | {"questions": [
        {**each, "valid_from": "2020-01-01"} for each in yaml.safe_load(bank_text(3))["questions"]
    ]}, ensure_ascii=False).encode()  # fmt: skip
    found = wordings(rewrite(source, changes))
    assert {change.wording.id: change.wording for change in changes if isinstance(change, Put)}.items() <= found.items()
    assert found["T-001"] == wordings(source)["T-001"]


SAID = ("id", "topic", "level", "text", "explanation", "document", "valid_from")
WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), include_characters="\n"), max_size=200
)
LIKELY = st.sampled_from((
    *("no", "yes", "on", "null", "~", "2024-10-07", "0123", "1e3", "12:30", "15%", "- mục", "? gì", "key: value"),
    *("# không phải chú thích", "câu # và: dấu", "'nháy", '"nháy"', "{ngoặc}", "[A, B]", "*sao", "&neo", "!thẻ", "@"),
    *("| dòng", "> dòng", "%phần trăm", "---", "...", "=", "<<", "🎉 biểu tượng", "hai\ndòng", "kết thúc:", "#"),
))  # fmt: skip
TEXTS = st.lists(st.one_of(LIKELY, WORDS), min_size=1, max_size=30).map(" ".join).map(lambda text: text.strip() or "x")


@given(
    TEXTS,
    st.lists(TEXTS, min_size=4, max_size=4),
    st.lists(TEXTS, max_size=3),
    st.sampled_from([COMMENTED.encode(), bank_text(2).encode()]),
)
@example("no", ["yes", "1", "~", "- a"], ["F001", "1"], COMMENTED.encode())
def test_any_words_stand_in_the_file_as_they_were_typed(
    text: str, options: list[str], facts: list[str], source: bytes
) -> None:
    before = {question["id"]: question for question in yaml.load(source, yaml.CBaseLoader)["questions"]}
    first = next(iter(before))
    wanted = replace(
        new(first, before[first]["topic"]), text=text, options=tuple(options), facts=tuple(facts), explanation=text
    )
    for each in (wanted, replace(wanted, id="MOI-001")):
        after = {
            question["id"]: question
            for question in yaml.load(rewrite(source, [Put(each)]), yaml.CBaseLoader)["questions"]
        }
        said = wording.tidied(each)
        assert after.pop(each.id) == {
            **{name: getattr(said, name) for name in SAID},
            "options": dict(zip("ABCD", said.options, strict=True)),
            "key": ["A", "C"],
            **({"facts": list(said.facts)} if said.facts else {}),
        }  # fmt: skip
        assert after == {id_: question for id_, question in before.items() if id_ != each.id}
