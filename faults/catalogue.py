"""Every fault run by its name, in the order of worth."""

from __future__ import annotations

from faults import answers, clocks, killings, power, scarcity, schedulers, unattended
from faults.running import Run

BOTH = ("sqlite", "postgresql")

RUNS = {
    "workers": Run(act=killings.workers, databases=BOTH, short=15, long=200),
    "power": Run(act=power.cut, databases=BOTH, short=2, long=50),
    "postmaster": Run(act=killings.postmaster, databases=("postgresql",), short=3, long=50),
    "lost-answers": Run(act=answers.lost, databases=BOTH, short=8, long=400),
    "bursts": Run(act=answers.bursts, databases=BOTH, short=5, long=500),
    "schedulers": Run(act=schedulers.killed, databases=BOTH, short=2, long=40),
    "clocks": Run(act=clocks.clocks, databases=("postgresql",), short=6, long=100),
    "disk-full": Run(act=scarcity.disk, databases=("sqlite",), short=1, long=10),
    "outage": Run(act=scarcity.outage, databases=("postgresql",), short=5, long=60),
    "unattended": Run(act=unattended.unattended, databases=BOTH, short=1, long=1),
}
