"""The contest file: YAML as people write it → Contest, or every fault of the file at its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from quiz.contest.appeal_rules import AppealRules
from quiz.contest.attempt_rules import AttemptRules
from quiz.contest.key_rules import OpenedBy
from quiz.contest.schedule import BarredGroup, Contest, Division, Registration, Span, Week
from quiz.contest.schedule_award_forms import (
    BlockPrizeForm,
    CollectiveForm,
    ParticipationForm,
    PrizeForm,
    TierForm,
)
from quiz.contest.schedule_faults import find_faults
from quiz.contest.schedule_forms import (
    AppealsForm,
    AttemptsForm,
    ContestForm,
    DivisionForm,
    PaperForm,
    PredictionForm,
    QuotaForm,
    RoundForm,
    hours_of,
)
from quiz.contest.schedule_hours import in_utc, open_spans, pauses_between
from quiz.contest.schedule_words import NOT_TEXT, naming
from quiz.personal_data.basis import PersonalDataRules
from quiz.questions.bank import Level
from quiz.questions.file_forms import check_form
from quiz.questions.paper import PaperRules, Quota
from quiz.scoring.chains import chain_of
from quiz.scoring.collective import Block, Collective, Measure
from quiz.scoring.counted import Counts
from quiz.scoring.participation import AgencyKind, Basis, Children, Group, ParticipationRules, Tier
from quiz.scoring.prediction import EqualDistance, Prediction, Scope, Target, Whose
from quiz.scoring.prizes import Needs, OnePrize, Per, Prize
from quiz.vietnamese import clean
from quiz.yaml_text import FaultyFile, read_yaml


def parse_contest(data: bytes) -> Contest:
    """The contest of one file; what the file does not say is as the dataclasses have it.

    Raises FaultyFile with every fault of the file; then nothing of it is used.
    """
    names = naming(reading := read_yaml(data, NOT_TEXT))
    form, faults = check_form(reading, ContestForm, names)
    faults += find_faults(reading, names)
    if form is None or faults or reading.faults:
        raise FaultyFile([*reading.faults, *faults])
    return _contest(form)


def _contest(form: ContestForm) -> Contest:
    prediction = _prediction(form.prediction) if form.prediction else None
    lot_event = clean(form.lot.event) if form.lot else None
    return Contest(
        slug=form.contest,
        title=form.title,
        organiser=form.organiser,
        plan=form.plan,
        zone=form.timezone,
        weeks=tuple(_week(week, week.number, form) for week in form.weeks),
        practice=_week(form.practice, 0, form) if form.practice else None,
        registration=Registration(form.registration),
        paper=_paper(form.paper),
        papers=_papers(form),
        attempts=_attempts(form.attempts),
        chain=chain_of(form.ranking, prediction, lot_event),
        prediction=prediction,
        divisions=tuple(_division(division, form, prediction, lot_event) for division in form.divisions),
        prizes=_prizes(form.prizes),
        one_prize=OnePrize(form.one_prize),
        prize_needs=Needs(form.prize_needs),
        participation=_participation(form.participation),
        collective=_collective(form.collective) if form.collective else None,
        appeals=_appeals(form.appeals) if form.appeals else None,
        personal_data=PersonalDataRules(**form.personal_data.model_dump()),
        keys_opened_by=OpenedBy(form.keys.opened_by),
        commitment_hours=form.commitment.hours_before,
        lot_event=lot_event,
        barred=tuple(BarredGroup(group.code, group.name) for group in form.barred),
        hotline=form.hotline,
        short_title=form.short_title,
        round_word=form.round_word,
    )


def _week(form: RoundForm, number: int, contest: ContestForm) -> Week:
    zone, hours = contest.timezone, form.hours or contest.hours
    whole = Span(in_utc(form.opens, zone), in_utc(form.closes, zone))
    pauses = pauses_between(whole, open_spans(whole, hours_of(hours) if hours else None, zone))
    return Week(number=number, opens_at=whole.start, closes_at=whole.end, pauses=pauses)


def _paper(*forms: PaperForm) -> PaperRules:
    """What the forms say, field by field, the later ones over the earlier."""
    said = PaperForm.model_construct(**{name: getattr(form, name) for form in forms for name in form.model_fields_set})
    return PaperRules(
        questions=said.questions,
        time_allowed=timedelta(minutes=said.minutes),
        quotas=tuple(map(_quota, said.quotas)),
        shuffle_questions=said.shuffle_questions,
        shuffle_options=said.shuffle_options,
        points=said.points,
        bank=said.bank,
        topics=frozenset(said.topics),
        several_keys=said.several_keys,
        needs_all_answers=said.needs_all_answers,
        avoid_seen=said.avoid_seen,
    )


def _quota(form: QuotaForm) -> Quota:
    level = Level(form.level) if form.level else None
    return Quota(count=form.count, topic=form.topic, level=level, points=form.points)


def _papers(form: ContestForm) -> dict[tuple[int, str], PaperRules]:
    """The papers of single rounds, where they are not simply those of the division."""
    rounds: list[tuple[int, PaperForm, Mapping[str, PaperForm]]] = []
    rounds += [(0, form.practice.paper, {})] if form.practice else []
    rounds += [(week.number, week.paper, week.papers) for week in form.weeks]
    found = {}
    for code, own in [(division.code, division.paper) for division in form.divisions] or [("", PaperForm())]:
        usual = _paper(form.paper, own)
        for number, paper, papers in rounds:
            special = _paper(form.paper, own, paper, papers.get(code, PaperForm()))
            if special != usual:
                found[number, code] = special
    return found


def _attempts(form: AttemptsForm) -> AttemptRules:
    is_limited = form.per_day is not None or form.per_contest is not None
    return AttemptRules(
        per_week=None if is_limited and "per_week" not in form.model_fields_set else form.per_week,
        per_day=form.per_day,
        per_contest=form.per_contest,
        counts=Counts(form.counts),
        grace=timedelta(seconds=form.grace_seconds),
    )


def _prediction(form: PredictionForm) -> Prediction:
    return Prediction(
        text=form.text,
        target=Target(form.target),
        scope=Scope(form.of),
        equal_distance=EqualDistance(form.equal_distance),
        whose=Whose(form.whose),
    )


def _division(
    form: DivisionForm, contest: ContestForm, prediction: Prediction | None, lot_event: str | None
) -> Division:
    return Division(
        code=form.code,
        name=form.name,
        paper=_paper(contest.paper, form.paper),
        chain=chain_of(contest.ranking if form.ranking is None else form.ranking, prediction, lot_event),
        prizes=_prizes(contest.prizes if form.prizes is None else form.prizes),
    )


def _prizes(forms: Sequence[PrizeForm]) -> tuple[Prize, ...]:
    return tuple(Prize(form.name, form.count, form.amount, Per(form.per)) for form in forms)


def _participation(form: ParticipationForm) -> ParticipationRules:
    return ParticipationRules(
        tiers={kind: _tiers(getattr(form.thresholds, kind)) for kind in AgencyKind},
        basis=Basis(form.basis),
        children=Children(form.children),
        kinds={kind: getattr(form.kinds, kind) for kind in AgencyKind},
        groups=tuple(
            Group(code=group.code, name=group.name, least=group.least, share=group.percent) for group in form.groups
        ),
    )


def _tiers(forms: Sequence[TierForm]) -> tuple[Tier, ...]:
    return tuple(Tier(form.percent, form.below) for form in forms)


def _collective(form: CollectiveForm) -> Collective:
    return Collective(
        blocks=tuple(
            Block(
                name=block.name,
                kinds=frozenset(map(AgencyKind, block.kinds)),
                agencies=frozenset(block.agencies),
                prizes=_block_prizes(block.prizes),
            )
            for block in form.blocks
        ),
        order=tuple(map(Measure, form.order or ())),
        weights={Measure(name): share for name, share in form.weights.items()} if form.weights else None,
        prize_points=form.prize_points,
        least_participation=form.least_participation,
        needs_groups=form.needs_groups,
        needs_prize=form.needs_prize,
    )


def _appeals(form: AppealsForm) -> AppealRules:
    is_silent = form.days_after is None and form.last_day is None
    return AppealRules(
        days_after=AppealRules().days_after if is_silent else form.days_after,
        last_day=form.last_day,
        answer_within=form.answer_within,
    )


def _block_prizes(forms: Sequence[BlockPrizeForm]) -> tuple[Prize, ...]:
    return tuple(Prize(form.name, form.count, form.amount, Per.CONTEST) for form in forms)
