"""Open registration: the form by which somebody enters the contest, and what they have declared."""

from __future__ import annotations

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import Field

from quiz import chance
from quiz.config import Config
from quiz.contest import entry_rules
from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.services import accounts, passwords, reading, registrations, transaction
from quiz.services.registrations import Declared, Opening
from quiz.web.access import open_to_all, requires, visitor, welcome
from quiz.web.forms import RegistrationForm, text
from quiz.web.pages import words

bp = Blueprint("registration", __name__, url_prefix="/dang-ky")


@bp.route("", methods=["GET", "POST"])
@open_to_all
def enter() -> tuple[str, int] | Response | str:
    opening = registrations.get_open(reading(), g.now)
    if current_user.is_authenticated:
        return render_template("registration/signed_in.html")
    form = _form(opening)
    if not form.is_submitted():
        return _page(form)
    try:
        if _is_right(form, opening):
            return _register(form, opening)
    except Refused as refusal:
        return _page(form, words(refusal)), 422
    return _page(form), 422


@bp.get("/cua-toi")
@requires(Permission.KEEP_OWN_ACCOUNT)
def own() -> str | Response:
    registered = registrations.find_own(reading(), visitor().id)
    if registered is None:
        return redirect(url_for("account.own"))
    return render_template("registration/own.html", registered=registered)


def _form(opening: Opening) -> RegistrationForm:
    form = RegistrationForm()
    form.agency.choices = [
        (str(id_), name) for block in registrations.agency_blocks(reading()) for id_, name in block.agencies
    ]
    form.division.choices = [(one.code, one.name) for one in opening.contest.rules.divisions]
    if not form.division.choices:
        del form.division
    return form


def _page(form: RegistrationForm, problem: str = "") -> str:
    return render_template(
        "registration/form.html",
        form=form,
        blocks=registrations.agency_blocks(reading()),
        minimum=_config().password_minimum,
        problem=problem,
    )


def _is_right(form: RegistrationForm, opening: Opening) -> bool:
    """Whether every field is right, the passphrase too; all that is wrong is said at once."""
    is_right = bool(form.validate())
    accounts.check_address(reading(), _address(), g.now)
    reading().rollback()
    if form.passphrase.data and not registrations.knows_passphrase(opening, text(form.passphrase)):
        with transaction() as session:
            registrations.note_failure(session, _address(), g.now)
        is_right = _complain(form.passphrase, Refused("passphrase_wrong"))
    if form.password.data and not form.password.errors:
        about = (text(form.name), text(form.phone), text(form.id_number), text(form.email))
        try:
            passwords.check_strength(text(form.password), _config().password_minimum, *about)
        except Refused as refusal:
            is_right = _complain(form.password, refusal)
    return is_right


def _register(form: RegistrationForm, opening: Opening) -> Response:
    number = entry_rules.id_number(text(form.id_number))
    declared = Declared(
        name=entry_rules.name(text(form.name)),
        agency_id=int(text(form.agency)),
        division=text(form.division) if form.division else "",
        phone=entry_rules.phone(text(form.phone)),
        email=entry_rules.email(text(form.email)),
        id_hash=entry_rules.keyed_hash(number, _config().id_number_key),
        id_last_four=entry_rules.last_four(number),
    )
    password_hash = passwords.hashed(text(form.password))
    try:
        with transaction() as session:
            person_id = registrations.register(
                session, opening, declared, password_hash, chance.registration_code(), _address(), g.now
            )
    except Refused as refusal:
        if refusal.code != "already_registered":
            raise
        return _enter(_known(declared.phone, text(form.password), refusal))
    return _enter(person_id)


def _known(phone: str, password: str, refusal: Refused) -> int:
    """Whose form came twice, as from a button pressed again on a slow line; with the right password it is a sign-in."""
    candidate = accounts.find_candidate(reading(), phone, _address(), g.now)
    reading().rollback()
    if not accounts.knows_password(candidate, password) or candidate.person_id is None:
        with transaction() as session:
            accounts.note_failure(session, candidate, _address(), g.now)
        raise refusal
    return candidate.person_id


def _enter(person_id: int) -> Response:
    person = accounts.find(reading(), person_id)
    if person is None:
        raise Refused("sign_in_failed")
    welcome(person)
    return redirect(url_for(".own"))


def _complain(field: Field, refusal: Refused) -> bool:
    field.errors = (*field.errors, words(refusal))
    return False


def _address() -> str:
    return request.remote_addr or ""


def _config() -> Config:
    config: Config = current_app.config["QUIZ"]
    return config
