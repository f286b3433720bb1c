"""Who may open what: every endpoint by every role, tokens, headers, cookies, sessions, and other people's things."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from itertools import product

import pytest
from flask import Flask
from werkzeug.routing import Rule

from quiz.app import create_app
from quiz.config import Config
from quiz.models import db
from quiz.permissions import Role
from quiz.web import access
from quiz.web.next_page import local_path
from tests import makers
from tests.conftest import SECRET, Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import COLLEAGUE, DURING, PARTICIPANT, SIGNS_IN, STAFF

WHO = ("anonymous", "participant", "coordinator", "organiser", "inspector", "admin")

# yes: the page is theirs to use; no: 403; in: sign in first.
MATRIX = """
                      anonymous  participant  coordinator  organiser  inspector  admin
account.activate      yes        yes          yes          yes        yes        yes
account.own           in         yes          yes          yes        yes        yes
account.sign_in       yes        yes          yes          yes        yes        yes
account.sign_out      in         yes          yes          yes        yes        yes
agencies.end_exemption in         no           no           yes        no         yes
agencies.exempt       in         no           no           yes        no         yes
agencies.headcount    in         no           no           yes        no         yes
agencies.listing      in         no           no           yes        no         yes
agencies.one          in         no           no           yes        no         yes
agency.dashboard      in         no           yes          yes        no         no
agency.slips          in         no           yes          yes        no         no
agency_reports.ask    in         no           yes          yes        no         no
agency_reports.choose in         no           yes          yes        no         no
appeal_desk.answer    in         no           no           yes        no         no
appeal_desk.correct   in         no           no           yes        no         no
appeal_desk.listing   in         no           no           yes        yes        no
appeal_desk.one       in         no           no           yes        yes        no
appeals.form          in         yes          yes          yes        yes        yes
appeals.own           in         yes          yes          yes        yes        yes
appeals.register      yes        yes          yes          yes        yes        yes
appeals.send          in         yes          yes          yes        yes        yes
appeals.withdraw      in         yes          yes          yes        yes        yes
bootstrap.static      yes        yes          yes          yes        yes        yes
certificates.ask      in         yes          yes          yes        yes        yes
certificates.check    yes        yes          yes          yes        yes        yes
certificates.entry    yes        yes          yes          yes        yes        yes
certificates.own      in         yes          yes          yes        yes        yes
commitments.ask       in         no           no           yes        no         no
commitments.one       in         no           no           yes        yes        no
commitments.progress  in         no           no           yes        yes        no
data_requests.acknowledge in     no           no           yes        no         yes
data_requests.answer  in         no           no           yes        no         yes
data_requests.erase   in         no           no           yes        no         yes
data_requests.expiring in        no           no           yes        no         yes
data_requests.extend  in         no           no           yes        no         yes
data_requests.listing in         no           no           yes        no         yes
data_requests.one     in         no           no           yes        no         yes
data_requests.record  in         no           no           yes        no         yes
decisions.allowance   in         no           no           yes        yes        no
decisions.approve_allowance in   no           no           yes        no         no
decisions.approve_incident in    no           no           yes        no         no
decisions.choose_sit_again in    no           no           yes        no         no
decisions.incident    in         no           no           yes        yes        no
decisions.listing     in         no           no           yes        yes        no
decisions.propose_allowance in   no           no           yes        no         no
decisions.propose_incident in    no           no           yes        no         no
decisions.propose_revocation in  no           no           yes        no         no
decisions.withdraw_allowance in  no           no           yes        no         no
decisions.withdraw_incident in   no           no           yes        no         no
documents.cancel      in         yes          yes          yes        yes        yes
documents.file        in         yes          yes          yes        yes        yes
documents.one         in         yes          yes          yes        yes        yes
documents.own         in         yes          yes          yes        yes        yes
documents.progress    in         yes          yes          yes        yes        yes
headcounts.confirm    in         no           yes          yes        no         yes
headcounts.declare    in         no           yes          yes        no         yes
headcounts.one        in         no           yes          yes        no         yes
item_report.ask       in         no           no           yes        yes        no
item_report.overview  in         no           no           yes        yes        no
item_report.progress  in         no           no           yes        yes        no
item_report.question  in         no           no           yes        yes        no
item_report.stop_or_begin in     no           no           yes        no         no
mail.accept           yes        yes          yes          yes        yes        yes
mail.allow            in         no           no           yes        no         yes
mail.care             in         no           no           yes        no         yes
mail.refuse           yes        yes          yes          yes        yes        yes
mail.refusing         yes        yes          yes          yes        yes        yes
mail.remind           in         no           yes          yes        no         no
mail.reminder         in         no           yes          yes        no         no
mail.send_again       in         no           no           yes        no         yes
metrics.page          yes        yes          yes          yes        yes        yes
monitor.figures       in         no           no           yes        yes        no
monitor.page          in         no           no           yes        yes        no
office_templates.change in       no           no           yes        no         no
office_templates.file in         no           no           yes        yes        no
office_templates.one  in         no           no           yes        yes        no
office_templates.original in     no           no           yes        yes        no
office_templates.overview in     no           no           yes        yes        no
office_templates.restore in      no           no           yes        no         no
official_letters.ask  in         no           no           yes        no         no
organise.mark         in         no           no           yes        no         no
organise.overview     in         no           no           yes        yes        no
organise.publish      in         no           no           yes        no         no
organise.week         in         no           no           yes        yes        no
oversight.log         in         no           no           no         yes        yes
oversight.one         in         no           no           no         yes        yes
sealed_openings.listing in       no           no           no         yes        no
sealed_openings.ask   in         no           no           no         yes        no
people.compare        in         no           no           yes        no         yes
people.merge          in         no           no           yes        no         yes
people.one            in         no           no           yes        no         yes
people.reset          in         no           no           yes        no         yes
people.search         in         no           no           yes        no         yes
personal_data.ask     in         yes          yes          yes        yes        yes
personal_data.copy_for_machines in yes        yes          yes        yes        yes
personal_data.copy_for_readers in yes         yes          yes        yes        yes
personal_data.notice  yes        yes          yes          yes        yes        yes
personal_data.own     in         yes          yes          yes        yes        yes
personal_data.withdraw in        yes          yes          yes        yes        yes
play.answers          in         yes          yes          yes        yes        yes
play.hand_in          in         yes          yes          yes        yes        yes
play.home             in         yes          yes          yes        yes        yes
play.paper            in         yes          yes          yes        yes        yes
play.receipt          in         yes          yes          yes        yes        yes
play.review           in         yes          yes          yes        yes        yes
play.save             in         yes          yes          yes        yes        yes
play.start            in         yes          yes          yes        yes        yes
health.alive          yes        yes          yes          yes        yes        yes
health.ready          yes        yes          yes          yes        yes        yes
heads.file            yes        yes          yes          yes        yes        yes
heads.page            yes        yes          yes          yes        yes        yes
receipts.file         in         yes          yes          yes        yes        yes
receipts.picture      in         yes          yes          yes        yes        yes
public.front_page     yes        yes          yes          yes        yes        yes
public.hall           yes        yes          yes          yes        yes        yes
public.language       yes        yes          yes          yes        yes        yes
public.participation  yes        yes          yes          yes        yes        yes
public.poster         yes        yes          yes          yes        yes        yes
public.rules          yes        yes          yes          yes        yes        yes
public.week           yes        yes          yes          yes        yes        yes
public.widget         yes        yes          yes          yes        yes        yes
public.winners        yes        yes          yes          yes        yes        yes
question_exports.ask  in         no           no           yes        no         no
question_exports.choose in         no           no           yes        no         no
question_imports.choose in         no           no           yes        no         no
question_imports.drop in         no           no           yes        no         no
question_imports.imports in         no           no           yes        no         no
question_imports.one  in         no           no           yes        no         no
question_imports.progress in         no           no           yes        no         no
question_imports.upload in         no           no           yes        no         no
publications.body     yes        yes          yes          yes        yes        yes
publications.bundle   yes        yes          yes          yes        yes        yes
publications.feed     yes        yes          yes          yes        yes        yes
publications.one      yes        yes          yes          yes        yes        yes
publications.picture  yes        yes          yes          yes        yes        yes
question_work.apply   in         no           no           yes        no         no
question_work.ask_removal in     no           no           yes        no         no
question_work.decide  in         no           no           yes        no         no
question_work.edit    in         no           no           yes        no         no
question_work.listing in         no           no           yes        no         no
question_work.new     in         no           no           yes        no         no
question_work.one     in         no           no           yes        no         no
question_work.several in         no           no           yes        no         no
registration.enter    yes        yes          yes          yes        yes        yes
registration.own      in         yes          yes          yes        yes        yes
review.listing        in         no           no           yes        yes        no
review.person         in         no           no           yes        yes        no
review.preview        in         no           no           yes        no         no
review.progress       in         no           no           yes        yes        no
review.stop_or_begin  in         no           no           yes        no         no
review.strike         in         no           no           yes        no         no
review.undo           in         no           no           yes        no         no
roster.blank          in         no           no           yes        no         yes
roster.confirm        in         no           no           yes        no         yes
roster.drop           in         no           no           yes        no         yes
roster.imports        in         no           no           yes        no         yes
roster.one            in         no           no           yes        no         yes
roster.progress       in         no           no           yes        no         yes
roster.upload         in         no           no           yes        no         yes
roster_care.add       in         no           yes          yes        no         yes
roster_care.correct   in         no           yes          yes        no         yes
roster_care.end_exemption in     no           yes          yes        no         yes
roster_care.exempt    in         no           yes          yes        no         yes
roster_care.people    in         no           yes          yes        no         yes
roster_care.person    in         no           yes          yes        no         yes
roster_moves.accept   in         no           yes          yes        no         yes
roster_moves.drop     in         no           yes          yes        no         yes
roster_moves.leave    in         no           yes          yes        no         yes
roster_moves.listing  in         no           yes          yes        no         yes
roster_moves.propose  in         no           yes          yes        no         yes
key_openings.approve  in         no           no           yes        no          no
key_openings.listing  in         no           no           yes        yes         no
key_openings.one      in         no           no           yes        yes         no
key_openings.propose  in         no           no           yes        no          no
key_openings.withdraw in         no           no           yes        no          no
lots.approve          in         no           no           yes        no          no
lots.listing          in         no           no           yes        yes         no
lots.one              in         no           no           yes        yes         no
lots.propose          in         no           no           yes        no          no
lots.withdraw         in         no           no           yes        no          no
rulings.approve       in         no           no           yes        no          no
rulings.listing       in         no           no           yes        yes         no
rulings.one           in         no           no           yes        yes         no
rulings.progress      in         no           no           yes        yes         no
rulings.propose       in         no           no           yes        no          no
rulings.stop_or_begin in         no           no           yes        no          no
rulings.withdraw      in         no           no           yes        no          no
static                yes        yes          yes          yes        yes        yes
verification.newest   yes        yes          yes          yes        yes        yes
verification.page     yes        yes          yes          yes        yes        yes
verification.verifier yes        yes          yes          yes        yes        yes
verification.version  yes        yes          yes          yes        yes        yes
week_documents.ask    in         no           no           yes        yes        no
week_documents.listing in        no           no           yes        yes        no
"""
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Strict-Transport-Security": None,
}
ELSEWHERE = (
    *(
        "//evil.vn",
        "///evil.vn",
        "/\\evil.vn",
        "\\\\evil.vn",
        "/\\/evil.vn",
        "//evil.vn/thi",
        "/\t/evil.vn",
        "\t//evil.vn",
    ),
    *("https:evil.vn", "https:/evil.vn", "https://evil.vn", "http://evil.vn", "HTTPS://evil.vn", "https:///evil.vn"),
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "mailto:a@evil.vn", "blob:x"),
    *("/%2fevil.vn", "%2f%2fevil.vn", "/%5cevil.vn", "/%09/evil.vn", "/%0d%0aLocation:x", "/thi%00", "/thi?a=%2f"),
    *(
        "\t//evil.vn",
        " //evil.vn",
        "/ /evil.vn",
        "/\n/evil.vn",
        "/\r/evil.vn",
        "/thi\n",
        "/thi\r\nX: b",
        "/\x00/evil.vn",
    ),
    *(
        "evil.vn",
        "thi",
        "./thi",
        "@evil.vn",
        "/@evil.vn",
        "//localhost@evil.vn",
        "/thi#//evil.vn",
        "/thi?next=//evil.vn",
    ),
    *("／／evil.vn", "/／evil.vn", "//evil。vn", "/thi?a=b?c", "?a=b", "#", "", "/​/evil.vn", "/;/evil.vn", "/:80"),
)


def matrix() -> dict[str, dict[str, str]]:
    """The table above by endpoint and role."""
    head, *rows = (line.split() for line in MATRIX.strip().splitlines())
    assert tuple(head) == WHO
    return {endpoint: dict(zip(head, cells, strict=True)) for endpoint, *cells in rows}


def rules(app: Flask) -> list[Rule]:
    """Every address of the application."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint)


