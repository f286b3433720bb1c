"""What can be wrong in a contest file whose form is right: rules at odds with each other, rules without effect."""

from __future__ import annotations

from itertools import chain

from quiz.contest.schedule_award_faults import barred_faults, collective_faults, participation_faults, prize_faults
from quiz.contest.schedule_paper_faults import attempt_faults, division_faults, most_attempts, paper_faults
from quiz.contest.schedule_places import Place
from quiz.contest.schedule_ranking_faults import ranking_faults
from quiz.contest.schedule_week_faults import appeal_faults, read_rounds, week_faults
from quiz.questions.file_forms import Naming, to_faults
from quiz.yaml_text import Fault, Reading


def find_faults(reading: Reading, naming: Naming) -> list[Fault]:
    """Everything that only the sense of the file shows; the form's own faults are not repeated."""
    file = Place(reading)
    weeks, practice = read_rounds(file)
    most = most_attempts(file, weeks)
    complaints = chain(
        week_faults(file, weeks, practice),
        paper_faults(file, [practice, *weeks] if practice else weeks),
        attempt_faults(file, most),
        ranking_faults(file, most),
        division_faults(file),
        prize_faults(file),
        participation_faults(file),
        barred_faults(file),
        collective_faults(file),
        appeal_faults(file, weeks),
    )
    return to_faults(reading, naming, complaints)
