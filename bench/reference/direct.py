"""The reference "direct": Flask, its signed session and psycopg 3; who asks is read on each request, and each save is
one conditional UPDATE. Jinja renders every page whole.
"""

from __future__ import annotations

import hmac
import json
import secrets
import time

from flask import Flask, abort, g, jsonify, redirect, render_template, request, session
from werkzeug.wrappers import Response

from bench.reference import flow, store

app = Flask(__name__)
app.secret_key = "a secret of the reference, as long as it has to be"  # noqa: S105 - it guards nothing


def token() -> str:
    """What every form of this session carries."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_hex(20)
    return str(session["csrf"])


app.jinja_env.globals["token"] = token


@app.before_request
def check() -> Response | None:
    """A form of this session, and somebody who has not signed out since."""
    if request.method == "POST":
        sent = request.headers.get("X-CSRFToken") or request.form.get("csrf_token", "")
        if not hmac.compare_digest(sent, session.get("csrf", "")):
            abort(400)
    if request.path != "/dang-nhap":
        asked = "SELECT id, name, epoch FROM reference_people WHERE id = :id AND left_at IS NULL"
        g.person = store.one(asked, id=session["person"]) if "person" in session else None
        if g.person is None or g.person[2] != session["epoch"]:
            return redirect("/dang-nhap")
    return None


@app.route("/dang-nhap", methods=["GET", "POST"])
def sign_in() -> Response | str:
    """Form and answer."""
    if request.method == "POST":
        row = store.one(
            "SELECT id, password_hash, epoch FROM reference_people WHERE staff_code = :code AND left_at IS NULL",
            code=request.form["identifier"],
        )
        if row and flow.knows_password(row[1], request.form["password"]):
            session.clear()
            session.update(person=row[0], epoch=row[2])
            return redirect("/thi")
    return render_template("sign_in.html")


@app.get("/thi")
def home() -> str:
    """The button that starts."""
    return render_template("home.html", name=g.person[1])


@app.post("/thi/tuan-1")
def start() -> Response:
    """Start, or go on."""
    return redirect(f"/thi/bai/{flow.start(g.person[0])}")


@app.get("/thi/bai/<code>")
def paper(code: str) -> str:
    """Twenty questions."""
    attempt = flow.attempt(code, g.person[0]) or abort(404)
    chosen = json.loads(attempt.answers or "[]") or [""] * flow.QUESTIONS
    left = int(attempt.deadline_at - time.time())
    return render_template("paper.html", attempt=attempt, questions=flow.paper(code), chosen=chosen, left=left)


@app.post("/thi/bai/<code>/luu")
def save(code: str) -> Response:
    """One conditional UPDATE."""
    sent = request.get_json()
    row = store.one(
        f"UPDATE reference_attempts SET seq = :seq, answers = :answers WHERE {flow.OPEN} RETURNING deadline_at",  # noqa: S608
        code=code,
        person=g.person[0],
        seq=sent["seq"],
        answers=json.dumps(sent["answers"]),
        now=time.time(),
    )
    if row is None:
        abort(409)
    return jsonify(seq=sent["seq"], left=int((row[0] - time.time()) * 1000))


@app.post("/thi/bai/<code>/nop")
def hand_in(code: str) -> Response:
    """The same, for good."""
    answers = [request.form.get(f"q{number}", "") for number in range(1, flow.QUESTIONS + 1)]
    row = store.one(
        "UPDATE reference_attempts SET seq = :seq, answers = :answers, handed_in_at = :now "  # noqa: S608
        f"WHERE {flow.OPEN} RETURNING code",
        code=code,
        person=g.person[0],
        seq=int(request.form["seq"]),
        answers=json.dumps(answers),
        now=time.time(),
    )
    if row is None:
        abort(409)
    return redirect(f"/thi/bai/{code}/bien-nhan")


@app.get("/thi/bai/<code>/bien-nhan")
def receipt(code: str) -> str:
    """What was handed in, and when."""
    return render_template("receipt.html", attempt=flow.attempt(code, g.person[0]) or abort(404), name=g.person[1])
