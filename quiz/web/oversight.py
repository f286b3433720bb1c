"""The inspector's page: the audit log."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from quiz.permissions import Permission
from quiz.services import audit_log, reading
from quiz.web.access import requires

bp = Blueprint("oversight", __name__, url_prefix="/giam-sat")
SIZE = 50
LAST = 1_000_000


@bp.get("/nhat-ky")
@requires(Permission.READ_AUDIT_LOG)
def log() -> str:
    number = min(max(1, request.args.get("trang", 1, type=int)), LAST)
    entries, total = audit_log.page(reading(), audit_log.Search(), number=number, size=SIZE)
    return render_template(
        "oversight/log.html", entries=entries, number=number, pages=max(1, -(-total // SIZE)), total=total
    )
