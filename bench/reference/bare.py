"""The floor: Flask with nothing behind it, and Flask with one UPDATE by primary key of the same answer sheet."""

from __future__ import annotations

import json
import time

from flask import Flask, jsonify, request
from werkzeug.wrappers import Response

from bench.reference import store

app = Flask(__name__)


@app.get("/hello")
def hello() -> str:
    """Flask alone."""
    return "hello"


@app.post("/json")
def echo() -> Response:
    """Flask that reads and answers JSON."""
    return jsonify(seq=request.get_json()["seq"], left=1_000_000)


@app.post("/thi/bai/<code>/luu")
def save(code: str) -> Response:
    """Nobody is asked who they are."""
    sent = request.get_json()
    row = store.one(
        "UPDATE reference_attempts SET seq = :seq, answers = :answers WHERE code = :code RETURNING deadline_at",
        code=code,
        seq=sent["seq"],
        answers=json.dumps(sent["answers"]),
    )
    assert row
    return jsonify(seq=sent["seq"], left=int((row[0] - time.time()) * 1000))
