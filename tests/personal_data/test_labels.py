"""What of the declared data stands in somebody's own copy."""

from __future__ import annotations

from quiz.models import Base, all_models
from quiz.personal_data.holdings import HOLDINGS
from quiz.personal_data.labels import LABELS, OWN, PUBLISHED_ONLY

assert all_models

SECRET = {
    "password_hash",
    "activation_hash",
    "session_epoch",
    "id_hash",
    "evidence",
    "facts",
    "salt",
    "unsubscribe_url",
}


def test_nothing_secret_has_a_label() -> None:
    assert sorted(SECRET & LABELS.keys()) == []


def test_every_label_is_of_a_column_that_is_declared() -> None:
    held = {column for one in HOLDINGS for name in one.columns.values() for column in name.split()}
    assert sorted(LABELS.keys() - held) == []


def test_every_table_of_the_copy_says_whose_its_rows_are() -> None:
    assert [name for name, whose in OWN.items() if whose not in Base.metadata.tables[name].columns] == []
    assert PUBLISHED_ONLY.keys() <= OWN.keys()


def test_every_table_with_rows_of_a_person_is_in_the_copy_or_left_out_on_purpose() -> None:
    left_out = {
        "appeal_answers": "what organisers signed is in their own audit log",
        "erasures": "nobody erased signs in",
        "incidents": "people are named by number, in a decision about many",
        "merges": "the entry kept holds everything",
        "publications": "named apart, as prizes",
    }
    held = {name for one in HOLDINGS for name in one.columns}
    of_people = {
        name
        for name in held - OWN.keys()
        if "person_id" in Base.metadata.tables[name].columns and name != "question_history"
    }
    assert of_people <= left_out.keys()