def address(app: Flask, rule: Rule, **known: object) -> str:
    """An address of this rule; things that do not exist where not said otherwise."""
    values = {
        "number": 1,
        "issue": 1,
        "code": "A" * 16,
        "agency_id": 1,
        "appeal_id": 1,
        "import_id": 1,
        "decision_id": 1,
        "document_id": 1,
        "question_id": "T-001",
        "exemption_id": 1,
        "person_id": 1,
        "move_id": 1,
        "letter_id": 1,
        "letter": "thong-bao",
        "edition": 1,
        "version": 1,
        "strike_id": 1,
        "request_id": 1,
        "token": "signed",
        "filename": "app.css",
    } | known
    if rule.endpoint == "bootstrap.static":
        values["filename"] = "css/bootstrap.min.css"
    with app.test_request_context():
        return app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})


def methods(rule: Rule) -> list[str]:
    """What a browser can send there."""
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def cookie(client: PageClient, name: str = "quiz") -> str:
    """The session cookie as the browser holds it."""
    held = client.http.get_cookie(name)
    assert held
    return held.value


def outcome(client: PageClient, method: str, path: str, token: str = "") -> str:
    """yes, no or in, for one request with a valid token."""
    data = {"csrf_token": token or client.token()} if method != "GET" else None
    answer = client.http.open(path, method=method, data=data)
    answer.close()
    if answer.status_code == 403:
        return "no"
    assert answer.status_code < 500
    return "in" if answer.headers.get("Location", "").startswith("/dang-nhap") else "yes"


