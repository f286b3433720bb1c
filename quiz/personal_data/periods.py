"""For how long personal data are kept: every period in one place."""

from __future__ import annotations

from datetime import datetime, timedelta

SIGN_IN_FAILURES = timedelta(hours=1)
"""After a wrong password, for throttling."""
DOCUMENT_FILES = timedelta(days=7)
"""After a document was made, its file and what it was made from."""
ROSTER_FILES = timedelta(days=30)
"""After an uploaded roster was applied or dropped, the report that names people of it."""
LETTERS = timedelta(days=180)
"""After a letter was written, to whom and about what; what it said is forgotten once it is sent."""
DOCUMENTS = timedelta(days=180)
"""After a document was asked for, who asked for what."""
DEVICES = timedelta(days=180)
"""After a week closed, the hashed names of devices."""
LEAVERS = timedelta(days=365)
"""After somebody left the roster, everything by which they can be recognised."""
REQUESTS = timedelta(days=730)
"""After a request about personal data was answered, the request."""
CONTEST_MONTHS = 24
"""After a contest's last week closed, what only its own course needed; a contest file may say otherwise."""


def months_after(moment: datetime, months: int) -> datetime:
    """The same day so many months later, the last of its month where there is none such."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    next_month = datetime(year + (month + 1) // 12, (month + 1) % 12 + 1, 1, tzinfo=moment.tzinfo)
    last = (next_month - timedelta(days=1)).day
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
