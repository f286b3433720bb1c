"""`flask rehearse`: the storm of a week against one's own server, and the sheet that says whether to go."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import click
from flask import Flask, current_app
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from quiz import clock
from quiz.cli_parts import refusals_in_words
from quiz.config import Config
from quiz.errors import Refused
from quiz.models import db
from quiz.models.people import DbPerson
from quiz.services import contests, reading


@dataclass(frozen=True, slots=True)
class Known:
    """What the real database knows: how many people are on the roster, and what their papers look like."""

    roster: int = 0
    questions: int = 20
    minutes: int = 20


@click.command("rehearse")
@click.option(
    "--people",
    type=click.IntRange(1, 200_000),
    metavar="SỐ NGƯỜI",
    help="Danh sách dự thi có bao nhiêu người; không ghi thì lấy số người trong danh sách đã nạp.",
)
@click.option(
    "--minutes", type=click.FloatRange(0.02, 10), default=1.0, show_default=True, help="Diễn phút cao điểm bao lâu."
)
@click.option(
    "--url",
    default="",
    metavar="ĐỊA CHỈ",
    help="Diễn với máy chủ đang chạy trên một cơ sở dữ liệu trống; không ghi thì tự chạy máy chủ tạm.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="TỆP", help="Ghi phiếu vào tệp .html này."
)
def rehearse(people: int | None, minutes: float, url: str, out: Path | None) -> None:
    """Tổng diễn tập: diễn giờ cao điểm bằng người giả lập, in phiếu kết luận đạt hay chưa đạt.

    Không đụng tới dữ liệu thật: phần mềm tự tạo cơ sở dữ liệu và máy chủ tạm theo cấu hình của máy này, xong thì xóa.
    Kết thúc với mã 0 khi đạt, 1 khi chưa đạt.
    """
    from quiz.rehearsal import server, sheet
    from quiz.rehearsal.expected import lengths
    from quiz.rehearsal.run import Order, on_own_server, on_running_server
    from quiz.rehearsal.scratch import Paper
    from quiz.rehearsal.target import checked
    from quiz.rehearsal.verdict import Verdict, reasons, verdict

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    config: Config = app.config["QUIZ"]
    known, now = (Known() if url else _known()), clock.now()
    if not (asked := people or known.roster):
        raise click.UsageError("danh sách dự thi chưa có ai: hãy ghi --people SỐ NGƯỜI.")
    order = Order(asked, minutes, known.roster, Paper(known.questions, known.minutes), now)
    with refusals_in_words(), server.cleared_when_ended():
        if url:
            target = checked(url, config.mail.base_url if config.mail else os.environ.get("QUIZ_BASE_URL", ""))
            found, served = on_running_server(app, target, order, _tell), f"máy chủ web đang chạy ở {target.origin}"
        else:
            found, served = on_own_server(config, os.environ, order, _tell), server.words()
    about = sheet.Circumstances(
        at=now, hardware=server.hardware(), server=served, database=server.database(config), lasts=lengths(minutes)
    )
    path = out or Path(f"phieu-dien-tap-{now:%Y%m%d-%H%M}.html")
    path.write_text(sheet.page(found, about), encoding="utf-8")
    click.echo(sheet.text(found, about))
    click.echo(f"\nPhiếu để in: {path}")
    if verdict(reasons(found)) is Verdict.NO_GO:
        raise click.exceptions.Exit(1)


def _tell(what: str) -> None:
    """Progress, apart from what is printed."""
    click.echo(f"… {what}", err=True)


def _known() -> Known:
    """Nothing where there is no database yet, or no contest in it."""
    try:
        roster = reading().scalar(select(func.count()).select_from(DbPerson).where(DbPerson.left_at.is_(None))) or 0
        rules = contests.get_current(reading()).rules
    except SQLAlchemyError:
        return Known()
    except Refused:
        return Known(roster)
    finally:
        db.session.remove()
    papers = [rules.paper_of(week, division.code) for week in rules.weeks for division in rules.all_divisions]
    most = max(papers, key=lambda paper: paper.questions)
    return Known(roster, most.questions, max(5, int(most.time_allowed.total_seconds()) // 60))