def test_matrix_names_every_endpoint(app: Flask) -> None:
    assert set(matrix()) == {rule.endpoint for rule in app.url_map.iter_rules()}


@pytest.mark.one_database
@pytest.mark.parametrize("who", WHO)
def test_every_endpoint_lets_in_whom_the_matrix_says(app: Flask, clock: Clock, who: str) -> None:
    ids = scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(app)
    if who != "anonymous":
        client.sign_in(SIGNS_IN[who])
    token = client.token()
    signed_in = cookie(client)
    found = {}
    for rule in rules(app):
        path = address(app, rule, agency_id=ids["SNV"])
        outcomes = set()
        for method in methods(rule):
            client.http.set_cookie("quiz", signed_in)
            outcomes.add(outcome(client, method, path, token))
        found[rule.endpoint] = "/".join(sorted(outcomes))
    assert found == {endpoint: cells[who] for endpoint, cells in matrix().items()}


def test_an_endpoint_without_a_permission_keeps_the_app_from_starting(own_app: Flask) -> None:
    own_app.add_url_rule("/lo-hong", "loophole", lambda: "")
    with pytest.raises(RuntimeError, match=r"^endpoints without a permission: loophole$"):
        access.guard(own_app)


def test_an_endpoint_slipped_in_later_is_closed_to_all(own_app: Flask) -> None:
    own_app.add_url_rule("/lo-hong", "loophole", lambda: "secret")
    scenes.lay_out(own_app)
    assert outcome(PageClient(own_app), "GET", "/lo-hong") == "in"
    assert outcome(PageClient(own_app).sign_in(STAFF[Role.ORGANISER]), "GET", "/lo-hong") == "no"


