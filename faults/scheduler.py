"""The product's scheduler, by the clock of the machine that the environment names, and at work every second:
`python -m faults.scheduler`.
"""

from __future__ import annotations

from faults import shifting
from quiz import jobs

SECONDS = 1

if __name__ == "__main__":
    shifting.go_by()
    jobs.TICK_SECONDS = SECONDS
    jobs.main()
