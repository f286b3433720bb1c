"""The form of a contest file, continued: prizes, participation, those kept out, collective awards."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ValidatorFunctionWrapHandler, WrapValidator

from quiz.questions.file_forms import SOME, Form, Text, Whole, at_most, between, one_of, said, shaped
from quiz.scoring.collective import Measure
from quiz.scoring.participation import AgencyKind, Basis, Children, ParticipationRules
from quiz.scoring.prizes import Per


def parse_share(value: object) -> Fraction:
    """'66.5' → 133/200, exactly."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", value.strip()):
        raise said("phải là số phần trăm viết bằng chữ số, phần lẻ sau dấu chấm, ví dụ 70 hoặc 66.5")
    share = Fraction(value.strip()) / 100
    if share > 1:
        raise said("phải từ 0 đến 100 phần trăm")
    return share


def _above_zero(share: Fraction) -> Fraction:
    if not share:
        raise said("phải lớn hơn 0; nếu không dùng, hãy bỏ dòng này")
    return share


Slug = Annotated[Text, shaped(r"[a-z0-9-]+", "chỉ dùng chữ thường không dấu a–z, chữ số và gạch nối"), at_most(80)]
Code = Annotated[Slug, at_most(40)]
Share = Annotated[Fraction, BeforeValidator(parse_share)]
SomeShare = Annotated[Share, AfterValidator(_above_zero)]

Amount = Annotated[Whole, between(1, 10**11)]


class PrizeForm(Form):
    """One kind of prize."""

    name: Text
    count: Annotated[Whole, between(1, 1000)]
    amount: Amount | None = None
    per: Annotated[Text, one_of(*Per)] = Per.WEEK


class TierForm(Form):
    """A threshold for agencies below a size."""

    below: Annotated[Whole, between(2, 1_000_000)] | None = None
    percent: Share


def _one_tier(value: object, tiers: ValidatorFunctionWrapHandler) -> object:
    """A bare share is one threshold for any size."""
    if isinstance(value, str):
        return (TierForm.model_construct(percent=parse_share(value)),)
    return tiers(value)


Tiers = Annotated[tuple[TierForm, ...], SOME, WrapValidator(_one_tier)]


def _silent(kind: AgencyKind) -> tuple[TierForm, ...]:
    return tuple(TierForm.model_construct(percent=tier.share) for tier in ParticipationRules().tiers[kind])


class ThresholdsForm(Form):
    """The thresholds by kind of agency."""

    city: Tiers = _silent(AgencyKind.CITY)
    central: Tiers = _silent(AgencyKind.CENTRAL)


class KindsForm(Form):
    """What the contest calls each kind of agency."""

    city: Text = AgencyKind.CITY.words
    central: Text = AgencyKind.CENTRAL.words


class GroupForm(Form):
    """People whose taking part is compulsory."""

    code: Code
    name: Text
    least: Annotated[Whole, between(1, 1000)] | None = None
    percent: SomeShare | None = None


class ParticipationForm(Form):
    """What agencies must reach."""

    basis: Annotated[Text, one_of(*Basis)] = ParticipationRules().basis
    children: Annotated[Text, one_of(*Children)] = ParticipationRules().children
    thresholds: ThresholdsForm = ThresholdsForm()
    kinds: KindsForm = KindsForm()
    groups: tuple[GroupForm, ...] = ()


class BarredForm(Form):
    """A group that the rules keep out."""

    code: Code
    name: Text


class BlockPrizeForm(Form):
    """One kind of collective prize, given once."""

    name: Text
    count: Annotated[Whole, between(1, 1000)]
    amount: Amount | None = None


class BlockForm(Form):
    """Agencies compared with each other."""

    name: Text
    kinds: Annotated[tuple[Annotated[Text, one_of(*AgencyKind)], ...], SOME] = ()
    agencies: Annotated[tuple[Text, ...], SOME] = ()
    prizes: Annotated[tuple[BlockPrizeForm, ...], SOME]


class CollectiveForm(Form):
    """How agencies are ranked."""

    order: Annotated[tuple[Annotated[Text, one_of(*Measure)], ...], SOME] | None = None
    weights: Annotated[dict[Annotated[Text, one_of(*Measure)], SomeShare], SOME] | None = None
    prize_points: Annotated[dict[Text, Annotated[Whole, between(1, 1000)]], SOME] | None = None
    least_participation: Share = Fraction(0)
    needs_groups: bool = False
    needs_prize: bool = False
    blocks: Annotated[tuple[BlockForm, ...], SOME]
