"""What a contest file says of personal data."""

from __future__ import annotations

from quiz.contest.schedule_files import parse_contest
from quiz.personal_data.basis import PersonalDataRules
from tests import makers


def test_a_file_that_is_silent_names_no_basis_and_keeps_two_years() -> None:
    assert parse_contest(makers.CONTEST.encode()).personal_data == PersonalDataRules(
        legal_basis="", contact="", months=24
    )


def test_a_file_may_name_the_basis_the_contact_and_the_period() -> None:
    written = "personal_data: {legal_basis: Sự đồng ý, contact: 'Văn phòng Sở, 0225 3', months: 6}\n"
    rules = parse_contest((makers.CONTEST + written).encode()).personal_data
    assert (rules.legal_basis, rules.contact, rules.months) == ("Sự đồng ý", "Văn phòng Sở, 0225 3", 6)
