"""The product's scheduler, by the clock of the machine that the environment names: `python -m faults.scheduler`."""

from __future__ import annotations

from faults import shifting
from quiz import jobs

if __name__ == "__main__":
    shifting.go_by()
    jobs.main()