@pytest.mark.one_database
@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_every_unsafe_method_without_a_token_changes_nothing(app: Flask, clock: Clock, token: str | None) -> None:
    ids = scenes.lay_out(app)
    clock.now = DURING
    visitors = {name: PageClient(app).sign_in(SIGNS_IN[name]) for name in ("participant", "organiser")}
    code = scenes.start(visitors["participant"])
    before = scenes.everything(app)
    data = {} if token is None else {"csrf_token": token}
    free = {"public.language", "mail.refuse"}  # the one changes words only, the other asks for a signed link
    held = [rule for rule in rules(app) if rule.endpoint not in free]
    for (name, client), rule in product(visitors.items(), held):
        path = address(app, rule, agency_id=ids["SNV"], code=code)
        for method in set(methods(rule)) - {"GET"}:
            answer = client.http.open(path, method=method, data=data)
            assert (name, rule.endpoint, answer.status_code) == (name, rule.endpoint, 400)
            assert "Trang đã mở quá lâu" in answer.text
            as_json = client.http.open(path, method=method, json={"seq": 9, "answers": ["A"] * 5})
            assert as_json.status_code == 400
            assert as_json.json == {
                "error": "page_expired",
                "message": "Trang đã mở quá lâu nên phiên gửi hết hiệu lực. Hãy tải lại trang và gửi lại.",
            }
    assert scenes.everything(app) == before


