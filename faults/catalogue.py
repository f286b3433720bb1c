"""Every fault run by its name, in the order of worth."""

from __future__ import annotations

from faults import answers, clocks, killings, mail, power, scarcity, schedulers, unattended
from faults.running import Run, served, together

BOTH, SQLITE, POSTGRESQL = ("sqlite", "postgresql"), ("sqlite",), ("postgresql",)
PEOPLE = 3000

RUNS = {
    "workers": Run(act=served(killings.workers, people=PEOPLE, killable=True), databases=BOTH, short=15, long=200),
    "postmaster": Run(act=served(killings.postmaster, people=PEOPLE), databases=POSTGRESQL, short=3, long=50),
    "power": Run(act=power.cut, databases=BOTH, short=1, long=50),
    "schedulers": Run(act=schedulers.killed, databases=BOTH, short=1, long=40),
    "unattended": Run(act=unattended.unattended, databases=BOTH, short=1, long=1),
    "lost-answers": Run(act=served(answers.lost, people=PEOPLE), databases=BOTH, short=8, long=400),
    "bursts": Run(act=served(answers.bursts, people=PEOPLE), databases=BOTH, short=5, long=500),
    "disk-full": Run(act=scarcity.disk, databases=BOTH, short=1, long=10),
    "clocks": Run(act=clocks.clocks, databases=POSTGRESQL, short=4, long=100),
    "mail-silent": Run(act=served(mail.silence, people=PEOPLE), databases=BOTH, short=3, long=30),
    "outage": Run(act=served(scarcity.outage, people=PEOPLE), databases=POSTGRESQL, short=2, long=60),
}
BRIEFLY = {
    "together": Run(
        act=together(
            (killings.postmaster, 3), (scarcity.outage, 2), (answers.bursts, 5), (answers.lost, 8), people=300
        ),
        databases=POSTGRESQL,
        short=1,
        long=0,
    ),
}
"""What saves CI the starting of servers; nowhere else is it of use."""
