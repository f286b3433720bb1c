"""Every fault run by its name, in the order of worth."""

from __future__ import annotations

from faults import answers, clocks, killings, power, scarcity, schedulers, unattended
from faults.running import Run

BOTH, SQLITE, POSTGRESQL = ("sqlite", "postgresql"), ("sqlite",), ("postgresql",)

RUNS = {
    "workers": Run(act=killings.workers, databases=BOTH, briefly=POSTGRESQL, short=15, long=200),
    "postmaster": Run(act=killings.postmaster, databases=POSTGRESQL, briefly=POSTGRESQL, short=3, long=50),
    "power": Run(act=power.cut, databases=BOTH, briefly=BOTH, short=2, long=50),
    "schedulers": Run(act=schedulers.killed, databases=BOTH, briefly=POSTGRESQL, short=2, long=40),
    "unattended": Run(act=unattended.unattended, databases=BOTH, briefly=SQLITE, short=1, long=1),
    "lost-answers": Run(act=answers.lost, databases=BOTH, briefly=SQLITE, short=8, long=400),
    "bursts": Run(act=answers.bursts, databases=BOTH, briefly=POSTGRESQL, short=5, long=500),
    "disk-full": Run(act=scarcity.disk, databases=SQLITE, briefly=SQLITE, short=1, long=10),
    "clocks": Run(act=clocks.clocks, databases=POSTGRESQL, briefly=POSTGRESQL, short=4, long=100),
    "outage": Run(act=scarcity.outage, databases=POSTGRESQL, briefly=POSTGRESQL, short=4, long=60),
}
