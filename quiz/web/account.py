"""Signing in and out, activating an account, changing a password."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from quiz.config import Config
from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.services import accounts, devices, passwords, reading, transaction
from quiz.services.accounts import Candidate, Person
from quiz.web import pages, spliced
from quiz.web.access import actor, farewell, open_to_all, requires, visitor, welcome
from quiz.web.forms import ActivationForm, PasswordForm, SignInForm, text
from quiz.web.next_page import local_path

bp = Blueprint("account", __name__)


@bp.route("/dang-nhap", methods=["GET", "POST"])
@open_to_all
def sign_in() -> tuple[str, int] | Response | str:
    wanted = _next_page()
    if request.method == "GET" and wanted is None:
        return spliced.render(
            "account/sign_in.html", None, lambda: {"form": SignInForm(meta={"csrf": False}), "wanted": None}, {}
        )
    form = SignInForm()
    if form.validate_on_submit():
        try:
            candidate = _checked(text(form.identifier))
            if accounts.knows_password(candidate, text(form.password)):
                return _enter(candidate, candidate.person, is_shared=bool(form.shared.data))
            _fail(candidate, "sign_in_failed")
        except Refused as refusal:
            problem = pages.words(refusal)
            return render_template("account/sign_in.html", form=form, wanted=wanted, problem=problem), 422
    return render_template("account/sign_in.html", form=form, wanted=wanted), 422 if form.errors else 200


@bp.route("/kich-hoat", methods=["GET", "POST"])
@open_to_all
def activate() -> tuple[str, int] | Response:
    """The address printed on a slip brings its codes along: then only a password is left to choose."""
    form = ActivationForm()
    page = {"form": form, "minimum": _minimum(), "wanted": _next_page()}
    if request.method == "GET":
        form.identifier.data, form.code.data = request.args.get("can-bo", ""), request.args.get("ma", "")
    if form.validate_on_submit():
        try:
            candidate = _checked(text(form.identifier))
            if not accounts.knows_activation_code(candidate, text(form.code)):
                _fail(candidate, "activation_failed")
            accounts.check_new_password(candidate, text(form.password), _minimum())
            person = _store_password(candidate, text(form.password))
            return _enter(candidate, person, _("Tài khoản đã được kích hoạt."))
        except Refused as refusal:
            return render_template("account/activate.html", **page, problem=pages.words(refusal)), 422
    return render_template("account/activate.html", **page), 422 if form.errors else 200


@bp.route("/tai-khoan", methods=["GET", "POST"])
@requires(Permission.KEEP_OWN_ACCOUNT)
def own() -> tuple[str, int] | Response:
    form, minimum = PasswordForm(), _minimum()
    if form.validate_on_submit():
        try:
            candidate = _checked(visitor().staff_code)
            if not accounts.knows_password(candidate, text(form.current)):
                _fail(candidate, "password_wrong")
            accounts.check_new_password(candidate, text(form.password), minimum)
            person = _store_password(candidate, text(form.password))
            return _enter(candidate, person, _("Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất."))
        except Refused as refusal:
            problem = pages.words(refusal)
            return _own_page(form, minimum, problem), 422
    return _own_page(form, minimum), 422 if form.errors else 200


@bp.post("/dang-xuat")
@requires(Permission.KEEP_OWN_ACCOUNT)
def sign_out() -> Response:
    if request.form.get("everywhere"):
        with transaction(actor()) as session:
            accounts.end_sessions(session, visitor().id)
    farewell()
    return redirect(url_for("public.front_page"))


def _checked(identifier: str) -> Candidate:
    return accounts.find_candidate_at_once(reading(), identifier, _address(), g.now)


def _enter(candidate: Candidate, person: Person | None, message: str = "", *, is_shared: bool = False) -> Response:
    if candidate.failed:
        with transaction() as session:
            accounts.note_success(session, candidate)
    if person is None:
        raise Refused("sign_in_failed")
    welcome(person, is_shared=is_shared)
    if message:
        flash(message)
    return redirect(_next_page() or url_for(_home()))


def _next_page() -> str | None:
    return local_path(request.args.get("next"))


def _home() -> str:
    pages_by_permission = {
        Permission.SEE_RESULTS: "organise.overview",
        Permission.READ_AUDIT_LOG: "oversight.log",
        Permission.SEE_AGENCY: "agency.dashboard",
    }
    return next((page for need, page in pages_by_permission.items() if current_user.may(need)), "play.home")


def _fail(candidate: Candidate, code: str) -> None:
    with transaction() as session:
        accounts.note_failure(session, candidate, _address(), g.now)
    raise Refused(code)


def _store_password(candidate: Candidate, password: str) -> Person | None:
    """The person of the new epoch: all sessions begun before have ended."""
    password_hash = passwords.hashed(password)
    with transaction() as session:
        accounts.set_password(session, candidate, password_hash)
        return accounts.find(session, candidate.person_id or 0)


def _address() -> str:
    return request.remote_addr or ""


def _minimum() -> int:
    config: Config = current_app.config["QUIZ"]
    return config.password_minimum


def _own_page(form: PasswordForm, minimum: int, problem: str = "") -> str:
    kept = devices.KEPT.days
    return render_template("account/own.html", form=form, minimum=minimum, problem=problem, devices_kept=kept)
