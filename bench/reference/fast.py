"""The reference "fast": the same pages by one statement a request, sessions in the database and checked by the
statement that does the work, the paper rendered once in a process, replies written by hand, a token made from the
session's name, and no more of Flask than its addresses.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from functools import lru_cache

from flask import Flask, Response, abort, redirect, render_template, request

from bench.reference import flow, store

app = Flask(__name__)
KEY = b"a secret of the reference, as long as it has to be"
COOKIE = "s"
HELD = (
    "person_id = (SELECT s.person_id FROM reference_sessions s JOIN reference_people p ON p.id = s.person_id "
    "WHERE s.token = :token AND p.left_at IS NULL)"
)
OPEN = flow.OPEN.replace("person_id = :person", HELD)
OWN = f"SELECT code, started_at, deadline_at, seq, answers, handed_in_at FROM reference_attempts WHERE {HELD} AND code = :code"  # noqa: S608, E501


@lru_cache(maxsize=4096)
def token(name: str) -> str:
    """What every form of a session carries."""
    return hmac.new(KEY, name.encode(), hashlib.sha256).hexdigest()


def session() -> str:
    """The name of the session; on a POST only with its token."""
    name = request.cookies.get(COOKIE, "")
    if request.method == "POST":
        sent = request.headers.get("X-CSRFToken") or request.form.get("csrf_token", "")
        if not hmac.compare_digest(sent, token(name)):
            abort(400)
    return name


@lru_cache(maxsize=8)
def rendered(template: str) -> str:
    """A page once for all, with marks where it is somebody's own."""
    return render_template(template, token=lambda: "@token@", name="@name@", attempt=None, questions=None, left=None)


@lru_cache(maxsize=1024)
def question(place: int) -> str:
    """One question of the bank, for any place on a paper."""
    return render_template("question.html", number="@number@", question=flow.POOL[place], chosen="")


PLACES = {id(each): place for place, each in enumerate(flow.POOL)}


@app.route("/dang-nhap", methods=["GET", "POST"])
def sign_in() -> Response | str:
    """Form and answer."""
    if request.method == "GET":
        name = request.cookies.get(COOKIE) or secrets.token_urlsafe(20)
        answer = Response(rendered("sign_in.html").replace("@token@", token(name)))
        answer.set_cookie(COOKIE, name, httponly=True, samesite="Lax")
        return answer
    session()
    asked = "SELECT id, password_hash FROM reference_people WHERE staff_code = :code AND left_at IS NULL"
    row = store.one(asked, code=request.form["identifier"])
    if row is None or not flow.knows_password(row[1], request.form["password"]):
        abort(422)
    name = secrets.token_urlsafe(20)
    store.one("INSERT INTO reference_sessions (token, person_id) VALUES (:token, :id)", token=name, id=row[0])
    answer = Response("", 302, {"Location": "/thi"})
    answer.set_cookie(COOKIE, name, httponly=True, samesite="Lax")
    return answer


@app.get("/thi")
def home() -> str:
    """The button that starts."""
    name = session()
    asked = (
        "SELECT p.name FROM reference_sessions s JOIN reference_people p ON p.id = s.person_id WHERE s.token = :token"
    )
    row = store.one(asked, token=name) or abort(401)
    return rendered("home.html").replace("@token@", token(name)).replace("@name@", str(row[0]))


@app.post("/thi/tuan-1")
def start() -> Response:
    """Start, or go on."""
    row = store.one("SELECT person_id FROM reference_sessions WHERE token = :token", token=session()) or abort(401)
    return redirect(f"/thi/bai/{flow.start(row[0])}")  # type: ignore[return-value]


@app.get("/thi/bai/<code>")
def paper(code: str) -> str:
    """Twenty questions, spliced."""
    name = session()
    row = store.one(OWN, token=name, code=code) or abort(404)
    attempt = flow.Attempt(*row)
    drawn = (question(PLACES[id(each)]).replace("@number@", str(number)) for number, each in flow.paper(code))
    page = rendered("paper.html").replace("@questions@", "".join(drawn)).replace("@token@", token(name))
    return page.replace("@code@", code).replace("@left@", str(int(attempt.deadline_at - time.time())))


@app.post("/thi/bai/<code>/luu")
def save(code: str) -> Response:
    """Who asks is found out by the UPDATE itself."""
    name, sent, now = session(), json.loads(request.get_data()), time.time()
    row = store.one(
        f"UPDATE reference_attempts SET seq = :seq, answers = :answers WHERE {OPEN} RETURNING deadline_at",  # noqa: S608
        token=name,
        code=code,
        seq=sent["seq"],
        answers=json.dumps(sent["answers"]),
        now=now,
    )
    if row is None:
        abort(409)
    body = f'{{"seq":{sent["seq"]},"left":{int((row[0] - now) * 1000)}}}'
    return Response(body, mimetype="application/json")


@app.post("/thi/bai/<code>/nop")
def hand_in(code: str) -> Response:
    """The same, for good."""
    answers = [request.form.get(f"q{number}", "") for number in range(1, flow.QUESTIONS + 1)]
    row = store.one(
        "UPDATE reference_attempts SET seq = :seq, answers = :answers, handed_in_at = :now "  # noqa: S608
        f"WHERE {OPEN} RETURNING code",
        token=session(),
        code=code,
        seq=int(request.form["seq"]),
        answers=json.dumps(answers),
        now=time.time(),
    )
    if row is None:
        abort(409)
    return Response("", 302, {"Location": f"/thi/bai/{code}/bien-nhan"})


@app.get("/thi/bai/<code>/bien-nhan")
def receipt(code: str) -> str:
    """What was handed in, and when."""
    row = store.one(OWN, token=session(), code=code) or abort(404)
    page = rendered("receipt.html").replace("@code@", code)
    return page.replace("@times@", f"{row[1]:.0f} – {row[5] or 0:.0f}")
