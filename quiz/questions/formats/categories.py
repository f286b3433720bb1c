"""Categories of Moodle: paths such as $course$/top/Một cửa, in which a slash within a name is written twice."""

from __future__ import annotations

import re

_TOP = "$course$/top/"


def topic_name(path: str) -> str:
    """The last name of a path."""
    return " ".join(re.split(r"(?<!/)/(?!/)", path.strip())[-1].replace("//", "/").split())


def path_of(name: str) -> str:
    """The path of a topic."""
    return _TOP + name.replace("/", "//")
