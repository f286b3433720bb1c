"""What processes count: where several share a port they add up, and the scheduler can be asked too."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from quiz import metrics
from quiz.config import ROOT, Config

TOKEN = "a token of monitoring"
COUNT = """
from quiz.metrics import Metrics
counted = Metrics()
for _ in range(3):
    counted.request("play.save", "POST", 200, 0.004)
print(counted.page({}).decode())
"""


def test_processes_that_share_a_folder_add_up(tmp_path: Path) -> None:
    environment = {**os.environ, metrics.SHARED_FOLDER: str(tmp_path)}
    done = [
        subprocess.run(
            [sys.executable, "-c", COUNT], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    line = 'quiz_request_seconds_count{endpoint="play.save",method="POST",status="200"}'
    assert f"{line} 3.0" in done[0]
    assert f"{line} 6.0" in done[1]


def test_the_scheduler_is_asked_on_its_own_machine_and_with_the_token() -> None:
    counted = metrics.Metrics()
    counted.job("mark_closed_weeks", 2.5, failed=True)
    server = metrics.serve(counted, TOKEN, 0)
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}/metrics"
        assert server.server_address[0] == "127.0.0.1"
        for headers in ({}, {"Authorization": "Bearer wrong"}):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=5)
            refused.value.close()
            assert refused.value.code == 404
        request = urllib.request.Request(address, headers={"Authorization": f"Bearer {TOKEN}"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            text = answer.read().decode()
    finally:
        server.shutdown()
        server.server_close()
    assert 'quiz_job_failures_total{job="mark_closed_weeks"} 1.0' in text
    assert 'quiz_job_seconds_sum{job="mark_closed_weeks"} 2.5' in text


def test_a_token_that_can_be_guessed_is_no_setting() -> None:
    with pytest.raises(ValueError, match="QUIZ_METRICS_TOKEN must have at least 16 characters"):
        Config(database_url="sqlite://", secret_key="s" * 32, metrics_token="short")
