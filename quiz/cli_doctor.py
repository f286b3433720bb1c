"""`flask doctor`: whether this server is fit to hold a contest."""

from __future__ import annotations

import os

import click
from flask import current_app
from flask.cli import with_appcontext

from quiz import clock
from quiz.config import Config


@click.command("doctor")
@click.option(
    "--processes", type=click.IntRange(1), default=2, show_default=True, help="Số tiến trình web, cộng mọi máy."
)
@click.option("--threads", type=click.IntRange(1), default=8, show_default=True, help="Số luồng của mỗi tiến trình.")
@with_appcontext
def doctor(processes: int, threads: int) -> None:
    """Khám máy chủ trước khi mở thi, không thay đổi gì. Mã kết thúc: 0 sẵn sàng, 1 có chỗ phải sửa."""
    from quiz.doctor.examination import examine
    from quiz.doctor.findings import Verdict, is_go
    from quiz.key_file import key_path

    config: Config = current_app.config["QUIZ"]
    path = key_path(os.environ, config.database_url)
    findings = []
    for finding in examine(config, path, processes * threads, clock.now()):
        findings.append(finding)
        click.echo(f"{finding.verdict:<6} {finding.words}.")
        if finding.mend:
            click.echo(f"       → {finding.mend}.")
    counts = {verdict: sum(finding.verdict is verdict for finding in findings) for verdict in Verdict}
    if not is_go(findings):
        click.echo(f"\nCHƯA SẴN SÀNG: {counts[Verdict.STOP]} chỗ phải sửa, {counts[Verdict.NOTE]} điều lưu ý.")
        raise click.exceptions.Exit(1)
    click.echo(f"\nSẴN SÀNG: {counts[Verdict.GOOD]} mục đạt, {counts[Verdict.NOTE]} điều lưu ý.")
