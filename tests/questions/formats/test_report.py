"""What was found in a file outlives the reading: every word of it comes back from the text that is kept."""

from __future__ import annotations

from datetime import date

from quiz.questions.bank import Level
from quiz.questions.formats import report
from quiz.questions.formats.imported import Imported, ImportedOption, ImportedQuestion, NotTaken, RefusedFile, say
from quiz.questions.wording import Wording

QUESTION = ImportedQuestion(
    where=say("lines", line=7, name="Câu 7"),
    identifier="MC-7",
    text="Cơ quan nào?",
    options=tuple(ImportedOption(text, text in "bd") for text in "abcd"),
    topic_name="Một cửa",
    level=Level.APPLY,
    valid_from=date(2024, 10, 7),
    facts=("F001",),
    left_out=(say("hints"), say("tags", tags="x, y")),
)


def test_a_question_is_worded_as_the_bank_would_word_it() -> None:
    found = report.of_imported(Imported((QUESTION,), ())).questions[0]
    assert found.wording == Wording(
        level="3", text="Cơ quan nào?", options=("a", "b", "c", "d"), key="BD", valid_from="2024-10-07", facts=("F001",)
    )
    assert (found.name, found.topic_name) == ("MC-7", "Một cửa")


def test_everything_comes_back_from_the_text() -> None:
    whole = report.of_imported(Imported((QUESTION,), (NotTaken(say("line", line=3), say("options", count=5)),)))
    refused = report.of_refusal(RefusedFile("too_many", most=5000))
    for each in (whole, refused, report.Report()):
        assert report.load(report.dump(each)) == each
    assert report.load("") == report.Report()