def test_a_token_of_another_session_is_refused(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = DURING
    client, other = PageClient(app).sign_in(PARTICIPANT), PageClient(app)
    answer = client.http.post("/thi/tuan-1", data={"csrf_token": other.token()})
    assert answer.status_code == 400
    assert scenes.everything(app)["attempts"] == []


def security(headers: object) -> dict[str, str | None]:
    """The security headers of an answer."""
    return {name: headers.get(name) for name in HEADERS}  # type: ignore[attr-defined]


def test_every_answer_carries_the_security_headers(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(app)
    client.sign_in(PARTICIPANT)
    code = scenes.start(client)
    answers = {
        "page": client.http.get("/"),
        "own page": client.http.get("/thi"),
        "redirect": PageClient(app).http.get("/thi"),
        "refused": client.http.get(f"/thi/bai/{code}/dap-an"),
        "forbidden": client.http.get("/ban-to-chuc"),
        "missing": client.http.get("/khong-co"),
        "wrong method": client.http.get("/dang-xuat"),
        "no token": client.http.post("/dang-xuat"),
        "json": client.http.post(f"/thi/bai/{code}/luu", json={}, headers={"X-CSRFToken": client.token()}),
        "style": client.http.get("/static/app.css", buffered=True),
        "bootstrap": client.http.get("/bootstrap/static/css/bootstrap.min.css", buffered=True),
        "options": client.http.options("/thi"),
    }
    assert [answer.status_code for answer in answers.values()] == [
        *(200, 200, 302, 409, 403, 404, 405, 400, 409, 200, 200, 200),
    ]
    assert {name: security(answer.headers) for name, answer in answers.items()} == dict.fromkeys(answers, HEADERS)


def test_pages_of_somebody_signed_in_are_never_stored(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(app)
    assert client.http.get("/dang-nhap").headers["Cache-Control"] == "no-cache"
    client.sign_in(PARTICIPANT)
    code = scenes.start(client)
    paths = ("/", "/the-le", "/thi", f"/thi/bai/{code}", "/tai-khoan", "/khong-co", "/ban-to-chuc", "/dang-nhap")
    kept = {path: client.http.get(path).headers["Cache-Control"] for path in paths}
    assert kept == dict.fromkeys(paths, "no-store")
    assert client.http.post(f"/thi/bai/{code}/luu", json={}).headers["Cache-Control"] == "no-store"


@pytest.fixture
def https_app(app: Flask, database_url: str, clock: Clock) -> Iterator[Flask]:
    """The application as it runs behind TLS, on the same database."""
    made = create_app(Config(database_url=database_url, secret_key=SECRET, https=True, testing=True), clock)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def test_https_adds_hsts_and_a_host_cookie(app: Flask, https_app: Flask) -> None:
    scenes.lay_out(app)
    client, site = PageClient(https_app), "https://localhost"
    page = client.http.get("/dang-nhap", base_url=site)
    assert security(page.headers) == HEADERS | {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
    token = page.text.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]
    answer = client.http.post(
        "/dang-nhap",
        base_url=site,
        headers={"Referer": f"{site}/dang-nhap"},
        data={"csrf_token": token, "identifier": PARTICIPANT, "password": makers.PASSWORD},
    )
    assert answer.headers["Location"] == "/thi"
    (header,) = answer.headers.getlist("Set-Cookie")
    morsel = SimpleCookie(header)["__Host-quiz"]
    assert (morsel["httponly"], morsel["secure"], morsel["samesite"], morsel["path"], morsel["domain"]) == (
        *(True, True, "Lax", "/", ""),
    )


def test_http_cookie_is_closed_to_scripts(app: Flask) -> None:
    (header,) = PageClient(app).http.get("/dang-nhap").headers.getlist("Set-Cookie")
    morsel = SimpleCookie(header)["quiz"]
    assert (morsel["httponly"], morsel["secure"], morsel["samesite"]) == (True, "", "Lax")


def is_signed_in(app: Flask, session_cookie: str) -> bool:
    """Whether this cookie opens the own account."""
    client = PageClient(app)
    client.http.set_cookie("quiz", session_cookie)
    return client.http.get("/tai-khoan").headers.get("Location") != "/dang-nhap?next=/tai-khoan"


def test_signing_in_starts_a_new_session(app: Flask) -> None:
    scenes.lay_out(app)
    client = PageClient(app)
    token, before = client.token(), cookie(client)
    client.sign_in(PARTICIPANT)
    assert cookie(client) != before
    assert client.token() != token
    assert not is_signed_in(app, before)
    assert is_signed_in(app, cookie(client))


def test_what_an_attacker_put_into_the_session_before_is_dropped(app: Flask) -> None:
    scenes.lay_out(app)
    client = PageClient(app)
    with client.http.session_transaction() as planted:
        planted["planted"] = "x"
    client.sign_in(PARTICIPANT)
    with client.http.session_transaction() as held:
        assert set(held) == {"_fresh", "_id", "_permanent", "_user_id", "seen"}


def test_signing_out_everywhere_ends_every_session(app: Flask) -> None:
    scenes.lay_out(app)
    phone, desk, other = (PageClient(app).sign_in(code) for code in (PARTICIPANT, PARTICIPANT, COLLEAGUE))
    held = cookie(phone), cookie(desk)
    assert phone.post("/dang-xuat", {"everywhere": "1"}) == "/"
    assert [is_signed_in(app, each) for each in held] == [False, False]
    assert is_signed_in(app, cookie(other))


def test_signing_out_ends_this_browsers_session(app: Flask) -> None:
    scenes.lay_out(app)
    phone, desk = PageClient(app).sign_in(PARTICIPANT), PageClient(app).sign_in(PARTICIPANT)
    assert phone.post("/dang-xuat") == "/"
    assert phone.get("/tai-khoan", 302) == "/dang-nhap?next=/tai-khoan"
    assert is_signed_in(app, cookie(desk))


def test_a_new_password_ends_every_older_session(app: Flask) -> None:
    scenes.lay_out(app)
    phone, desk = PageClient(app).sign_in(PARTICIPANT), PageClient(app).sign_in(PARTICIPANT)
    held = cookie(phone), cookie(desk)
    new = "mot cau mat khau khac"
    desk.post("/tai-khoan", {"current": makers.PASSWORD, "password": new, "again": new})
    assert [is_signed_in(app, each) for each in held] == [False, False]
    assert is_signed_in(app, cookie(desk))


def test_a_person_who_left_is_signed_out(app: Flask) -> None:
    ids = scenes.lay_out(app)
    client = PageClient(app).sign_in(PARTICIPANT)
    held = cookie(client)
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE people SET left_at = '2024-10-01' WHERE id = {ids[PARTICIPANT]}")
    assert not is_signed_in(app, held)


def test_forged_and_spoilt_cookies_are_nobody(app: Flask) -> None:
    scenes.lay_out(app)
    held = cookie(PageClient(app).sign_in(PARTICIPANT))
    body, at, mark = held.rsplit(".", 2)
    for spoilt in (
        f"{body}.{at}.{mark[:-2]}xx",
        f"{body[:9]}{body[9:].swapcase()}.{at}.{mark}",
        f"{body}..{mark}",
        "x",
        "",
        held[1:],
    ):
        assert not is_signed_in(app, spoilt), spoilt


@pytest.mark.parametrize("role", STAFF)
def test_idle_staff_must_sign_in_again(app: Flask, clock: Clock, role: Role) -> None:
    scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(app).sign_in(STAFF[role])
    for _ in range(2):
        clock.now += timedelta(minutes=30)
        client.get("/tai-khoan")
    old = cookie(client)
    clock.now += timedelta(minutes=30, seconds=1)
    assert client.get("/tai-khoan", 302) == "/dang-nhap?next=/tai-khoan"
    assert not is_signed_in(app, old)


def test_idle_participants_stay_signed_in(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(app).sign_in(PARTICIPANT)
    clock.now += timedelta(days=4)
    assert "Bài thi của tôi" in client.get("/thi")


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_next_page_elsewhere_is_no_page_of_this_site(wanted: str) -> None:
    assert local_path(wanted) is None


@pytest.mark.parametrize("wanted", ["/", "/thi", "/ket-qua/tuan-1", "/giam-sat/nhat-ky?trang=2", "/thi/bai/ABC234"])
def test_next_page_of_this_site_is_kept(wanted: str) -> None:
    assert local_path(wanted) == wanted


def test_next_page_elsewhere_is_never_followed(app: Flask) -> None:
    scenes.lay_out(app)
    client = PageClient(app)
    token = client.token()
    followed = {
        wanted: client.http.post("/ngon-ngu", data={"csrf_token": token, "next": wanted}).headers["Location"]
        for wanted in ELSEWHERE
    }
    assert followed == dict.fromkeys(ELSEWHERE, "/")
    for wanted in ("//evil.vn", "https:evil.vn", "/\\evil.vn"):
        answer = client.http.post(
            "/dang-nhap",
            query_string={"next": wanted},
            data={"csrf_token": client.token(), "identifier": PARTICIPANT, "password": makers.PASSWORD},
        )
        assert answer.headers["Location"] == "/thi"


def test_signing_in_leads_to_the_page_that_was_asked_for(app: Flask) -> None:
    scenes.lay_out(app)
    client = PageClient(app)
    sign_in = client.get("/tai-khoan", 302)
    fields = {"identifier": PARTICIPANT, "password": makers.PASSWORD}
    assert client.post(sign_in, fields, form=sign_in) == "/tai-khoan"


def test_a_coordinator_sees_own_agency_and_children_only(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app)
    clock.now = DURING
    scenes.freeze(app, clock.now)
    client = PageClient(app).sign_in(STAFF[Role.COORDINATOR])
    assert "<h1>Sở Nội vụ</h1>" in client.get("/co-quan")
    assert "<h1>Sở Nội vụ</h1>" in client.get(f"/co-quan?co-quan={ids['SNV']}")
    assert "<h1>Chi cục Văn thư</h1>" in client.get(f"/co-quan?co-quan={ids['SNV-1']}")
    before = scenes.everything(app)
    for wanted in (ids["CT"], 999, 10**30, -1):
        page = client.get(f"/co-quan?co-quan={wanted}", 404)
        assert "Không có cơ quan, đơn vị này trong phạm vi của ông/bà." in page
        assert "Cục Thuế" not in page
    for wanted in (ids["CT"], 999):
        assert "Không có cơ quan" in client.post(f"/co-quan/{wanted}/phieu-kich-hoat", status=404)
    assert scenes.everything(app) == before


def test_another_persons_attempt_does_not_exist(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = DURING
    code = scenes.start(PageClient(app).sign_in(PARTICIPANT))
    before = scenes.everything(app)["attempts"]
    play = [rule for rule in rules(app) if "code" in rule.arguments and rule.endpoint.startswith("play.")]
    assert len(play) == 6
    for who in (COLLEAGUE, STAFF[Role.ORGANISER]):
        client = PageClient(app).sign_in(who)
        token = client.token()
        for rule, (method, how) in product(play, (("GET", {}), ("POST", {"data": {"seq": "5", "q1": "A"}}))):
            if method not in methods(rule):
                continue
            if rule.endpoint == "play.save":
                how = {"json": {"seq": 5, "answers": ["A"] * 5}}
            headers = {"X-CSRFToken": token} if method == "POST" else {}
            pages = [
                client.http.open(address(app, rule, code=each), method=method, headers=headers, **how)
                for each in (code, "A" * 16)
            ]
            assert [page.status_code for page in pages] == [404, 404]
            assert "Không tìm thấy lượt thi này trong tài khoản của ông/bà." in (pages[0].json or {}).get(
                "message", pages[0].text
            )
            theirs, nobodys = (scenes.without_tokens(page.text) for page in pages)
            assert theirs.replace(code, "A" * 16) == nobodys
    assert scenes.everything(app)["attempts"] == before


def test_numbers_out_of_all_bounds_are_not_found(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    form = {"csrf_token": client.token(), "seen": "x", "checked": "y", "shown": "x", "headcount": "9", "reason": "x"}
    before = scenes.everything(app)
    allowed = [rule for rule in rules(app) if matrix()[rule.endpoint]["organiser"] != "no"]
    for rule, number in product(allowed, (0, 999, 2**31 - 1, 2**31, 2**63, 10**40)):
        for name in rule.arguments - {"code", "filename"}:
            path = address(app, rule, **{name: 1}).replace("/1", f"/{number}").replace("-1", f"-{number}")
            for method in methods(rule):
                status, leads_home = outcome_of_missing(client, method, path, form)
                # the router asks for the method first, and only then whether a number can be one of the database
                assert status == 404 or (status == 405 and number >= 2**31), f"{method} {path}: {status}"
                assert leads_home, f"{method} {path}"
    assert scenes.everything(app) == before


def outcome_of_missing(client: PageClient, method: str, path: str, form: dict[str, str]) -> tuple[int, bool]:
    """The status of a request for what does not exist, and whether a page with a way home came back."""
    answer = client.http.open(path, method=method, data=form if method != "GET" else None)
    return answer.status_code, "Về trang chủ" in answer.text


def test_codes_that_are_none_are_not_found(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(app).sign_in(PARTICIPANT)
    for code in ("%00", "A" * 15 + "%00", "A" * 300, "..", "'", "%F0%9F%92%A9", "a%0d%0ab"):
        assert "Về trang chủ" in client.get(f"/thi/bai/{code}/bien-nhan", 404)
