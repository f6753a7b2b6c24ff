"""What is known about files before they are opened."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autoenroll_desktop.domain.memory import Memory
from autoenroll_desktop.intake.choices import NO_CHOICES, Choices

LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class HowToRead:
    """What is known about files before they are opened.

    Attributes:
        everywhere: choices for every file. for_file: choices for single files, instead.
        client: whose remembered maps to use (an ERN, or "" where it is not known); memory: where they are, or None.
        pasted: text pasted from the clipboard, in UTF-8, by the name it goes under.
        now: the clock (timezone-aware), which is when pasted text was fetched.
    """

    today: dt.date
    everywhere: Choices = NO_CHOICES
    for_file: Mapping[Path, Choices] = field(default_factory=dict)
    client: str = ""
    memory: Memory | None = None
    pasted: Mapping[Path, bytes] = field(default_factory=dict)
    now: dt.datetime = LONG_AGO
